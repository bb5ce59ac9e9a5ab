"""Keeping freed memory in the process: large tensors are not fetched from the system anew at every step."""

import ctypes
import os
import platform

__all__ = ["keep_freed_memory"]

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names of glibc's malloc.h for mallopt
KEPT = {TRIM_THRESHOLD: 2**31 - 1, MMAP_THRESHOLD: 2**30}  # bytes
RETURNED = {TRIM_THRESHOLD: 64 * 2**20, MMAP_THRESHOLD: 32 * 2**20}  # the largest that glibc reaches by itself
OWN_SETTINGS = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES", "LD_PRELOAD")


def keep_freed_memory(keep: bool = True) -> bool:
    """Let the C library keep what tensors free, up to 1 GiB a tensor, instead of handing it back to the system.

    Otherwise every large tensor of a step is fresh memory, which the system clears and maps page by page. No number
    changes. The process stays as large as it ever was; it ends with the run.

    Args:
        keep: False brings back glibc's own limits, and returns what is free.

    Returns:
        Whether it was done: not outside glibc, and not where the environment sets an allocator or its limits.
    """
    if platform.libc_ver()[0] != "glibc" or any(name in os.environ for name in OWN_SETTINGS):
        return False
    library = ctypes.CDLL(None)
    taken = [library.mallopt(name, value) for name, value in (KEPT if keep else RETURNED).items()]
    if not keep:
        library.malloc_trim(0)
    return all(taken)

import platform
import subprocess
import sys

import pytest

from multigan.engine.allocator import OWN_SETTINGS, keep_freed_memory


@pytest.fixture
def glibc(monkeypatch):
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc has mallopt")
    for name in OWN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    yield
    keep_freed_memory(False)


PROGRAM = """
import resource, torch
from multigan.engine.allocator import keep_freed_memory

def faults_of(bytes_each, times):
    for _ in range(10):  # the heap takes some rounds to find a place that stays
        torch.ones(bytes_each // 4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        torch.ones(bytes_each // 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep_freed_memory(False)
fetched = faults_of(100 * 2**20, 5)
assert keep_freed_memory()
print(fetched, faults_of(100 * 2**20, 5))
"""


def test_memory_is_not_fetched_again(glibc):
    """Pages that the system had to hand out, in a process of its own: the heap of this one is full of holes by now."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    fetched, kept = map(int, done.stdout.split())
    assert kept * 10 < fetched


@pytest.mark.parametrize("name", OWN_SETTINGS)
def test_settings_of_the_environment_win(glibc, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert not keep_freed_memory()


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_freed_memory()

"""Number formats: which device, and whether bf16 really helps on it."""

from contextlib import AbstractContextManager, nullcontext

import torch

from multigan.core.errors import RecipeError

__all__ = ["autocast", "choose_device", "choose_precision", "has_bf16", "precision_lines"]


def choose_device(name: str, local_rank: int = 0) -> torch.device:
    """The device called `name`; `"auto"` takes a GPU where there is one.

    Raises:
        RecipeError: the device does not exist on this machine.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and torch.cuda.is_available():
        return torch.device("cuda", local_rank)
    available = name == "cpu" or (name == "mps" and torch.backends.mps.is_available())
    if not available:
        raise RecipeError(
            f"train.device = '{name}' is not on this machine", "auto or cpu", "type --set train.device=cpu"
        )
    return torch.device(name)


def choose_precision(name: str, device: torch.device) -> torch.dtype:
    """The compute type: bf16 or float32.

    CPUs with instructions for bf16 (AVX-512 BF16, AMX) are up to twice as fast with it on convolutions, and slower on
    small nets; all others are many times slower. So `"auto"`, which any net may have, keeps CPUs in float32, and
    `"fast"` is for recipes that were shown to end as well and sooner in it.

    Args:
        name: `"auto"` is bf16 on GPUs that have it and else float32, `"fast"` is bf16 on CPUs that have it as well;
            `"fp32"`, `"bf16"`.
        device: where nets compute.

    Raises:
        RecipeError: bf16 is asked for where it would be emulated.
    """
    if name == "fp32" or (name == "auto" and device.type != "cuda"):
        return torch.float32
    if not has_bf16(device):
        if name in ("auto", "fast"):
            return torch.float32
        raise RecipeError(
            "train.precision = 'bf16' has no fast hardware here",
            "a GPU with bf16, or a CPU with AVX-512 BF16 or AMX",
            "type --set train.precision=fp32",
        )
    return torch.bfloat16


def precision_lines(device: torch.device, dtype: torch.dtype) -> list[str]:
    """What to say of nets that compute in bf16 on a CPU: others would not, and their runs differ in the last digits."""
    if device.type != "cpu" or dtype == torch.float32:
        return []
    return ["nets compute in bf16, for which this processor has instructions (train.precision=fp32: as others do)"]


def has_bf16(device: torch.device) -> bool:
    """Whether the device has instructions for bf16, so that it is faster than float32."""
    if device.type == "cpu":
        known: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(known.get("avx512_bf16") or known.get("amx_bf16"))
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[object]:
    """A context in which nets compute in `dtype`; nothing at all for float32."""
    return nullcontext() if dtype == torch.float32 else torch.autocast(device.type, dtype)

"""Optimizers by name, and their state as tensors plus JSON (never a pickle)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

__all__ = ["OPTIMIZERS", "OptimSettings", "load_optimizer", "make_optimizer", "pack_optimizer"]


@dataclass(frozen=True)
class OptimSettings:
    """How one player learns.

    Args:
        name: `"adam"`, `"adamw"`, `"sgd"` or `"rmsprop"`.
        lr: learning rate at progress 0.
        betas: Adam's decay rates of the first and second moment.
        eps: Adam's and RMSprop's denominator offset.
        weight_decay: L2 for adam/sgd/rmsprop, decoupled for adamw.
        momentum: of sgd and rmsprop.
        schedule: `"constant"`, `"linear"` or `"cosine"`.
        final_lr_fraction: factor on `lr` at the phase's last step.
        clip_norm: upper bound of the gradient's global norm; None = no clipping.
    """

    name: str = "adam"
    lr: float = 2e-4
    betas: tuple[float, float] = (0.0, 0.99)
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    schedule: str = "cosine"
    final_lr_fraction: float = 0.25
    clip_norm: float | None = None


Parameters = Iterable[nn.Parameter]


def _adam(params: Parameters, s: OptimSettings) -> Optimizer:
    return Adam(params, lr=s.lr, betas=s.betas, eps=s.eps, weight_decay=s.weight_decay, fused=True)


def _adamw(params: Parameters, s: OptimSettings) -> Optimizer:
    return AdamW(params, lr=s.lr, betas=s.betas, eps=s.eps, weight_decay=s.weight_decay, fused=True)


def _sgd(params: Parameters, s: OptimSettings) -> Optimizer:
    return SGD(params, lr=s.lr, momentum=s.momentum, weight_decay=s.weight_decay)


def _rmsprop(params: Parameters, s: OptimSettings) -> Optimizer:
    return RMSprop(params, lr=s.lr, eps=s.eps, momentum=s.momentum, weight_decay=s.weight_decay)


OPTIMIZERS: Mapping[str, Callable[[Parameters, OptimSettings], Optimizer]] = {
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "sgd": _sgd,
}


def make_optimizer(net: nn.Module, settings: OptimSettings) -> Optimizer:
    """An optimizer over all parameters of one player."""
    return OPTIMIZERS[settings.name](list(net.parameters()), settings)


def pack_optimizer(optimizer: Optimizer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Split an optimizer's state into tensors (`"3.exp_avg"`: parameter 3) and JSON values (its groups)."""
    packed = optimizer.state_dict()
    tensors = {
        f"{index}.{key}": value.detach().contiguous()
        for index, slots in packed["state"].items()
        for key, value in slots.items()
        if isinstance(value, Tensor)
    }
    plain = {
        f"{index}.{key}": value
        for index, slots in packed["state"].items()
        for key, value in slots.items()
        if not isinstance(value, Tensor)
    }
    return tensors, {"groups": packed["param_groups"], "plain": plain}


def load_optimizer(optimizer: Optimizer, tensors: Mapping[str, Tensor], rest: Mapping[str, Any]) -> None:
    """Put back what `pack_optimizer` took out.

    Moments get the memory layout of their parameters: fused kernels walk through memory, and moments in another order
    would silently be applied to other elements.
    """
    params = [param for group in optimizer.param_groups for param in group["params"]]
    state: dict[int, dict[str, Any]] = {}
    for name, value in tensors.items():
        index, _, key = name.partition(".")
        like = params[int(index)]
        alike = value.shape == like.shape
        state.setdefault(int(index), {})[key] = torch.empty_like(like).copy_(value) if alike else value.clone()
    for name, value in rest["plain"].items():
        index, _, key = name.partition(".")
        state.setdefault(int(index), {})[key] = value
    # Settings are the recipe's: learning rates are set before every step, and a file may not choose kernels.
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})

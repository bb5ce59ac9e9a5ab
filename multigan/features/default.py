"""The modality's own features as an extractor: nothing to download, nothing to train."""

import hashlib

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import UnknownNameError
from multigan.features import Setting

__all__ = ["Default", "build", "fingerprint"]

CODE_VERSION = 2
"""Raised whenever a built-in modality's features change."""
PROBES, GROUPS = 8, 16


def build(argument: str, setting: Setting) -> "Default":
    """`default`; it takes no argument.

    Raises:
        UnknownNameError: something follows a colon.
    """
    if argument:
        raise UnknownNameError(f"'default:{argument}' is no feature extractor", "default", "leave out what follows ':'")
    return Default(setting)


class Default:
    """`modality.features`.

    Args:
        setting: spec and modality.
    """

    name = "default"

    def __init__(self, setting: Setting) -> None:
        self.spec, self.modality = setting.spec, setting.modality
        noise = Draw(0).uniform("features/probe", (PROBES, *self.spec.shape)) * 2 - 1
        out = self(noise)
        self.dim: int | None = out.shape[1]
        self.sha256 = fingerprint(f"default/{CODE_VERSION}/{self.modality.name}/{self.spec.shape}/{self.dim}", out)

    @torch.no_grad()
    def __call__(self, real: Tensor) -> Tensor:
        """`(batch, *spec.shape)` -> `(batch, dim)`."""
        return self.modality.features(real, self.spec).float().flatten(1)


def fingerprint(what: str, out: Tensor) -> str:
    """SHA-256 of a name and of features `(n, dim)` of fixed samples.

    Sixteen sums, rounded to three places, stand for the features: rounding errors of another processor almost never
    change them, another function always does.
    """
    sums = torch.stack([part.double().mean() for part in out.cpu().flatten().tensor_split(GROUPS)])
    return hashlib.sha256(f"{what}/{[f'{value:.3f}' for value in sums.tolist()]}".encode()).hexdigest()

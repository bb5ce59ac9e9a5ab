"""Inception v3 from a local safetensors file: `inception:PATH`. Only with the weights of the FID is a score an FID."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.errors import DataError, PluginError
from multigan.core.tensor_file import load_tensors
from multigan.features import Setting

__all__ = ["Inception", "build", "pool_like_the_fid"]

SIDE = 299
FID_CLASSES = 1008
"""The net of the FID has 1008 outputs; torchvision's has 1000 and other weights."""
HOW = "convert the weights once: docs/features.md says how"


def build(argument: str, setting: Setting) -> "Inception":
    """`inception:PATH`.

    Raises:
        DataError: no such file, no safetensors, other weights than Inception's, or samples that are no pictures.
        PluginError: the package torchvision is not installed.
    """
    if setting.modality.name != "image":
        raise DataError(f"inception: on {setting.modality.name}", "pictures", "use 'default', 'classifier' or 'hf:'")
    path = Path(argument).expanduser()
    if path.suffix != ".safetensors" or not path.is_file():
        raise DataError(f"'inception:{argument}'", "inception:FILE.safetensors, a file on this machine", HOW)
    try:
        weights = load_tensors(path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} is no whole safetensors file ({error})", "one", HOW) from error
    return Inception(argument, path, weights, setting)


class Inception:
    """Inception v3 up to its last pooling.

    Attributes:
        is_inception: these are the weights of the FID (1008 outputs), so that the Fréchet distance may be called FID.

    Source: Heusel et al. 2017; the net's other pooling and the bilinear resizing to 299 × 299 as in pytorch-fid.
    Departures: with torchvision's weights (1000 outputs) it is torchvision's net, and its distances are no FID.
    """

    dim: int | None = 2048

    def __init__(self, argument: str, path: Path, weights: dict[str, Tensor], setting: Setting) -> None:
        self.name, self.device = f"inception:{argument}", setting.device
        outputs = len(weights.get("fc.weight", ()))
        self.is_inception = outputs == FID_CLASSES
        self.net = _net(outputs or 1000)
        known = {name: value for name, value in weights.items() if not name.startswith("AuxLogits.")}
        lacking = set(self.net.state_dict()) - set(known)
        # Files converted from TensorFlow have no counters of batches, which do nothing here.
        lacking = {name for name in lacking if not name.endswith("num_batches_tracked")}
        try:
            if lacking:
                raise RuntimeError(
                    f"{counted(len(lacking), 'weight is', 'weights are')} not there, such as {min(lacking)}"
                )
            self.net.load_state_dict(known, strict=False)
        except RuntimeError as error:
            reason = str(error).partition("\n")[0]
            raise DataError(f"{path} does not fit Inception v3: {reason}", "its state dict", HOW) from error
        if self.is_inception:
            pool_like_the_fid(self.net)
        self.net.fc = nn.Identity()
        self.net.eval().requires_grad_(False).to(self.device)
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

    @torch.no_grad()
    def __call__(self, real: Tensor) -> Tensor:
        """Pictures `(batch, channels, height, width)` in [-1, 1] -> `(batch, 2048)`; grey becomes RGB, alpha is cut."""
        x = real.float().to(self.device)
        x = x.repeat(1, 3, 1, 1)[:, :3] if x.shape[1] < 3 else x[:, :3]
        x = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        if not self.is_inception:
            mean, deviation = ([[[c]] for c in row] for row in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
            x = ((x + 1) / 2 - torch.tensor(mean).to(x)) / torch.tensor(deviation).to(x)
        found: Tensor = self.net(x)
        return found.float()


def pool_like_the_fid(net: Any) -> None:
    """Change the pooling branches in place: averages leave the padding out, and the last block takes maxima."""
    average = partial(F.avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)
    names = ("5b", "5c", "5d", "6b", "6c", "6d", "6e", "7b")
    for name in names:
        _repool(getattr(net, f"Mixed_{name}"), average)
    _repool(net.Mixed_7c, partial(F.max_pool2d, kernel_size=3, stride=1, padding=1))


def _repool(block: Any, pool: Callable[[Tensor], Tensor]) -> None:
    branches = block._forward

    def forward(x: Tensor) -> Tensor:
        # Every block's list ends with the pooling branch.
        return torch.cat([*branches(x)[:-1], block.branch_pool(pool(x))], 1)

    block.forward = forward


def _net(outputs: int) -> Any:
    try:
        from torchvision.models import inception_v3
    except ImportError as error:
        raise PluginError("inception: needs torchvision", "it installed", "type: pip install torchvision") from error
    return inception_v3(weights=None, init_weights=False, aux_logits=False, num_classes=outputs)

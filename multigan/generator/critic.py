"""A critic that knows one generator: log density ratios of its samples, and the two files in which it is kept."""

import hashlib
import json
import re
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import torch
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError
from safetensors import SafetensorError
from torch import Tensor, nn

from multigan.core import strict_json
from multigan.core.atomic import OLD
from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, MultiGANError, UnsupportedError
from multigan.core.plain import words_of
from multigan.core.shell import typed
from multigan.core.tensor_file import load_tensors, open_tensors, write_tensors
from multigan.core.types import Spec, as_critique
from multigan.judge.nets import judge_net
from multigan.metrics.calibration import Calibration
from multigan.metrics.kmeans import assign
from multigan.nets.capacity import built
from multigan.nets.fourier import FourierD
from multigan.nets.lookup import net_builder
from multigan.nets.spectral import normalise_spectrum
from multigan.plugins import modalities
from multigan.plugins.abilities import Insights, able
from multigan.recipe.options import bind

__all__ = [
    "CRITIC",
    "FACTS",
    "REFINED",
    "Critic",
    "Known",
    "Made",
    "NetOf",
    "command_of",
    "critic_net",
    "logits_of",
    "noisy",
    "read_critic",
    "read_made",
    "write_critic",
]

REFINED = "refined"
"""The folder of a run, beside its generators."""
CRITIC, FACTS = "critic.safetensors", "refined.json"
RECIPE = "recipe.toml"
"""What makes a folder a run."""
NET, KNOWN = "net.", "known."
MOST_BYTES = 2**24
NOISE = 0.04
"""Of pictures, of a range of 2: five of the 256 steps of a file. Rounding does not decide."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class NetOf(_Strict):
    """How a critic's net is built.

    Attributes:
        kind: `"D"` is the recipe's, `"judge"` a small one for its shape, `"insight"` one around a generator's net.
        name, options: of the recipe's D, or of that generator's net.
    """

    kind: Annotated[str, Field(pattern="^(D|judge|insight)$")]
    name: Annotated[str, Field(min_length=1, max_length=200)] = "judge"
    options: dict[str, Any] = {}
    spectral_norm: bool = False


class Made(_Strict):
    """All of `refined.json`: the frame of a refinement, and what sampling needs of it."""

    multigan_version: str
    created: str
    which: Annotated[str, Field(pattern="^(|last|best|mle|fit)$")]
    weights_sha256: Annotated[str, Field(pattern=re.compile(r"^[0-9a-f]{64}$"))]
    net: NetOf
    start: str
    seed: int
    steps: Annotated[int, Field(ge=0)]
    samples: Annotated[int, Field(ge=0)]
    batch: Annotated[int, Field(ge=1)]
    ended: str
    seconds: FiniteFloat
    scale: Annotated[FiniteFloat, Field(gt=0)]
    bias: FiniteFloat
    split: dict[str, int]
    fakes: dict[str, int]
    cells: Annotated[int, Field(ge=1)]
    log_loss: dict[str, FiniteFloat]
    curve: list[dict[str, FiniteFloat]]
    calibration_error: dict[str, FiniteFloat]
    history: list[dict[str, FiniteFloat]]
    critic_sha256: Annotated[str, Field(pattern=re.compile(r"^[0-9a-f]{64}$"))]


class Known(NamedTuple):
    """What is known of the generator's samples, for the ceiling.

    Attributes:
        logits: raw, of some of them, `(n,)`.
        cells: the coarse cell of each, int64 `(n,)`.
        centres: in D's space, `(k, numbers in a sample)`.
        groups: the cell of each centre, int64 `(k,)`.
        shares: of reals in the cells.
    """

    logits: Tensor
    cells: Tensor
    centres: Tensor
    groups: Tensor
    shares: Tensor

    def cells_of(self, x: Tensor) -> Tensor:
        """The cell of samples `(batch, *shape)`: `(batch,)`."""
        if len(self.centres) == 1:
            return torch.zeros(len(x), dtype=torch.long)
        return self.groups[assign(x.detach().flatten(1).cpu(), self.centres)]

    def fits(self, spec: Spec) -> bool:
        """Whether shapes and numbers go together."""
        if self.logits.ndim != 1 or self.centres.ndim != 2 or self.shares.ndim != 1:
            return False
        n, k = len(self.logits), len(self.centres)
        if (
            n < 2
            or k < 1
            or (self.cells.shape, self.groups.shape, self.centres.shape[1]) != ((n,), (k,), prod(spec.shape))
        ):
            return False
        numbers = torch.cat([self.cells, self.groups])
        whole = numbers.dtype == torch.int64 and 0 <= int(numbers.min()) <= int(numbers.max()) < len(self.shares)
        return whole and bool((self.shares >= 0).all())


class Critic:
    """A net, and the line that makes log density ratios of its logits.

    Args:
        net: D's space to logits; in evaluation mode from here on.
        shape: of one sample.
        calibration: the line.
    """

    def __init__(self, net: nn.Module, shape: tuple[int, ...], calibration: Calibration) -> None:
        self.net, self.shape, self.calibration = net.eval().requires_grad_(False), shape, calibration

    @torch.no_grad()
    def log_ratio(self, x: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """log of how much denser reals are than the generator's samples at x `(batch, *shape)`: `(batch,)`."""
        return self.calibration(logits_of(self.net, noisy(x, draw.child("noise")), cond, None).double()).cpu()


def noisy(x: Tensor, draw: Draw) -> Tensor:
    """What a critic sees of x: pictures `(batch, channels, height, width)` with faint noise, all else as it is."""
    return x + NOISE * draw.normal("critic", tuple(x.shape)) if x.ndim == 4 else x


def logits_of(net: nn.Module, x: Tensor, cond: Tensor | None, draw: Draw | None) -> Tensor:
    """One logit a sample `(batch,)`: the mean over all heads and places of a D, or what a judge says."""
    said = as_critique(net(x) if getattr(net, "judges_alone", False) else net(x, cond, draw))
    return torch.stack([one.float().flatten(1).mean(1) if one.ndim > 1 else one.float() for one in said.logits]).mean(0)


def critic_net(of: NetOf, spec: Spec) -> nn.Module:
    """A critic's net with new weights."""
    if of.kind == "judge":
        net = FourierD(*spec.shape) if len(spec.shape) == 1 else judge_net(spec.shape)
        net.judges_alone = True  # type: ignore[assignment]
        return net
    modality, player = modalities.get(spec.modality), "G" if of.kind == "insight" else "D"
    builder = net_builder(modality, player, of.name)
    bound = bind(builder, of.options, "net.options")
    net = built(player, of.name, bound, lambda: builder(spec, **bound))
    if of.kind == "insight":
        found = modality.insight(net) if able(modality, Insights) else None
        if found is None:
            given = f"a critic with the insight of the net '{of.name}'"
            raise UnsupportedError(given, "an LSTM or a Transformer that writes texts", "type --start fresh")
        return found
    return normalise_spectrum(net) if of.spectral_norm else net


def write_critic(folder: Path, net: nn.Module, known: Known, facts: Mapping[str, Any]) -> Made:
    """Fill an empty folder with the two files; returns what the second says."""
    tensors = {f"{NET}{key}": value.detach().cpu().clone().contiguous() for key, value in net.state_dict().items()}
    tensors |= {f"{KNOWN}{key}": value.cpu().contiguous() for key, value in known._asdict().items()}
    made = Made.model_validate({**facts, "critic_sha256": _sha256(tensors)})
    write_tensors(tensors, folder / CRITIC, metadata={"format": "pt"})
    text = strict_json.dumps(made.model_dump(), indent=1, ensure_ascii=False)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")
    return made


def command_of(place: Path) -> str:
    """What makes a critic of a run; of the folder of a generator, which is no run, `multigan refine RUN`."""
    return f"multigan refine {typed(place) if (place / RECIPE).is_file() else 'RUN'}"


def read_made(place: Path) -> Made:
    """The frame of a run's, or generator folder's, refinement.

    Raises:
        CheckpointError: it has not been refined, or the file is damaged.
    """
    return _read_facts(_folder_of(place) / FACTS)


def read_critic(place: Path, spec: Spec, made: Made) -> tuple[Critic, Known]:
    """The critic of a run or generator folder, and what is known of the generator's samples.

    Args:
        place: the folder.
        spec: of the generator's samples.
        made: what `read_made` says of it.

    Raises:
        CheckpointError: it is damaged; the file is named.
    """
    here, fix = _folder_of(place), f"type {command_of(place)}"
    try:
        net = critic_net(made.net, spec)
    except MultiGANError as error:
        raise CheckpointError(f"{here / FACTS} describes no net: {error.given}", "the file as written", fix) from error
    tensors = _read_tensors(here / CRITIC, made, net)
    known = Known(*(tensors.pop(f"{KNOWN}{key}") for key in Known._fields))
    if not known.fits(spec):
        raise CheckpointError(f"{here / CRITIC} is damaged: what it knows of samples", "the file as written", fix)
    net.load_state_dict({name.removeprefix(NET): value for name, value in tensors.items()})
    return Critic(net, spec.shape, Calibration(made.scale, made.bias)), known


def _folder_of(place: Path) -> Path:
    """The folder with both files; the second is what a kill between two renames leaves."""
    for folder in (place / REFINED, place / f"{OLD}{REFINED}"):
        if (folder / FACTS).is_file():
            return folder
    raise CheckpointError(f"{place} has not been refined", f"a folder {place / REFINED}", f"type {command_of(place)}")


def _read_facts(path: Path) -> Made:
    fix = f"type {command_of(path.parent.parent)}"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES:,} bytes")
        return Made.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"]) or "the whole"
        raise CheckpointError(f"{path} is damaged: {key[:80]}: {fault['msg']}", "the file as written", fix) from error
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged: {words_of(error)}", "the file as it was written", fix) from error


def _read_tensors(path: Path, made: Made, net: nn.Module) -> dict[str, Tensor]:
    """Names and shapes are compared with the net that is described before memory is given for any tensor."""
    fix = f"type {command_of(path.parent.parent)}"
    wanted = {f"{NET}{key}": tuple(value.shape) for key, value in net.state_dict().items()}
    try:
        with open_tensors(path) as opened:
            kept = {key: tuple(opened.get_slice(key).get_shape()) for key in opened.keys()}  # noqa: SIM118
        known = {f"{KNOWN}{key}" for key in Known._fields}
        if {key: kept[key] for key in kept if key not in known} != wanted or not known <= set(kept):
            raise ValueError("it is of another net than is described")
        tensors = load_tensors(path)
        if _sha256(tensors) != made.critic_sha256:
            raise ValueError("checksum")
        if not all(bool(value.isfinite().all()) for value in tensors.values() if value.is_floating_point()):
            raise ValueError("it holds NaN or infinity")
    except (OSError, ValueError, RuntimeError, TypeError, SafetensorError) as error:
        raise CheckpointError(f"{path} is damaged: {words_of(error)}", "the file as it was written", fix) from error
    return tensors


def _sha256(tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name, value in sorted(tensors.items()):
        digest.update(f"{name} {tuple(value.shape)} {value.dtype}".encode())
        digest.update(value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()

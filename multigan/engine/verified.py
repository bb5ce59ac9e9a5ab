"""A checkpoint from anywhere, checked by a strict layout and against the nets before anything of it is used."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import torch
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError
from safetensors import SafetensorError
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.errors import CheckpointError
from multigan.core.tensor_file import load_tensors, open_tensors
from multigan.engine.memory import memory_of
from multigan.engine.optimizers import make_optimizer
from multigan.engine.phases import Phase, State, Stretch
from multigan.engine.stretching import stretched
from multigan.engine.trainer import Trainer

__all__ = ["FORMAT", "STATE", "TENSORS", "Saved", "nets_of", "read_verified", "seal_of", "sha256_of"]

FORMAT = 1
TENSORS, STATE = "tensors.safetensors", "state.json"
MOST_BYTES = 64 * 2**20
"""Of `state.json`; it holds a number a parameter tensor, not a number a weight."""
DECIDING = {
    "betas",
    "eps",
    "weight_decay",
    "momentum",
    "alpha",
    "dampening",
    "nesterov",
    "amsgrad",
    "maximize",
    "centered",
}
"""What a recipe says of an optimizer; the learning rate is set anew at every step."""
FIX = "delete it; the one before it will be used"

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]
Count = Annotated[int, Field(ge=0, le=2**53)]
Scalar: TypeAlias = bool | int | FiniteFloat | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Stretched(_Strict):
    """`state.stretch`: lengths of phases that are not the recipe's."""

    # Strict JSON has lists alone.
    lengths: list[Annotated[int, Field(ge=1, le=2**53)]]
    step: Count
    progress: Annotated[FiniteFloat, Field(ge=0, le=1)]
    samples: Count
    share: Annotated[FiniteFloat, Field(ge=0, le=1)]
    given: list[Annotated[int, Field(ge=1, le=2**53)]] = []


class Counters(_Strict):
    """`state`: where the run stands; the last three are younger than the first checkpoints."""

    phase: Count
    phase_step: Count
    step: Count
    samples: Count
    phase_samples: Count
    rollbacks: Count = 0
    lr_factor: Annotated[FiniteFloat, Field(gt=0, le=1)] = 1.0
    stretch: Stretched | None = None

    def change(self) -> Stretch | None:
        """How lengths of phases were changed, if they were."""
        if self.stretch is None:
            return None
        plain = self.stretch.model_dump()
        return Stretch(**{**plain, "lengths": tuple(plain["lengths"]), "given": tuple(plain["given"])})


class Packed(_Strict):
    """One optimizer's settings and what of its state is no tensor."""

    groups: list[dict[str, Scalar | list[int | FiniteFloat]]]
    plain: dict[str, Scalar]


class Saved(_Strict):
    """All of `state.json`; its seal, the checksum of all else in it, is younger than the first checkpoints."""

    format: int
    fingerprint: Annotated[str, Field(min_length=1, max_length=200)]
    state: Counters
    optimizers: dict[str, Packed]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seal: str | None = None

    def counters(self) -> State:
        """Where the run stands."""
        return State(**{**self.state.model_dump(), "stretch": self.state.change()})


def nets_of(trainer: Trainer) -> dict[str, nn.Module]:
    """Everything of a trainer whose tensors are saved, by name."""
    averages = {f"{name}_ema": average.net for name, average in trainer.averages.items()}
    return {**trainer.game.players, **averages, "memory": memory_of(trainer.game)}


def read_verified(
    trainer: Trainer, checkpoint: Path, fingerprint: str | None = None
) -> tuple[Saved, dict[str, Tensor]]:
    """A checkpoint's counters and tensors, once all of it is known to fit.

    The names and shapes in the header of the tensors are compared with the nets before any tensor is allocated.

    Args:
        trainer: whose nets, phases and optimizers it must fit.
        checkpoint: its folder.
        fingerprint: of the recipe; counters of another recipe may be other sums. None = the one that wrote it.

    Raises:
        CheckpointError: it is damaged, of another format, or of other nets.
    """
    try:
        saved = _read_state(checkpoint)
        _check_counters(trainer, checkpoint, saved.state)
        if fingerprint in (None, saved.fingerprint):
            _check_sums(trainer, checkpoint, saved.state)
        _check_optimizers(trainer, checkpoint, saved)
        _check_header(trainer, checkpoint, saved)
        if saved.sha256 != sha256_of(checkpoint / TENSORS):
            raise CheckpointError(f"{checkpoint} is damaged (checksum)", "the file as it was written", FIX)
        tensors = load_tensors(checkpoint / TENSORS)
    except (OSError, ValueError, RecursionError, SafetensorError) as error:
        raise CheckpointError(f"{checkpoint} cannot be read ({error})", "a whole checkpoint", FIX) from error
    _check_finite(trainer, checkpoint, tensors)
    return saved, tensors


def seal_of(state: Mapping[str, Any]) -> str:
    """The checksum of a `state.json`, less the seal itself: SHA-256 of its JSON with sorted keys."""
    rest = {name: value for name, value in state.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_state(checkpoint: Path) -> Saved:
    path = checkpoint / STATE
    if path.stat().st_size > MOST_BYTES:
        raise CheckpointError(f"{path} has {counted(path.stat().st_size, 'byte')}", f"at most {MOST_BYTES:,}", FIX)
    plain = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(plain, dict) and plain.get("format", FORMAT) != FORMAT:
        raise CheckpointError(f"{checkpoint} has format {str(plain['format'])[:20]}", f"format {FORMAT}", FIX)
    try:
        saved = Saved.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][:3]) or "all of it"
        given = f"{checkpoint} cannot be read ({STATE}: {where[:80]}: {first['msg']})"
        raise CheckpointError(given, "a whole checkpoint", FIX) from None
    if saved.seal is not None and saved.seal != seal_of(plain):
        raise CheckpointError(f"{path} is damaged (checksum)", "the file as it was written", FIX)
    return saved


def _check_counters(trainer: Trainer, checkpoint: Path, state: Counters) -> None:
    """They may not be further than the recipe goes, or what it was stretched to."""
    batch, phases = trainer.batches.batch, _phases(trainer, checkpoint, state)
    iterations = [phase.iterations(batch) for phase in phases]
    most = {
        "phase": len(phases),
        "phase_step": (*iterations, 0)[min(state.phase, len(phases))],
        "step": sum(iterations),
        "samples": sum(n * phase.step_samples(batch) for n, phase in zip(iterations, phases, strict=True)),
    }
    for name, limit in most.items():
        if getattr(state, name) > limit:
            given = f"{checkpoint} cannot be read ({STATE}: {name} = {getattr(state, name):,})"
            raise CheckpointError(given, f"at most {limit:,}, where the recipe ends", FIX)


def _phases(trainer: Trainer, checkpoint: Path, state: Counters) -> tuple[Phase, ...]:
    change = state.change()
    if change is not None and len(change.lengths) != len(trainer.planned):
        given = f"{checkpoint} cannot be read ({STATE}: stretch has {counted(len(change.lengths), 'length')})"
        raise CheckpointError(given, f"{len(trainer.planned)}, one for every phase", FIX)
    if change is not None and change.given and len(change.given) != len(trainer.planned):
        given = f"{checkpoint} cannot be read ({STATE}: stretch was given {counted(len(change.given), 'length')})"
        raise CheckpointError(given, f"{len(trainer.planned)}, one for every phase", FIX)
    return stretched(trainer.planned, change)


def _check_sums(trainer: Trainer, checkpoint: Path, state: Counters) -> None:
    """They agree with each other."""
    batch, phases = trainer.batches.batch, _phases(trainer, checkpoint, state)
    iterations = [phase.iterations(batch) for phase in phases]
    each = [phase.step_samples(batch) for phase in phases]
    within = state.phase_step * (*each, 0)[min(state.phase, len(phases))]
    agreeing = {
        "step": sum(iterations[: state.phase]) + state.phase_step,
        "samples": sum(n * size for n, size in zip(iterations[: state.phase], each, strict=False)) + within,
        "phase_samples": within,
    }
    for name, wanted in agreeing.items():
        if getattr(state, name) != wanted:
            given = f"{checkpoint} cannot be read ({STATE}: {name} = {getattr(state, name):,})"
            raise CheckpointError(given, f"{wanted:,}, by its other counters", FIX)


def _check_optimizers(trainer: Trainer, checkpoint: Path, saved: Saved) -> None:
    """What decides the steps is the recipe's, whatever the file says."""
    phase = trainer.phases[min(saved.state.phase, len(trainer.phases) - 1)]
    if set(saved.optimizers) != set(phase.optim):
        raise _misfit(checkpoint, f"optimizers of {sorted(saved.optimizers)}, not {sorted(phase.optim)}")
    for player, settings in phase.optim.items():
        fresh = make_optimizer(trainer.game.players[player], settings).state_dict()["param_groups"]
        groups = saved.optimizers[player].groups
        if len(groups) != len(fresh):
            raise _misfit(checkpoint, f"{counted(len(groups), 'group')} of parameters of {player}, not {len(fresh)}")
        for group, own in zip(groups, fresh, strict=True):
            wanted = {name: _plain(value) for name, value in own.items() if name in DECIDING | {"params"}}
            unlike = next((name for name, value in wanted.items() if group.get(name, value) != value), "")
            if unlike or "params" not in group:
                raise _misfit(checkpoint, f"the optimizer of {player} has another '{unlike or 'params'}'")


def _check_header(trainer: Trainer, checkpoint: Path, saved: Saved) -> None:
    with open_tensors(checkpoint / TENSORS) as file:
        given = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118  (no mapping)
    wanted = {
        f"{name}/{key}": tuple(value.shape)
        for name, net in nets_of(trainer).items()
        for key, value in net.state_dict().items()
    }
    moments = {name: shape for name, shape in given.items() if name.startswith("optimizer/")}
    for name in (name for name in [*wanted, *given] if name not in moments and given.get(name) != wanted.get(name)):
        raise _misfit(
            checkpoint, f"'{name[:80]}' is {_shape(given, name)} in the file, {_shape(wanted, name)} in the nets"
        )
    for name in _strangers(trainer, saved, moments):
        raise _misfit(checkpoint, f"'{name[:80]}' of shape {_shape(moments, name)} belongs to no parameter")


def _strangers(trainer: Trainer, saved: Saved, moments: Shapes) -> Iterator[str]:
    """Moments and other state of optimizers that are of no parameter's shape, and no single number either."""
    params = {
        player: [tuple(p.shape) for p in trainer.game.players[player].parameters()] for player in saved.optimizers
    }
    for name, shape in moments.items():
        player, _, slot = name.removeprefix("optimizer/").partition("/")
        number, _, key = slot.partition(".")
        known = player in params and key.isidentifier() and number.isdecimal() and int(number) < len(params[player])
        if not known or shape not in ((), params[player][int(number)]):
            yield name
    for player, packed in saved.optimizers.items():
        for slot in packed.plain:
            number, _, key = slot.partition(".")
            if not (key.isidentifier() and number.isdecimal() and int(number) < len(params[player])):
                yield f"optimizer/{player}/{slot}"


def _check_finite(trainer: Trainer, checkpoint: Path, tensors: Mapping[str, Tensor]) -> None:
    heads = tuple(f"{name}/" for name in nets_of(trainer))
    for name, value in tensors.items():
        if name.startswith(heads) and value.is_floating_point() and not torch.isfinite(value).all():
            raise CheckpointError(f"{checkpoint} is damaged ('{name}' is not finite)", "finite parameters", FIX)


def _misfit(checkpoint: Path, why: str) -> CheckpointError:
    return CheckpointError(
        f"{checkpoint} does not fit the nets: {why}", "the nets it was saved from", "start a new run"
    )


def _shape(shapes: Shapes, name: str) -> str:
    return str(shapes[name]) if name in shapes else "missing"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value

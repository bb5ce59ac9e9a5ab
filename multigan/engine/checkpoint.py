"""Checkpoints: written whole or not at all, as safetensors and JSON, verified before they are trusted."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core import strict_json
from multigan.core.atomic import recover_folders, remove_files, replace_folder
from multigan.core.errors import CheckpointError, DivergedError
from multigan.core.tensor_file import write_tensors
from multigan.engine.memory import forget_turn
from multigan.engine.optimizers import load_optimizer, pack_optimizer
from multigan.engine.stretching import put_lengths
from multigan.engine.trainer import Trainer
from multigan.engine.verified import FORMAT, STATE, TENSORS, Saved, nets_of, read_verified, seal_of, sha256_of

__all__ = ["list_checkpoints", "load_checkpoint", "remove_checkpoint", "restore_latest", "save_checkpoint"]

NAME = re.compile(r"step-\d{9,}")


def save_checkpoint(trainer: Trainer, folder: Path, fingerprint: str, keep: int = 2) -> Path:
    """Write `folder/step-N` atomically and drop all but the newest `keep`.

    Args:
        trainer: its nets, average, optimizers and counters are saved; they are the whole state, since batches and
            random draws are functions of the counters.
        folder: the run's `checkpoints` folder; made if missing.
        fingerprint: identifies the recipe; a resume with another one is refused.
        keep: checkpoints that stay.

    Raises:
        DivergedError: a parameter is not finite, so the older checkpoint is better than this one.
        WriteError: the disk is full or read-only; older checkpoints are untouched.
    """
    _refuse_nonfinite(trainer)
    target = folder / f"step-{trainer.state.step:09d}"
    tensors, groups = _collect(trainer)

    def write(into: Path) -> None:
        write_tensors(tensors, into / TENSORS)
        state = {
            "format": FORMAT,
            "fingerprint": fingerprint,
            "state": trainer.state.to_json(),
            "optimizers": groups,
            "sha256": sha256_of(into / TENSORS),
        }
        state["seal"] = seal_of(state)
        (into / STATE).write_text(strict_json.dumps(state, indent=1), encoding="utf-8")

    replace_folder(target, write)
    for old in list_checkpoints(folder)[:-keep]:
        remove_checkpoint(old)
    return target


def list_checkpoints(folder: Path) -> list[Path]:
    """Finished checkpoints in `folder`, oldest first; copies under other names are the user's own, and left alone."""
    named = [path for path in folder.glob("step-*") if NAME.fullmatch(path.name) and path.is_dir()]
    return sorted(path for path in named if not (held := set(os.listdir(path))) or held & {TENSORS, STATE})


def remove_checkpoint(checkpoint: Path) -> None:
    """Remove what `save_checkpoint` wrote; a folder into which somebody put something else keeps that."""
    remove_files(checkpoint, (TENSORS, STATE))


def load_checkpoint(trainer: Trainer, checkpoint: Path, fingerprint: str) -> None:
    """Put one checkpoint into `trainer`.

    Raises:
        CheckpointError: it is damaged, of another format or of another recipe.
    """
    _put(trainer, checkpoint, fingerprint, *read_verified(trainer, checkpoint, fingerprint))


def _put(trainer: Trainer, checkpoint: Path, fingerprint: str, saved: Saved, tensors: Mapping[str, Tensor]) -> None:
    if saved.fingerprint != fingerprint:
        raise CheckpointError(
            f"{checkpoint} was written by another recipe", "the recipe saved beside it", "resume without overrides"
        )
    trainer.state = saved.counters()
    put_lengths(trainer)
    trainer.optimizers = trainer.fresh_optimizers()
    forget_turn(trainer.game)
    try:
        for name, net in nets_of(trainer).items():
            net.load_state_dict(_under(tensors, f"{name}/"))
        for player, optimizer in trainer.optimizers.items():
            load_optimizer(optimizer, _under(tensors, f"optimizer/{player}/"), saved.optimizers[player].model_dump())
    except (RuntimeError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{checkpoint} does not fit the nets: {error}", "the nets it was saved from", "start a new run"
        ) from error


def restore_latest(trainer: Trainer, folder: Path, fingerprint: str) -> tuple[Path, list[str]]:
    """Load the newest checkpoint that is whole, after the first process has cleared away what a kill left.

    Returns:
        The checkpoint, and one line for each newer one that is damaged.

    Raises:
        CheckpointError: there is none, or all are damaged; none is before the last of them that could be used.
    """
    if trainer.world.is_first:
        recover_folders(folder, "step-*")
    trainer.world.barrier()
    damaged: list[CheckpointError] = []
    for checkpoint in reversed(list_checkpoints(folder)):
        try:
            saved, tensors = read_verified(trainer, checkpoint, fingerprint)
        except CheckpointError as error:
            damaged.append(error)
            continue
        _put(trainer, checkpoint, fingerprint, saved, tensors)
        return checkpoint, [str(error) for error in damaged]
    why = "; ".join(error.given for error in damaged) or "it holds no finished checkpoint"
    raise CheckpointError(f"nothing to resume in {folder}: {why}", "a run that saved a checkpoint", "start a new run")


def _collect(trainer: Trainer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    tensors = {
        f"{name}/{key}": value.detach().clone().contiguous()
        for name, net in nets_of(trainer).items()
        for key, value in net.state_dict().items()
    }
    groups: dict[str, Any] = {}
    for player, optimizer in trainer.optimizers.items():
        packed, groups[player] = pack_optimizer(optimizer)
        tensors |= {f"optimizer/{player}/{key}": value.clone() for key, value in packed.items()}
    return tensors, groups


def _refuse_nonfinite(trainer: Trainer) -> None:
    for name, net in nets_of(trainer).items():
        for key, value in net.state_dict().items():
            if value.is_floating_point() and not torch.isfinite(value).all():
                raise DivergedError(
                    f"{name}.{key} is not finite at step {trainer.state.step}",
                    "finite parameters",
                    "the last good checkpoint is kept; resume it with a smaller optim.lr",
                )


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}

"""Generators of a finished run that were damaged after it: written anew from its checkpoint."""

from collections.abc import Callable

from multigan.core.errors import CheckpointError
from multigan.engine.trainer import Trainer
from multigan.generator.generator import KEPT, load
from multigan.run.keeper import Keeper

__all__ = ["mended"]


def mended(trainer: Trainer, keeper: Keeper, checkpoint: str, say: Callable[[str], object]) -> bool:
    """Write the last generator anew where it is damaged; of the best one, which no checkpoint holds, say what to do.

    Args:
        trainer: restored from the last checkpoint of a run that is over.
        keeper: of the run.
        checkpoint: its name.
        say: gets lines for people.

    Returns:
        Whether it was written.
    """
    damaged = dict[str, CheckpointError]()
    for which in ("last", "best"):
        try:
            if (keeper.folder / KEPT[which]).is_dir():
                load(keeper.folder, which)
        except CheckpointError as error:
            damaged[which] = error
    if "last" in damaged:
        keeper.generator_folder(trainer)
        say(f"{damaged['last'].given}: it is written anew, from {checkpoint}")
    if "best" in damaged:
        say(f"{damaged['best'].given}: no checkpoint holds that one; type --which last, or copy the run again")
    return "last" in damaged

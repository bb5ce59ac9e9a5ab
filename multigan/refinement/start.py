"""What a critic begins with: the recipe's D, as the run left it or new, or a small judge."""

from pathlib import Path
from typing import Literal, NamedTuple

import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, UnsupportedError
from multigan.core.generators import Telling
from multigan.core.tensor_file import open_tensors
from multigan.engine.checkpoint import list_checkpoints
from multigan.engine.verified import TENSORS
from multigan.generator.critic import NetOf, critic_net
from multigan.generator.generator import Generator
from multigan.generator.ranking import judged_spec
from multigan.recipe.recipe import Recipe
from multigan.run.ledger import read_metrics

__all__ = ["STARTS", "Begun", "Start", "other_starts", "start_of"]

Start = Literal["auto", "last", "fresh", "judge", "insight"]
STARTS = ("auto", "last", "fresh", "judge", "insight")
PLAYER = "D/"


class Begun(NamedTuple):
    """A critic that has learnt nothing of the frozen generator yet.

    Attributes:
        net: with its weights.
        of: how it is built again.
        words: where the weights come from, for people.
        rate: at which it learns, where nothing else is asked for.
        start: what it begins with, where "auto" was asked for what that came to.
    """

    net: nn.Module
    of: NetOf
    words: str
    rate: float
    start: Start


def start_of(
    folder: Path,
    recipe: Recipe,
    generator: Generator,
    start: Start,
    seed: int,
) -> Begun:
    """The critic to begin with.

    Args:
        folder: the run directory, whose newest checkpoint has D.
        recipe: the run's.
        generator: whose samples it is to judge.
        start: as asked for.
        seed: of new weights.

    Raises:
        CheckpointError: D's last weights were asked for, and the run kept none that fit.
    """
    conditional = {"conditional": True} if generator.conditional else {}
    options = {**recipe.D.options, **conditional}
    of = NetOf(kind="D", name=recipe.D.net, options=options, spectral_norm=recipe.D.spectral_norm)
    if start == "auto" and len(generator.spec.shape) == 1:
        start = "judge"
    if start == "judge":
        of = NetOf(kind="judge")
    if start == "insight":
        of = _insight_of(generator)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(Draw(seed).generator("refine/net").initial_seed())
        net = critic_net(of, judged_spec(generator.spec, generator.input_spec))
    if isinstance(reader := getattr(net, "reader", None), nn.Module) and start == "insight":
        reader.load_state_dict(generator.net.state_dict())
        return Begun(net, of, "a new head on the generator's own states", 1e-3, start)
    if start == "last" or (start == "auto" and _played(folder)):
        if _filled(net, folder):
            return Begun(net, of, "D's last weights", 1e-4, "last")
        if start == "last":
            given = f"{folder} kept no weights of D that see single samples"
            raise CheckpointError(given, "a whole checkpoint", "type --start fresh")
    rate = 2e-3 if len(generator.spec.shape) == 1 else 1e-3
    if start == "judge":
        return Begun(net, of, "a new judge", rate, start)
    return Begun(net, of, "new weights of D's net", rate, "fresh")


def other_starts(generator: Generator, start: Start) -> list[Start]:
    """What else a critic of this generator can begin with, the likeliest to help first.

    Args:
        generator: whose samples it is to judge.
        start: what was tried; D's last weights are never named, since `"auto"` takes them where there are some.
    """
    tells = generator.input_spec is None and isinstance(generator.net, Telling)
    possible: list[Start] = ["insight"] if tells else []
    possible += ["fresh"] if tells or generator.input_spec is not None else ["fresh", "judge"]
    return [one for one in possible if one != start]


def _insight_of(generator: Generator) -> NetOf:
    """The generator's own net as the eyes of its critic."""
    if generator.input_spec is not None:
        given = "--start insight for a generator that is given an input"
        raise UnsupportedError(given, "one that makes texts of nothing", "type --start fresh")
    said = generator.config["net"]
    return NetOf(kind="insight", name=said["name"], options=said["options"])


def _played(folder: Path) -> bool:
    """Whether D has had a turn: the weights that a checkpoint has of one that never did are no knowledge."""
    return any("loss/D" in row for row in read_metrics(folder / "metrics.jsonl"))


def _filled(net: nn.Module, folder: Path) -> bool:
    """Give a net the weights of D in the newest checkpoint that has them in its shapes; whether there is one."""
    wanted = {key: value.shape for key, value in net.state_dict().items()}
    for checkpoint in reversed(list_checkpoints(folder / "checkpoints")):
        try:
            kept = _of_d(checkpoint / TENSORS)
        except (OSError, ValueError, SafetensorError):
            continue
        if {key: value.shape for key, value in kept.items()} == wanted and all(map(_finite, kept.values())):
            net.load_state_dict(kept)
            return True
    return False


def _of_d(file: Path) -> dict[str, Tensor]:
    with open_tensors(file) as opened:
        names = [name for name in opened.keys() if name.startswith(PLAYER)]  # noqa: SIM118  (no mapping)
        return {name.removeprefix(PLAYER): opened.get_tensor(name) for name in names}


def _finite(value: Tensor) -> bool:
    return bool(value.isfinite().all()) if value.is_floating_point() else True

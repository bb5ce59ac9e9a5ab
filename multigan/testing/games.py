"""The check for a game: a few steps with tiny players on points."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from multigan.build import build_data, build_trainer, check
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError, ShapeError, UnsupportedError
from multigan.core.types import Batch, Critique, Data, Game
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet, Trainer
from multigan.games import games
from multigan.recipe.recipe import Recipe, load_recipe
from multigan.testing.rules import BATCH, Skip, rule

__all__ = ["check_game"]

STEPS = 4
SETS: tuple[str, ...] = (
    "G.width=8",
    "G.layers=2",
    "D.width=8",
    "D.layers=1",
    "data.n=64",
    "game.penalties=[]",
    f"train.batch={BATCH}",
)
SETS += (
    f"train.samples={BATCH * 1000}",
    "train.device=cpu",
    "data.holdout=0",
)


def check_game(builder: Callable[..., Game], name: str = "mine") -> None:
    """A game: what it is made of, every turn's loss, fakes and verdicts, weights that learn, an exact resume.

    Args:
        builder: `build(players, rules, *, options) -> Game`, most often its class.
        name: of the game, for messages.

    Raises:
        Skip: it has no place for points; the message says what it said.
        PluginError: what is wrong with it.
    """
    with games.lend(name, builder), torch.random.fork_rng(devices=[]):
        recipe = load_recipe("points/ring", [*SETS, f"game.name={name}"])
        try:
            check(recipe)
            data = build_data(recipe)
            trainer = build_trainer(recipe, data)
        except (RecipeError, ShapeError, UnsupportedError) as error:
            raise Skip(f"it has no place for points: {error}") from error
        except PluginError as error:
            if error.given.startswith("game "):  # of the game itself; others are of the nets that it was given
                raise
            raise Skip(f"it has no place for nets of points: {error}") from error
        _check_fakes(trainer, name)
        _check_turns(trainer, name)
        _check_learning(recipe, data, name)


def _check_fakes(trainer: Trainer, name: str) -> None:
    game, batch = trainer.game, trainer.batches.take("trial", 0)
    fake = game.fake(batch, Draw(0))
    given = f"{tuple(fake.shape)}" if isinstance(fake, Tensor) else type(fake).__name__
    wanted = f"as many fakes as reals, {tuple(batch.real.shape)}"
    rule(isinstance(fake, Tensor) and fake.shape == batch.real.shape, f"{name}.fake gives {given}", wanted)
    rule(bool(torch.isfinite(fake).all()), f"{name}.fake gives numbers that are not finite", "finite fakes")
    rule(torch.equal(fake, game.fake(batch, Draw(0))), f"{name}.fake differs between equal draws", "equal fakes")
    said = game.judge(batch.real, batch, Draw(0))
    rule(isinstance(said, Critique), f"{name}.judge gives {type(said).__name__}", "a Critique: as_critique(D(x))")
    heads = all(isinstance(one, Tensor) and len(one) == BATCH for one in said.logits) and len(said.logits) > 0
    rule(heads, f"{name}.judge gives logits of another batch", f"({BATCH}, *patch) a head")


def _check_turns(trainer: Trainer, name: str) -> None:
    """Every turn, those that only phases play too: its loss is the same for the same draw, and moves its player."""
    game, batch = trainer.game, trainer.batches.take("trial", 0)
    for turn, (player, _) in game.turns.items():
        before = _weights(game)
        try:
            trainer.turn(turn, batch, Draw(0))
        except RecipeError:  # a turn that only other recipes play
            continue
        finite = all(bool(torch.isfinite(value).all()) for value in game.players[player].parameters())
        rule(finite, f"{name}: '{player}' is not finite after turn '{turn}'", "finite weights")
        moved = [one for one, values in _weights(game).items() if _differ(values, before[one])]
        others = [one for one in moved if one != player]
        rule(not others, f"{name}: turn '{turn}' moves {others}", f"only its player '{player}'")
        same = [_total(game, turn, batch) for _ in range(2)]
        rule(torch.equal(*same), f"{name}: turn '{turn}' differs between equal draws", "all randomness from the draw")


def _check_learning(recipe: Recipe, data: Data, name: str) -> None:
    whole, halted, resumed = (build_trainer(recipe, data) for _ in range(3))
    before = _weights(whole.game)
    whole.handlers = [_Stop(STEPS)]
    whole.fit()
    after = _weights(whole.game)
    turns = whole.phases[-1].turns
    for player in {whole.game.turns[turn][0] for turn in turns}:
        rule(_differ(before[player], after[player]), f"{name}: '{player}' does not move", "weights that learn")
    halted.handlers, resumed.handlers = [_Stop(STEPS // 2)], [_Stop(STEPS)]
    halted.fit()
    with TemporaryDirectory(prefix="multigan-check-") as folder:
        save_checkpoint(halted, Path(folder), "trial")
        restore_latest(resumed, Path(folder), "trial")
    resumed.fit()
    for player, values in _weights(resumed.game).items():
        same = not _differ(values, after[player])
        rule(same, f"{name}: '{player}' differs after stop and resume", "all state in players and memory")


def _total(game: Game, turn: str, batch: Batch) -> Tensor:
    return game.turns[turn][1](batch, Draw(1)).total.detach()


def _weights(game: Game) -> dict[str, list[Tensor]]:
    return {name: [value.detach().clone() for value in net.parameters()] for name, net in game.players.items()}


def _differ(one: list[Tensor], other: list[Tensor]) -> bool:
    return any(not torch.equal(a, b) for a, b in zip(one, other, strict=True))


class _Stop(Quiet):
    """Stops a run after so many iterations."""

    def __init__(self, step: int) -> None:
        self.step = step

    def stepped(self, trainer: Trainer, parts: Mapping[str, Any]) -> None:
        trainer.stopping = trainer.state.step >= self.step

"""Our own steps as plain functions, for benchmarks: a trainer from a recipe, one of its turns, a whole iteration."""

import itertools

from multigan.build import build_data, build_trainer
from multigan.core.draw import Draw
from multigan.recipe.recipe import load_recipe

__all__ = ["iteration", "trainer_of", "turn"]


def trainer_of(name, args, settings=(), data=None):
    """A trainer without handlers that does not end, on the device of `args`."""
    own = [f"train.device={args.device}", f"train.precision={args.precision}", "train.samples=1000000000"]
    recipe = load_recipe(name, [*own, *settings])
    return build_trainer(recipe, data or build_data(recipe))


def turn(trainer, name):
    """One turn (`"d"`, `"g"`, `"mle"`) with its batch and its update, each time with another draw."""
    numbers = itertools.count()

    def step():
        number = next(numbers)
        batch = trainer.batches.take(trainer.phase.name, number)
        return trainer.turn(name, batch, Draw(0, number, device=str(trainer.batches.device), progress=0.5))

    return step


def iteration(trainer):
    """A function that takes one whole iteration: the body of `Trainer.fit`."""
    return lambda: trainer._iterate(trainer._read())

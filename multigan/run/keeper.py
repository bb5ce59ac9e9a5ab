"""What a run keeps of its generator: sheets and folders."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from multigan.core.atomic import writing
from multigan.core.generators import Begins
from multigan.core.strict_json import finite
from multigan.core.types import Data
from multigan.engine.trainer import Trainer
from multigan.generator.generator import Generator, make_config
from multigan.nets.both_ways import BothWays
from multigan.nets.programs import is_program, text_of
from multigan.provenance.labels import make_folder
from multigan.recipe.naming import recipe_name
from multigan.recipe.recipe import Recipe
from multigan.run.triplets import triplets

__all__ = ["Keeper"]

SHEET_SAMPLES = 64


class Keeper:
    """Turns the averaged G of a trainer into sheets and a generator folder.

    Args:
        recipe: of the run.
        folder: the run directory.
        data: what it trains on.
    """

    def __init__(self, recipe: Recipe, folder: Path, data: Data) -> None:
        self.recipe, self.folder, self.data = recipe, folder, data
        self.recipe_name = recipe_name(recipe)

    def sheet(self, trainer: Trainer) -> None:
        """Write `samples/samples-N` from the averaged G as it is now."""
        path = self.folder / "samples" / f"samples-{trainer.state.samples:010d}"
        with writing(path):
            generator = self._generator(trainer)
            if generator.input_spec is None:
                generator.sheet(path, SHEET_SAMPLES, self.recipe.train.seed)
            else:
                make_folder(path.parent)
                label = generator.label(self.recipe.train.seed)
                generator.modality.sheet(triplets(trainer.batches, generator.net), path, label)

    def generator_folder(self, trainer: Trainer) -> None:
        """Write `generator/`."""
        self._generator(trainer).save_pretrained(self.folder / "generator")

    def best_folder(self, trainer: Trainer) -> None:
        """Write `generator-best/`, in the same layout."""
        self._generator(trainer).save_pretrained(self.folder / "generator-best")

    def mle_folder(self, trainer: Trainer) -> None:
        """Write `generator-mle/`: what the adversarial phase begins with, and must beat."""
        self._generator(trainer).save_pretrained(self.folder / "generator-mle")

    def fit_folder(self, trainer: Trainer) -> None:
        """Write `generator-fit/`: what the matching terms alone have made, which the adversary must improve on."""
        self._generator(trainer).save_pretrained(self.folder / "generator-fit")

    def _generator(self, trainer: Trainer) -> Generator:
        recipe = self.recipe
        options = {**recipe.G.options, **({"conditional": True} if recipe.game.conditional is True else {})}
        if isinstance(trainer.ema.net, Begins):
            options = {name: value for name, value in options.items() if name not in trainer.ema.net.begins_by}
        facts: dict[str, Any] = {"seed": recipe.train.seed, "samples_seen": trainer.state.samples}
        if recipe.input is not None and self.data.inputs is not None:
            degrade = [{"name": view.name, **view.options} for view in recipe.input.degrade]
            facts["input"] = {"spec": finite(asdict(self.data.inputs.spec)), "degrade": degrade}
            if isinstance(trainer.ema.net, BothWays):
                facts["input"]["both_ways"] = True
        if is_program(recipe.G.net):
            facts["program"] = text_of(recipe.G.net)
        config = make_config(self.folder.resolve().name, self.recipe_name, recipe.G.net, options, facts)
        return Generator(trainer.ema.net, self.data.spec, config)

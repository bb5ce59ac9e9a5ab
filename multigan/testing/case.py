"""The small case on which a modality is tried out: its data, its nets and its recipe, made when first asked for."""

from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import torch
from torch import Tensor, nn

from multigan.build import build_trainer
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.inputs import Translates
from multigan.core.types import Data, Modality, Spec
from multigan.engine.trainer import Trainer
from multigan.generator.generator import Generator, make_config
from multigan.plugins.abilities import Trial, Tries, able
from multigan.plugins.contract import guarded
from multigan.recipe.options import bind
from multigan.recipe.recipe import DataTable, Recipe, load_recipe
from multigan.recipe.schema import DiscriminatorTable, NetTable
from multigan.testing.rules import Skip

__all__ = ["ITEMS", "Case"]

ITEMS = 8
BATCH = 4
STEPS = 4


class Case:
    """A modality, with what the checks need of it.

    Args:
        modality: the plugin's object.
        data: some of its data; None = what its `trial` names.
    """

    def __init__(self, modality: Modality, data: Data | None = None) -> None:
        self.modality, self._data = modality, data
        self.trial = modality.trial if able(modality, Tries) else Trial()
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def source(self) -> str:
        """What `load` is given."""
        if self.trial.source or self.modality.embedded:
            return self.trial.source or self.modality.embedded[0]
        raise Skip("it embeds no data set and its trial names none")

    @cached_property
    def data(self) -> Data:
        """The data of the trial."""
        if self._data is not None:
            return self._data
        source = self.source
        options = bind(self.modality.load, self.trial.options, "trial.options")
        loaded: Data = guarded(self.modality, "load", lambda: self.modality.load(source, **options))
        return loaded

    @property
    def spec(self) -> Spec:
        """What one sample is."""
        return self.data.spec

    @cached_property
    def raw(self) -> Tensor:
        """Up to eight raw items."""
        return self.data.items.take(torch.arange(min(ITEMS, len(self.data.items))), Draw(0))

    @property
    def real(self) -> Tensor:
        """The same in D's space, made anew."""
        return self.modality.to_real(self.raw.clone(), self.spec)

    @cached_property
    def recipe(self) -> Recipe:
        """The modality's recipe on the trial's data, four steps of four samples; a plain one where it names none."""
        if name := self.modality.recipe_for_files:
            recipe = load_recipe(name, self.trial.sets)
        else:
            g, d = next(iter(self.modality.generators)), next(iter(self.modality.discriminators))
            table = {"data": DataTable(source="x"), "G": NetTable(net=g), "D": DiscriminatorTable(net=d)}
            recipe = Recipe.model_validate({"title": "trial", "modality": self.modality.name, **table})
        source = self.source if self._data is None else "given"
        data = recipe.data.model_copy(update={"source": source, "options": dict(self.trial.options)})
        short = {"batch": BATCH, "samples": BATCH * STEPS * recipe.train.n_critic, "device": "cpu", "accumulate": 1}
        train = recipe.train.model_copy(update=short)
        return recipe.model_copy(update={"data": data, "train": train, "phases": ()})

    def trainer(self) -> Trainer:
        """A trainer at its first step."""
        return build_trainer(self.recipe, self.data)

    def build(self, player: str, name: str) -> nn.Module:
        """A net of the modality, with the recipe's options where it is the recipe's net."""
        builders = self.modality.generators if player == "G" else self.modality.discriminators
        table = self.recipe.G if player == "G" else self.recipe.D
        options = bind(builders[name], table.options, player) if table.net == name else {}
        torch.manual_seed(0)
        return builders[name](self.spec, **options)

    @property
    def judges(self) -> list[str]:
        """Names of the D's that judge samples alone; one that asks in words for inputs beside them is left out."""
        names = [*self.modality.discriminators]
        if not able(self.modality, Translates):
            return names
        alone = [name for name in names if not self._refuses("D", name)]
        return alone or names

    @property
    def makers(self) -> list[str]:
        """Names of the G's that make samples of this size; one that asks in words for another is left out."""
        names = [*self.modality.generators]
        return [name for name in names if name == self.recipe.G.net or not self._refuses("G", name)]

    def _refuses(self, player: str, name: str) -> bool:
        try:
            self.build(player, name)
        except RecipeError:
            return True
        return False

    def generator(self) -> Generator:
        """An untrained generator as a run would keep it."""
        name, options = self.recipe.G.net, dict(self.recipe.G.options)
        facts = {"seed": 0, "samples_seen": 0}
        return Generator(self.build("G", name), self.spec, make_config("trial", "trial", name, options, facts))

    def new_folder(self, name: str) -> Path:
        """An empty folder, which `close` removes."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="multigan-check-")
        return Path(mkdtemp(prefix=f"{name}-", dir=self._folder.name))

    def close(self) -> None:
        """Remove all files that the checks wrote."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

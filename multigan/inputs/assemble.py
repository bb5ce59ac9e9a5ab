"""`[input]` of a recipe becomes the inputs of a data set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError, RecipeError, under
from multigan.core.inputs import Halves
from multigan.core.types import Data, Modality, Reshaping, Spec, View, able
from multigan.files.findings import shown
from multigan.files.sides import sides_of
from multigan.games.rules import Rules
from multigan.inputs.beside import pair_up
from multigan.inputs.degradations import degradation
from multigan.inputs.degraded import Changing, Degraded
from multigan.inputs.join import Join
from multigan.nets.lookup import translators_of
from multigan.plugins.contract import guarded
from multigan.recipe.options import bind
from multigan.recipe.origin import called
from multigan.recipe.recipe import DataTable, InputTable, Recipe, ViewTable

__all__ = ["check_inputs", "check_net", "check_table", "degrading", "joined", "read_data"]

Load = Callable[[str, Mapping[str, Any]], Data]
"""A modality's `load`: a source and the options beside those of `[data]`."""


def check_table(table: InputTable, modality: Modality) -> None:
    """What can be wrong before data is read, in words.

    Args:
        table: `[input]`.
        modality: whose data it is.

    Raises:
        RecipeError, UnknownNameError: it says two things at once, or names no degradation or option.
    """
    bind(modality.load, table.options, "input", beside=table.own())
    degrading(table.degrade, modality, Spec(modality.name, (1,) * 4), sized=False)
    if table.degrade and (table.source is not None or table.options or table.swap):
        other = "source" if table.source is not None else next(iter(table.options), "swap")
        given = f"[input] has degrade and {other}"
        raise RecipeError(given, "inputs that are made, or inputs that are read", f"remove {other}", key=[other])
    if table.source is not None and table.swap:
        given = "input.swap = true beside input.source"
        raise RecipeError(given, "swap only where data.source holds both sides", "swap the two sources", key=["swap"])


def check_inputs(recipe: Recipe, builder: object, rules: Rules) -> None:
    """Game and phases have a place for inputs, where there are some.

    Args:
        recipe: the whole.
        builder: of its game.
        rules: of its game.

    Raises:
        RecipeError: the game has no place for them, or a phase fits without anything to fit.
    """
    if recipe.input is not None and not getattr(builder, "takes_inputs", False):
        given = f"game '{recipe.game.name}' beside [input]"
        raise RecipeError(given, "a game whose G is given an input", "remove one of the two", key=("game", "name"))
    for number, phase in enumerate(recipe.phases):
        if "fit" in phase.turns and "fit" not in rules.objectives:
            wanted = "matching terms that ask no D" if recipe.input is not None else "[input], which G is to fit"
            if recipe.input is None or all(term.asks for term in rules.matching):
                given = f"phases.{called([one.name for one in recipe.phases], number)}.turns has 'fit'"
                raise RecipeError(given, wanted, "remove the turn", key=("phases", number, "turns"))


def check_net(table: InputTable | None, modality: Modality, name: str) -> None:
    """G takes an input where there is one, and only there.

    Raises:
        RecipeError: it does not.
    """
    translators = translators_of(modality)
    if (name in translators) != (table is not None):
        given = (
            f"G.net = '{name}' {'needs an input' if table is None else 'takes no input, and the recipe has [input]'}"
        )
        expected = f"one of {', '.join(modality.generators if table is None else translators) or 'none'}"
        raise RecipeError(given, expected, "name another net" if table else "name another net, or write [input]")


def joined(table: InputTable | None, modality: Modality, spec: Spec, source: Spec | None) -> tuple[Spec, Spec]:
    """What D gets of a sample and its input, before any view, and what an input is.

    Args:
        table: `[input]`, or None.
        modality: whose samples.
        spec: of a sample.
        source: of an input; None = what the degradations make of samples, or like these.
    """
    if table is None:
        return spec, spec
    with under("input"):
        source = source or Degraded(degrading(table.degrade, modality, spec), spec).spec
        return Join(spec, source).spec() if table.judged else spec, source


def degrading(tables: Sequence[ViewTable], modality: Modality, spec: Spec, *, sized: bool = True) -> list[View]:
    """The views that make an input of a target like `spec`.

    Args:
        tables: of the views, in order.
        modality: of the target.
        spec: of the target.
        sized: whether `spec` is more than a stand-in, so that each view can be asked what it makes of the one before.
    """
    made = list[View]()
    for k in range(len(tables)):
        view = _view(tables, k, modality, spec)
        with under("degrade", k):
            spec = view.spec(spec) if sized and isinstance(view, Changing) else spec
        made.append(view)
    return made


def read_data(recipe: Recipe, modality: Modality) -> Data:
    """The recipe's data set, with its inputs where it has some.

    Raises:
        DataError: it cannot be read, `data.source` holds no pairs where it should, or names do not match.
    """

    def load(source: str, more: Mapping[str, Any]) -> Data:
        where = "input" if more else "data"
        with under(where):
            options = bind(modality.load, {**recipe.data.options, **more}, where, beside=recipe.data.own())
            found: Data = guarded(modality, "load", lambda: modality.load(source, **options))
        return found

    if recipe.input is None:
        return load(recipe.data.source, {})
    return _with_inputs(recipe.input, recipe.data, modality, load)


def _with_inputs(table: InputTable, data: DataTable, modality: Modality, load: Load) -> Data:
    if table.degrade:
        target = load(data.source, {})
        with under("input"):
            views = degrading(table.degrade, modality, target.spec)
        return replace(target, inputs=Degraded(views, target.spec))
    if table.source is not None:
        return pair_up(load(data.source, {}), load(table.source, table.options), modality, strict=table.pairs is True)
    return _both_in_one(table, data, modality, load)


def _view(tables: Sequence[ViewTable], k: int, modality: Modality, spec: Spec) -> View:
    table, where = tables[k], f"input.degrade.{called([one.name for one in tables], k)}"
    with under("degrade", k):
        with under("name"):
            builder = degradation(table.name)
        view = builder(modality, spec, **bind(builder, table.options, where, beside=table.own()))
        if isinstance(view, Reshaping):
            given = f"{where} makes one sample of several"
            raise RecipeError(given, "an input for each target", "remove it", key=["name"])
    return view


def _both_in_one(table: InputTable, data: DataTable, modality: Modality, load: Load) -> Data:
    place = Path(data.source).expanduser()
    sides = sides_of(place, modality.suffixes, swap=table.swap)
    strict = table.pairs is True
    if sides is not None:
        found = pair_up(load(str(sides.target), {}), load(str(sides.source), table.options), modality, strict=strict)
        return replace(found, report=(f"{shown(place)}: {sides.told()}{_other_way(table)}", *found.report))
    halves = modality.halves(place) if able(modality, Halves) and place.exists() else None
    if halves is None:
        raise DataError(
            f"{shown(place)} holds no pairs that are known",
            "sub-folders A and B (or input and target, ...) with the same names in both, or files of two halves",
            "name the folder of the inputs: --set input.source=FOLDER",
        )
    one, other = halves[::-1] if table.swap else halves
    found = pair_up(load(data.source, other), load(data.source, {**one, **table.options}), modality, strict=strict)
    which = "second" if table.swap else "first"
    what = f"each file is a pair, its {which} half the input"
    if "column" in one:
        what = f"a list of pairs, column {one['column']} the input"
    line = f"{shown(place)}: {what}{_other_way(table)}"
    return replace(found, report=(line, *found.report))


def _other_way(table: InputTable) -> str:
    return f" (the other way round: --set input.swap={'false' if table.swap else 'true'})"

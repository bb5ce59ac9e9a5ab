"""`[input]` of a recipe becomes the inputs of a data set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError, RecipeError, under
from multigan.core.inputs import Halves, Sets, Unites
from multigan.core.join import Join
from multigan.core.types import Data, Modality, Reshaping, Spec, View, able
from multigan.engine.holdout import Split, split_items
from multigan.files.findings import shown
from multigan.files.odd_lists import no_list
from multigan.files.one_sided import one_sided
from multigan.files.sides import sets_of, sides_of
from multigan.games.rules import Rules
from multigan.inputs.beside import pair_up
from multigan.inputs.degradations import degradation
from multigan.inputs.degraded import Changing, Degraded
from multigan.inputs.other import side_by_side
from multigan.nets.lookup import translators_of
from multigan.nets.programs import is_program
from multigan.plugins.abilities import Couples
from multigan.plugins.contract import guarded
from multigan.plugins.paired import Couple
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
    if table.degrade and table.pairs is False:
        given = "input.pairs = false beside degrade"
        raise RecipeError(given, "inputs that are read", "remove pairs: what is degraded has its target", key=["pairs"])
    if table.judged and table.pairs is False:
        given = "input.judged = true beside pairs = false"
        raise RecipeError(given, "false: D cannot see together what is no pair", "remove judged", key=["judged"])
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
    if recipe.input is None and getattr(builder, "needs_inputs", False):
        given = f"game '{recipe.game.name}' without [input]"
        raise RecipeError(given, "inputs, of which G makes something", "write [input]", key=("game", "name"))
    _check_pairs(recipe, getattr(builder, "unpaired", False))
    _check_fitted(recipe, builder)
    for number, phase in enumerate(recipe.phases):
        if "fit" in phase.turns and "fit" not in rules.objectives and not getattr(builder, "fits_items", False):
            wanted = "matching terms that ask no D" if recipe.input is not None else "[input], which G is to fit"
            if recipe.input is None or all(term.asks for term in rules.matching):
                given = f"phases.{called([one.name for one in recipe.phases], number)}.turns has 'fit'"
                raise RecipeError(given, wanted, "remove the turn", key=("phases", number, "turns"))


def _check_fitted(recipe: Recipe, builder: object) -> None:
    """A game that ends with an adversary and reconstructs before it has a phase in which it does."""
    fits = any("fit" in phase.turns for phase in recipe.phases)
    if getattr(builder, "fits_items", False) and recipe.game.options.get("adversary") and not fits:
        given = f"game '{recipe.game.name}' with an adversary, and no phase with the turn 'fit' before it"
        fix = f"""type --set 'phases=[{{name="fit", turns=["fit"], samples={recipe.train.samples}}}]'"""
        raise RecipeError(given, "an encoder that has learnt something", fix, key=("phases",))


def _check_pairs(recipe: Recipe, unpaired: bool) -> None:
    if recipe.input is None:
        return
    if unpaired and not recipe.unpaired:
        given = f"game '{recipe.game.name}' beside inputs that belong to their targets"
        raise RecipeError(given, "two sets without pairs", "type --set input.pairs=false", key=("game", "name"))
    if recipe.unpaired and recipe.game.matching:
        names = ", ".join(term.name for term in recipe.game.matching)
        given = f"game.matching = {names} beside input.pairs = false"
        fix = "type --set game.matching=[]"
        raise RecipeError(given, "pairs, of which output and target can be compared", fix, key=("game", "matching"))


def check_net(table: InputTable | None, modality: Modality, name: str) -> None:
    """G takes an input where there is one, and only there.

    Raises:
        RecipeError: it does not.
    """
    translators = translators_of(modality)
    if is_program(name):
        return  # what it takes is seen when it is tried
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
    _refuse_same(recipe.input, recipe.data)
    if recipe.unpaired:
        return _of_two_sets(recipe, recipe.input, modality, load)
    return _with_inputs(recipe.input, recipe.data, modality, load)


def _refuse_same(table: InputTable, data: DataTable) -> None:
    """Refuse inputs that are the targets, file by file and read alike."""
    if table.source is None or table.options or table.degrade:
        return
    one, other = (Path(place).expanduser() for place in (table.source, data.source))
    if table.source == data.source or (one.exists() and other.exists() and one.samefile(other)):
        given = f"input.source and data.source are both {shown(data.source)}"
        fix = "name the folder of the inputs: --set input.source=FOLDER"
        raise DataError(given, "inputs that are not the targets", fix, key=("input", "source"))


def _of_two_sets(recipe: Recipe, table: InputTable, modality: Modality, load: Load) -> Data:
    """Targets and inputs that are no pairs, from two places or from the two folders of one."""
    place, lines = Path(recipe.data.source).expanduser(), list[str]()
    source, target = table.source, recipe.data.source
    if able(modality, Unites):
        return _united(recipe, table, modality, modality)
    if source is None and able(modality, Sets) and target in modality.embedded_inputs:
        source = modality.embedded_inputs[target]
        source, target = (target, source) if table.swap else (source, target)
    if source is None:
        sets = sets_of(place, modality.suffixes, swap=table.swap)
        if sets is None:
            half = one_sided(place, modality.suffixes)
            if half is not None and half.empty:
                raise half.error()
            raise DataError(
                f"{shown(place)} holds no two sets that are known",
                "sub-folders trainA and trainB, or exactly two of any names",
                "name the folder of the inputs: --set input.source=FOLDER",
            )
        source, target = str(sets.source), str(sets.target)
        lines = [f"{shown(place)}: {sets.told_apart()}{_other_way(table)}"]
    both = load(target, {}), load(source, table.options)
    one, other = (_split(recipe, data) for data in both)
    found = side_by_side(*both, modality, (one, other))
    return replace(found, report=(*lines, *found.report))


def _united(recipe: Recipe, table: InputTable, modality: Modality, load: Unites) -> Data:
    """Two sets of which the modality reads both at once."""
    with under("data"):
        bind(modality.load, recipe.data.options, "data", beside=recipe.data.own())
    options, given, swap = recipe.data.options, table.options, table.swap

    def both() -> tuple[Data, Data]:
        return load.unite(recipe.data.source, table.source, options=options, given=given, swap=swap)

    target, source = guarded(modality, "unite", both)
    found = side_by_side(target, source, modality, (_split(recipe, target), _split(recipe, source)))
    if table.source is None:
        first, *others = found.report
        found = replace(found, report=(first + _other_way(table), *others))
    return found


def _split(recipe: Recipe, data: Data) -> Split:
    with under("data", "holdout"):
        groups = getattr(data.items, "groups", None)
        return split_items(len(data.items), recipe.data.holdout, recipe.train.seed, groups)


def _with_inputs(table: InputTable, data: DataTable, modality: Modality, load: Load) -> Data:
    if table.degrade:
        target = load(data.source, {})
        with under("input"):
            views = degrading(table.degrade, modality, target.spec)
        return replace(target, inputs=Degraded(views, target.spec))
    if able(modality, Couples):
        return _couple(table, data, modality, modality)
    if table.source is not None:
        return pair_up(load(data.source, {}), load(table.source, table.options), modality, strict=table.pairs is True)
    return _both_in_one(table, data, modality, load)


def _couple(table: InputTable, data: DataTable, modality: Modality, load: Couples) -> Data:
    """Pairs that stand side by side in files, read by the modality itself."""
    with under("data"):
        bind(modality.load, data.options, "data", beside=data.own())
        options, given = data.options, table.options
        found: Couple = guarded(
            modality,
            "couple",
            lambda: load.couple(data.source, table.source, options=options, given=given, swap=table.swap),
        )
    if table.source is None:
        first, *others = found.target.report
        found = found._replace(target=replace(found.target, report=(first + _other_way(table), *others)))
    return pair_up(found.target, found.source, modality, strict=table.pairs is True)


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
        raise _no_pairs(place, modality)
    one, other = halves[::-1] if table.swap else halves
    found = pair_up(load(data.source, other), load(data.source, {**one, **table.options}), modality, strict=strict)
    which = "second" if table.swap else "first"
    what = f"each file is a pair, its {which} half the input"
    if "column" in one:
        what = f"a list of pairs, column {one['column']} the input"
    line = f"{shown(place)}: {what}{_other_way(table)}"
    return replace(found, report=(line, *found.report))


def _no_pairs(place: Path, modality: Modality) -> DataError:
    half = one_sided(place, modality.suffixes)
    if half is not None and half.empty:
        return half.error()
    return no_list(place, modality.suffixes) or DataError(
        f"{shown(place)} holds no pairs that are known",
        "sub-folders A and B (or input and target, ...) with the same names in both, files of two halves, or a list",
        "name the folder of the inputs: --set input.source=FOLDER",
    )


def _other_way(table: InputTable) -> str:
    return f" (the other way round: --set input.swap={'false' if table.swap else 'true'})"

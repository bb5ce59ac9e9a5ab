"""Data looked at before training: what is there, what is wrong with it, and what training on it would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from multigan.build import build_nets, check
from multigan.core.counted import counted
from multigan.core.errors import DataError, MultiGANError, did_you_mean, under
from multigan.core.types import Data, Modality, Spec
from multigan.doctor.classes import classes_in_use
from multigan.doctor.pairs import odd_sizes, pair_findings
from multigan.engine.holdout import FROM, TO_EVALUATE, split_items
from multigan.files.findings import SEVERITIES, Finding, Severity, Survey, Tick, shown, too_few
from multigan.files.listing import absent, beside
from multigan.files.manifest import list_at
from multigan.files.sides import pairs_of, sets_of, sides_of, unmatched
from multigan.inputs.assemble import read_data
from multigan.plugins import modalities
from multigan.plugins.abilities import Couples, Halves, Inspects, Sizes, able
from multigan.plugins.choose import half_of, sniff
from multigan.plugins.contract import guarded, require
from multigan.plugins.surveyed import surveyed
from multigan.recipe.options import bind
from multigan.recipe.origin import locating
from multigan.recipe.recipe import Recipe, load_recipe

__all__ = ["DataReport", "inspect_data"]

LARGE_BATCH_BYTES = 2**28
BYTES = 4


@dataclass(frozen=True)
class DataReport:
    """What an inspection says.

    Attributes:
        path: what was looked at.
        modality: name of the modality, or "".
        recipe: name of the recipe that `multigan train` picks, or "".
        counts: what was counted, name to value, in reading order.
        findings: worst first.
    """

    path: Path
    modality: str
    recipe: str
    counts: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity | None:
        """The worst severity, or None where nothing was found."""
        worst = max((SEVERITIES.index(found.severity) for found in self.findings), default=None)
        return None if worst is None else SEVERITIES[worst]

    @property
    def exit_code(self) -> int:
        """0 = clean or notes only, 1 = warnings, 2 = faults."""
        return SEVERITIES.index(self.severity) if self.severity else 0

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "path": shown(self.path),
            "modality": self.modality,
            "recipe": self.recipe,
            "severity": self.severity,
            "counts": dict(self.counts),
            "findings": [found.to_json() for found in self.findings],
        }


def inspect_data(
    path: str | Path,
    modality: str | None = None,
    *,
    recipe: str | None = None,
    overrides: Sequence[str] = (),
    tick: Tick | None = None,
) -> DataReport:
    """Look at files as training would read them; nothing is written.

    Args:
        path: a folder or a file.
        modality: its name, or None to go by the endings of the files.
        recipe: the recipe to train on them, or None for the one that `multigan train` picks.
        overrides: `"table.key=value"` strings as for `train`.
        tick: `tick(done, total)` after each file.

    Raises:
        DataError: there is no such path. Whatever is wrong with the files themselves is a finding.
        RecipeError, UnknownNameError: an override, recipe or modality is wrong.

    Example:
        >>> inspect_data("my-photos").exit_code  # doctest: +SKIP
        0
    """
    root = Path(path).expanduser()
    if not root.exists():
        near = beside(root)
        hint = did_you_mean(root.name, near) if near else "check the path"
        raise DataError(absent(root), "a folder or a file of data", hint)
    try:
        name = recipe or (modalities.get(modality).recipe_for_files if modality else sniff(root, overrides).recipe)
    except DataError as error:
        return DataReport(root, "", "", {}, (_fault("nothing-to-read", error),))
    chosen = load_recipe(name, [*overrides])
    check(chosen)
    plugin = modalities.get(modality or chosen.modality)
    require(plugin, "doctor")
    survey, odd, data = _paired(plugin, root, chosen, tick or (lambda done, total: None))
    chosen, unused = _classes(chosen, survey)
    found = [*survey.findings, *odd, *unused, *_costly(chosen, survey, data)]
    if survey.spec is not None:
        found += [*too_few(survey.items, "samples", chosen.train.batch), *_held_out(chosen, survey.items, data)]
    elif not any(one.severity == "fault" for one in found):
        found.append(Finding("fault", "nothing-to-read", "nothing to train on", (), 0, "check the path"))
    found.sort(key=lambda one: -SEVERITIES.index(one.severity))
    return DataReport(root, plugin.name, name, {**survey.counts, **_costs(chosen, survey)}, tuple(found))


def _survey(plugin: Modality, path: Path, recipe: Recipe, tick: Tick) -> Survey:
    with locating(recipe), under("data"):
        options = bind(plugin.load, recipe.data.options, "data", beside=recipe.data.own())
    try:
        if able(plugin, Inspects):
            return surveyed(plugin, lambda: plugin.inspect(path, options, tick))
        return _by_loading(plugin, path, options)
    except DataError as error:
        return Survey({}, [_fault("cannot-be-loaded", error)], 0)


class _Looked(NamedTuple):
    """What there is to train on, what else is odd, and the data as training takes it, where that could be read."""

    survey: Survey
    odd: list[Finding]
    data: Data | None = None


def _paired(plugin: Modality, root: Path, recipe: Recipe, tick: Tick) -> _Looked:
    """What there is to train on, and names without a partner, where a place holds inputs and targets."""
    table = recipe.input
    if table is None or table.degrade:
        return _Looked(_survey(plugin, root, recipe, tick), _one_sided(plugin, root) if table is None else [])
    if table.source is not None and table.pairs is not False:
        return _as_trained(plugin, root, recipe, _survey(plugin, root, recipe, tick))
    if table.pairs is False:
        return _as_trained(plugin, root, recipe, _two_sets(plugin, root, recipe, tick))
    if able(plugin, Couples):
        return _coupled(plugin, root, recipe)
    sides = sides_of(root, plugin.suffixes, swap=table.swap)
    if sides is None:
        return _in_one(plugin, root, recipe, tick)
    survey = _survey(plugin, sides.target, recipe, tick)
    counts = {"inputs": f"{len(sides.sources):,} in {shown(sides.source.name)}/", "pairs": f"{sides.pairs:,} by name"}
    alone = unmatched(sides)
    if able(plugin, Sizes):
        alone += odd_sizes(pairs_of(sides, plugin.suffixes), plugin.file_size, root)
    return _as_trained(plugin, root, recipe, survey._replace(counts={**survey.counts, **counts}), alone)


def _in_one(plugin: Modality, root: Path, recipe: Recipe, tick: Tick) -> _Looked:
    """The same of files of two halves, and of lists of pairs."""
    table = recipe.input
    halves = plugin.halves(root) if able(plugin, Halves) else None
    if table is None or halves is None:
        return _Looked(_survey(plugin, root, recipe, tick), [])
    options = {**recipe.data.options, **halves[not table.swap]}
    data = recipe.data.model_copy(update={"options": options})
    survey = _survey(plugin, root, recipe.model_copy(update={"data": data}), tick)
    odd, how = list[Finding](), f"each file, its {'right' if table.swap else 'left'} half the input"
    if (found := list_at(root, plugin.suffixes)) is not None:
        how = f"{len(found.pairs()):,} in {shown(found.path.name)}, column {halves[table.swap]['column']} the input"
        odd = found.lost()
        if able(plugin, Sizes):
            odd += odd_sizes(found.pairs(), plugin.file_size, found.path.parent)
    return _as_trained(plugin, root, recipe, survey._replace(counts={**survey.counts, "pairs": how}), odd)


def _coupled(plugin: Modality, root: Path, recipe: Recipe) -> _Looked:
    """Pairs that stand side by side in files of many items, as training would read them."""
    data = recipe.data.model_copy(update={"source": str(root)})
    try:
        found = read_data(recipe.model_copy(update={"data": data}), plugin)
    except DataError as error:
        return _Looked(Survey({}, [_fault("cannot-be-loaded", error)], 0), [])
    layout, *said = found.report
    groups = getattr(found.items, "groups", None)
    inputs = len(found.items) if groups is None else len(groups.unique())
    counts = {"pairs": f"{len(found.items):,}", "layout": layout, "inputs": f"{inputs:,} different"}
    survey = Survey(counts, [Finding("note", "loader", line) for line in said], len(found.items), found.spec)
    return _Looked(survey, pair_findings(found, plugin, recipe.data.holdout, recipe.train.seed), found)


def _as_trained(plugin: Modality, root: Path, recipe: Recipe, survey: Survey, odd: Sequence[Finding] = ()) -> _Looked:
    """With what is odd about pairs as training takes them, as many; nothing where they cannot be read."""
    table = recipe.model_copy(update={"data": recipe.data.model_copy(update={"source": str(root)})})
    try:
        data = read_data(table, plugin)
        found = [*odd, *pair_findings(data, plugin, recipe.data.holdout, recipe.train.seed)]
        return _Looked(survey._replace(items=len(data.items)), found, data)
    except MultiGANError as error:
        known = any(one.severity == "fault" for one in survey.findings)
        return _Looked(survey, [*odd, *([] if known else [_fault("no-pairs", error)])])


def _one_sided(plugin: Modality, root: Path) -> list[Finding]:
    half = half_of(root, plugin)
    if half is None:
        return []
    return [Finding("note", "one-sided", half.hint(), (), half.files, "nothing, where that is meant")]


def _two_sets(plugin: Modality, root: Path, recipe: Recipe, tick: Tick) -> Survey:
    """Targets, with how many inputs lie beside them, where a place holds two sets without pairs."""
    table = recipe.input
    sets = None if table is None or table.source else sets_of(root, plugin.suffixes, swap=table.swap)
    if sets is None:
        return _survey(plugin, root, recipe, tick)
    of_inputs = _survey(plugin, sets.source, recipe, tick)
    survey = _survey(plugin, sets.target, recipe, tick)
    counts = {
        "inputs": f"{of_inputs.items:,} in {shown(sets.source.name)}/",
        "targets": f"{survey.items:,} in {shown(sets.target.name)}/",
        "pairs": "none: two sets",
    }
    findings = [*survey.findings, *of_inputs.findings]
    return survey._replace(counts={**survey.counts, **counts}, findings=findings)


def _by_loading(plugin: Modality, path: Path, options: Mapping[str, Any]) -> Survey:
    """For modalities without an inspection of their own: load, count, and say what the loader said."""
    data: Data = guarded(plugin, "load", lambda: plugin.load(str(path), **options))
    said = [Finding("note", "loader", line) for line in data.report]
    counts = {"samples": f"{len(data.items):,}", "classes": f"{len(data.spec.classes):,}"}
    return Survey(counts, said, len(data.items), data.spec, _labelled(data))


def _labelled(data: Data) -> dict[str, int]:
    if data.labels is None:
        return {}
    of_class = data.labels.flatten().bincount(minlength=len(data.spec.classes)).tolist()
    return dict(zip(data.spec.classes, of_class, strict=True))


def _classes(recipe: Recipe, survey: Survey) -> tuple[Recipe, list[Finding]]:
    """The recipe as training would settle it by the classes, and that they are not used, where that is so."""
    recipe, lines = classes_in_use(recipe, [*survey.classes], [*survey.classes.values()])
    if not lines or recipe.game.conditional:
        return recipe, []
    found, (what, _, how) = lines[0], lines[1].partition("; with: ")
    return recipe, [
        Finding("note", "labels-unused", f"{found}: {what}", (), len(survey.classes), f"to use them: {how}")
    ]


def _fault(name: str, error: MultiGANError) -> Finding:
    what = ": ".join(filter(None, [error.place, error.given]))
    return Finding("fault", name, shown(what), (), 1, "; ".join(filter(None, [error.expected, error.fix])))


def _costs(recipe: Recipe, survey: Survey) -> dict[str, str]:
    """What a run of the recipe would do with this data."""
    if survey.spec is None or not survey.items:
        return {}
    before = [f"{phase.samples:,} of them in {phase.name}" for phase in recipe.phases]
    samples = recipe.train.samples + sum(phase.samples for phase in recipe.phases)
    aside = f" ({', '.join(before)})" if before else ""
    return {
        "training": f"{counted(samples, 'sample')}{aside}, {samples / survey.items:,.1f} times through the data",
        "one batch": f"{recipe.train.batch} × {_shape(survey.spec)}, {_mib(_batch_bytes(recipe, survey.spec))}",
    }


def _costly(recipe: Recipe, survey: Survey, data: Data | None) -> list[Finding]:
    """Nets that cannot be built for such samples, and batches that need much memory."""
    if survey.spec is None:
        return []
    found = []
    size = _batch_bytes(recipe, survey.spec)
    if size > LARGE_BATCH_BYTES:
        what = f"one batch of {recipe.train.batch} takes {_mib(size)} before any net has seen it"
        found.append(
            Finding("warning", "large-batch", what, (), 1, f"--set train.batch={max(1, recipe.train.batch // 4)}")
        )
    try:
        build_nets(recipe, survey.spec, None if data is None or data.inputs is None else data.inputs.spec)
    except MultiGANError as error:
        found.append(_fault("no-net", error))
    return found


def _held_out(recipe: Recipe, items: int, data: Data | None) -> list[Finding]:
    """That a run could not be judged by unseen items, or not at all; of pairs by training's own groups."""
    groups = None if data is None else getattr(data.items, "groups", None)
    try:
        with locating(recipe), under("data", "holdout"):
            split = split_items(items, recipe.data.holdout, recipe.train.seed, groups)
    except MultiGANError as error:
        return [_fault("nothing-left", error)]
    if len(split.held_out) or not items:
        return []
    severity: Severity = "warning" if items < TO_EVALUATE else "note"
    fix = f"collect {FROM} samples or more" if recipe.data.holdout == "auto" else "--set data.holdout=auto"
    return [Finding(severity, "nothing-held-out", split.reason, (), items, fix)]


def _batch_bytes(recipe: Recipe, spec: Spec) -> int:
    return recipe.train.batch * prod(spec.shape) * BYTES


def _shape(spec: Spec) -> str:
    return " × ".join(str(n) for n in spec.shape)


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"

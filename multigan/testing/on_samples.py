"""Checks of what a modality makes of samples: files, sheets, features, scores."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins.abilities import Augments, Likely, Scores, Untouched, able
from multigan.plugins.contract import check_rendered
from multigan.plugins.score_rows import checked_rows
from multigan.provenance import labels as provenance
from multigan.recipe.options import bind
from multigan.testing.case import Case
from multigan.testing.rules import Skip, rule
from multigan.testing.views import check_view

__all__ = ["CHECKS", "alike"]

TOLERANCE = 0.01  # of the range of a sample: files round
MANY = 64
MARGIN = 0.1  # of the energy distance over the mean distance of reals, which has a deviation of about .03 here
LABEL = provenance.label("trial", "0" * 64, "trial", 0)


def render(case: Case) -> None:
    """A `render` that loses samples, gives no list, or differs between calls."""
    real = case.real
    samples = case.modality.render(real, case.spec)
    check_rendered(case.modality, samples, len(real))
    again = case.modality.render(real, case.spec)
    rule(all(map(alike, samples, again)), "render differs between calls", "the same samples for the same tensor")


def save(case: Case) -> None:
    """Files that are missing, empty, outside the folder or without provenance."""
    samples = case.modality.render(case.real, case.spec)
    folder, names = case.new_folder("save"), [f"0-{number:05d}" for number in range(len(samples))]
    paths = case.modality.save(samples, folder, names, LABEL)
    rule(isinstance(paths, list) and bool(paths), f"save gives {paths!r}", "the list of files that it wrote")
    for path in paths:
        _check_file(path, "save")
        rule(path.parent == folder, f"save writes {path.name} elsewhere", "into the folder that it is given")


def sheet(case: Case) -> None:
    """An overview that is missing, empty, misnamed or without provenance."""
    samples = case.modality.render(case.real, case.spec)
    wanted = case.new_folder("sheet") / "samples-0"
    path = case.modality.sheet(samples, wanted, LABEL)
    _check_file(path, "sheet")
    named = path.parent == wanted.parent and path.name.startswith("samples-0") and path != wanted
    rule(named, f"sheet writes {path.name}", "the given path with the modality's suffix")


def round_trip(case: Case) -> None:
    """File -> tensor -> file: what `save` writes, `load` reads, and it renders the same."""
    if not case.modality.suffixes:
        raise Skip("it reads no files")
    samples = case.modality.render(case.real, case.spec)
    folder, names = case.new_folder("trip"), [f"0-{number:05d}" for number in range(len(samples))]
    saving = case.modality.untouched if able(case.modality, Untouched) else {}
    paths = case.modality.save(samples, folder, names, LABEL, **saving)
    given = case.trial.reload if case.trial.reload is not None else case.trial.options
    options = bind(case.modality.load, given, "trial.reload")
    data = case.modality.load(str(paths[0] if len(paths) == 1 else folder), **options)
    count = len(data.items)
    rule(
        count == len(samples),
        f"load reads {count} of {counted(len(samples), 'sample')} that save wrote",
        f"{len(samples)}",
    )
    raw = data.items.take(torch.arange(count), Draw(0))
    again = case.modality.render(case.modality.to_real(raw, data.spec), data.spec)
    different = [number for number, pair in enumerate(zip(samples, again, strict=True)) if not alike(*pair)]
    rule(not different, f"sample {different[:1]} changes from file to tensor to file", "the same samples")


def features(case: Case) -> None:
    """Features that are not finite `(batch, dim)`, differ between calls, or are the same for all samples."""
    real = case.real
    found = case.modality.features(real, case.spec)
    rule(found.ndim == 2 and len(found) == len(real), f"features are {tuple(found.shape)}", f"({len(real)}, dim)")
    rule(found.is_floating_point() and bool(torch.isfinite(found).all()), "features are not finite", "finite floats")
    rule(torch.equal(found, case.modality.features(real, case.spec)), "features differ between calls", "the same")
    rule(bool((found != found[:1]).any()), "features of all samples are the same", "features that tell samples apart")


def scores(case: Case) -> None:
    """Scores that are no rows with a title, a group and a finite number; see `multigan.plugins.abilities.Scores`."""
    modality, spec = case.modality, case.spec
    taken = list[str]()
    if able(modality, Scores):
        samples = modality.render(case.real, spec)
        rows = checked_rows(modality, "own_scores", lambda: modality.own_scores(samples, samples, samples, spec))
        taken += [row["key"] for row in rows]
    if able(modality, Likely):
        net, real = case.generator().net, case.real
        checked_rows(modality, "model_scores", lambda: modality.model_scores(net, real, spec), taken)
    if not able(modality, Scores) and not able(modality, Likely):
        raise Skip("it has no scores of its own")


def floor(case: Case) -> None:
    """Features in which an untrained G is as near to reals as other reals are: then no score means anything."""
    count = min(MANY, len(case.data.items))
    if count < 2 * case.recipe.train.batch:
        raise Skip(f"{counted(count, 'item is', 'items are')} too few")
    order = torch.randperm(len(case.data.items), generator=Draw(0).generator("floor"))[:count]
    reals = case.modality.to_real(case.data.items.take(order, Draw(0)), case.spec)
    fakes = case.generator().tensors(count // 2)
    one, other, fake = (case.modality.features(x, case.spec).double() for x in (*reals.chunk(2), fakes))
    distance = Distance(max(mean_distance(torch.cat([one, other])), 1e-12))
    near, far = mmd(one, other, distance), mmd(fake, other, distance)
    given = f"in features, reals are {near:.3g} from reals and an untrained G is {far:.3g}"
    rule(near + MARGIN < far, given, f"{MARGIN} more at least, in units of the spread of reals")


def augmentations(case: Case) -> None:
    """Augmentations that change shapes, draw elsewhere than from the draw, or block gradients."""
    if not able(case.modality, Augments) or not case.modality.augmentations:
        raise Skip("it has no augmentations")
    real = case.real
    for name, change in case.modality.augmentations.items():
        check_view(change, real[: len(real) - len(real) % 2], case.spec, f"augmentation '{name}'")


def alike(one: Any, other: Any) -> bool:
    """Whether two rendered samples are the same: strings exactly, numbers within 1 % of their range."""
    if isinstance(one, str) or one is None or isinstance(one, bool):
        return bool(one == other)
    if isinstance(one, Mapping):
        return isinstance(other, Mapping) and [*one] == [*other] and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and not _numeric(one):
        return isinstance(other, Sequence) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return bool(abs(one - other) <= TOLERANCE * max(1e-3, abs(one)))
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape or a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return a.shape == b.shape and bool(np.array_equal(a, b))
    a, b = a.astype(float), b.astype(float)
    return not a.size or bool(np.abs(a - b).max() <= TOLERANCE * max(np.ptp(a), 1e-3))


def _numeric(values: Sequence[Any]) -> bool:
    return all(isinstance(value, float | int) and not isinstance(value, bool) for value in values)


def _check_file(path: Any, method: str) -> None:
    rule(path.is_file() and path.stat().st_size > 0, f"{method} leaves no file {path.name}", "a file with content")
    try:
        found = provenance.read(path)
    except DataError:
        found = {}
    rule(
        found == LABEL, f"{method} writes {path.name} without its provenance", "a writer of multigan.provenance.labels"
    )


CHECKS = (render, save, sheet, round_trip, features, scores, floor, augmentations)

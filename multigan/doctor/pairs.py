"""Pairs of inputs and targets looked at before training: sizes that differ, sides that are swapped, equal or leaked."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.owners import owners_of
from multigan.core.types import Data, Modality
from multigan.engine.holdout import split_items
from multigan.files.findings import Finding, Severity, finding, shown

__all__ = ["MOST", "leaked_lines", "odd_sizes", "pair_findings"]

MOST = 2000
"""Pairs that are looked at."""
QUICKLY = 400
"""Pairs of files that are looked at in passing, which takes a second or two."""
CLEARLY = 3.0
"""Deviations by which the two sides must differ in the middle, before one pair can be called the other way round."""
FEWEST = 16
DISTINCT = 0.5
"""Share of the files of a side that are like no other: below it, equal files are its nature (maps of a few areas)."""
Size = tuple[int, int]


def pair_findings(data: Data, modality: Modality, holdout: float | str, seed: int) -> list[Finding]:
    """What is odd about pairs, as training would take them.

    Args:
        data: with inputs beside their targets, and names where its files have some.
        modality: of the targets.
        holdout: of the recipe.
        seed: of the recipe: which pairs are held out.
    """
    inputs, spec = data.inputs, data.spec
    rows, draw = _looked_at(data), Draw(seed, 0, "pick/")
    if inputs is None or not len(rows) or inputs.take(rows[:1], draw) is None:
        return []
    raw, targets = _sides(data, rows, draw)
    names = _names(data, rows)
    found = _identical(data, raw, targets, names)
    if not found and inputs.spec.shape == spec.shape:
        few, wanted = raw[:MOST], targets[:MOST]
        sides = [modality.features(x, spec) for x in (inputs.make(wanted, few, draw), modality.to_real(wanted, spec))]
        found += _swapped(sides[0], sides[1], names[:MOST])
    groups = getattr(data.items, "groups", None)
    split = split_items(len(data.items), holdout, seed, groups)  # type: ignore[arg-type]
    return [*found, *_leaked(data, rows, (raw, targets), names, split.held_out)]


def leaked_lines(data: Data, held_out: Tensor, seed: int) -> list[str]:
    """A line for training and for an evaluation, where held-out pairs are half known; nothing where it takes long.

    Args:
        data: as it is trained on.
        held_out: item numbers.
        seed: of the recipe.
    """
    inputs, rows, draw = data.inputs, _looked_at(data), Draw(seed, 0, "pick/")
    if inputs is None or not inputs.aligned or not len(rows) or not len(held_out):
        return []
    if (len(rows) > QUICKLY and not _whole(data)) or inputs.take(rows[:1], draw) is None:
        return []
    found = _leaked(data, rows, _sides(data, rows, draw), _names(data, rows), held_out)
    return [f"{one.what} (such as {one.evidence[0]}); {one.fix}" for one in found]


def _sides(data: Data, rows: Tensor, draw: Draw) -> tuple[Tensor, Tensor]:
    """Inputs and targets of pairs, before they are brought to any net's space."""
    # One by one: what moves pictures moves all of them alike, so that equal ones stay equal. Nothing moves texts.
    parts = rows.split(len(rows) if _whole(data) else 1)
    inputs = [one for part in parts if data.inputs and (one := data.inputs.take(part, draw)) is not None]
    return torch.cat(inputs), torch.cat([data.items.take(part, draw) for part in parts])


def odd_sizes(pairs: Sequence[tuple[Path, Path]], size_of: Callable[[Path], Size | None], root: Path) -> list[Finding]:
    """Pairs whose two files are of other proportions than most pairs are: they would be cut or stretched differently.

    Args:
        pairs: files of an input and its target.
        size_of: (width, height) of a file, or None where it cannot be told.
        root: above which names are told.
    """
    known = [(one, other, a, b) for one, other in pairs if (a := size_of(one)) and (b := size_of(other))]
    factors = [(b[0] / a[0], b[1] / a[1]) for _, _, a, b in known]
    if not factors:
        return []
    usual = max(set(factors), key=factors.count)
    odd = [
        f"{shown(str(other.relative_to(root)))}: {a[0]} × {a[1]} to {b[0]} × {b[1]}"
        for (one, other, a, b), factor in zip(known, factors, strict=True)
        if factor != usual
    ]
    how = "of equal size" if usual == (1.0, 1.0) else f"{usual[0]:g} times as wide and {usual[1]:g} times as high"
    what = f"{{n}} pair{{s}} of other sizes than most, whose targets are {how}"
    found = finding("warning", "pair-sizes", what, odd, "bring both files of a pair to one grid")
    return [*_mismatch(usual, factors.count(usual)), *found]


def _mismatch(usual: tuple[float, float], count: int) -> list[Finding]:
    """Most pairs' targets are larger or smaller than their inputs by what no upscaler does."""
    wide, high = usual
    if wide == high and (wide.is_integer() or (1 / wide).is_integer()):
        return []
    what = f"targets are {wide:.3g} times as wide and {high:.3g} times as high as their inputs"
    if wide != high:
        fix = "bring both files of a pair to one shape: each is cut to fit, and what is cut is not the same"
        return [Finding("warning", "pair-shapes", f"in {counted(count, 'pair')} {what}", (), count, fix)]
    fix = "nothing, where both are brought to one size: --set data.size=N; or whole multiples, for a net that enlarges"
    return [Finding("note", "pair-scales", f"in {counted(count, 'pair')} {what}", (), count, fix)]


def _looked_at(data: Data) -> Tensor:
    """Rows of files in memory, all of them; else one item of each group, int64 `(n,)`: a mirror image is not new."""
    return torch.arange(len(data.items)) if _whole(data) else _firsts(data)[:MOST]


def _whole(data: Data) -> bool:
    """Whether all pairs can be looked at, at once."""
    return bool(data.places) and getattr(data.items, "resident", False)


def _firsts(data: Data) -> Tensor:
    found = dict[int, int]()
    for item, group in enumerate(owners_of(data.items).tolist()):
        found.setdefault(group, item)
    return torch.tensor(list(found.values()), dtype=torch.long)


def _names(data: Data, rows: Tensor) -> list[str]:
    if data.places:
        return [shown(data.places[k]) for k in rows.tolist()]
    groups = owners_of(data.items)[rows].tolist()
    return [shown(data.names[k]) if data.names and k < len(data.names) else str(k) for k in groups]


def _identical(data: Data, raw: Tensor, targets: Tensor, names: Sequence[str]) -> list[Finding]:
    """Pairs whose input is the target, as training takes both."""
    same = _same(data, raw, targets)
    equal = [name for name, one in zip(names, same.tolist(), strict=True) if one]
    every = len(equal) == len(names)
    severity: Severity = "fault" if every else "warning"
    what = "{n} pair{s} whose input and target are equal"
    fix = f"{_same_advice(data, every=every)}: there is nothing to learn from such pairs"
    return list(finding(severity, "same-sides", what, equal, fix))


def _same(data: Data, raw: Tensor, targets: Tensor) -> Tensor:
    """Bool `(n,)`; of texts that are padded to two lengths, of which one may be cut, by the places that both have."""
    never, end = torch.zeros(len(raw), dtype=torch.bool), data.spec.meta.get("end")
    if not data.places or end is None:
        return never if raw.shape != targets.shape else (raw == targets).flatten(1).all(1)
    if data.inputs is None or data.inputs.spec.meta != data.spec.meta:
        return never  # numbers of two vocabularies say nothing of each other
    short, long = sorted((raw, targets), key=lambda side: side.shape[1])
    shared = short.shape[1]
    same, rest = (short == long[:, :shared]).all(1), torch.eq(long[:, shared:], int(end)).all(1)
    return same & (rest | torch.ne(short[:, -1], int(end)))


def _same_advice(data: Data, *, every: bool) -> str:
    """What helps, by where such pairs lie."""
    if not data.places:
        return "look whether both folders hold the same files"
    if not every:
        return "take these lines out" + (" of both files" if len(data.files) > 1 else "")
    if len(data.files) > 1:
        return "look whether both files are the same"
    return "name two other columns, --set input.column=NAME --set data.column=NAME"


def _swapped(inputs: Tensor, targets: Tensor, names: Sequence[str]) -> list[Finding]:
    """Pairs whose input looks like the others' targets, and whose target like their inputs.

    Along Fisher's direction between the two sides, a pair's target less its input is positive; where the two sides are
    clearly apart, a pair with as much below zero as most have above is the other way round.
    """
    if len(names) < FEWEST:
        return []
    one, other = inputs.double(), targets.double()
    scale = torch.cat([one, other]).std(0).clamp_min(1e-9)
    one, other = one / scale, other / scale
    within = (torch.cov(one.T) + torch.cov(other.T)) / 2
    eye = torch.eye(len(within), dtype=within.dtype)
    middle = other.median(0).values - one.median(0).values
    # With fewer pairs than features, a direction that heeds all of their spread would fit any pair.
    ridge = len(within) / len(names) * within.diagonal().mean() + 1e-9
    way = torch.linalg.solve(within + ridge * eye, middle)
    gaps = (other - one) @ way
    usual = gaps.median()
    spread = (gaps - usual).abs().median() * 1.4826  # of a normal distribution, its deviation
    if not usual > CLEARLY * spread:
        return []
    odd = [name for name, gap in zip(names, gaps.tolist(), strict=True) if gap < -0.5 * usual]
    what = "{n} pair{s} whose input looks like the others' targets, and the other way round"
    return list(finding("warning", "swapped-sides", what, odd, "swap their files"))


def _leaked(
    data: Data, rows: Tensor, sides: tuple[Tensor, Tensor], names: Sequence[str], chosen: Tensor
) -> list[Finding]:
    """Held-out pairs whose input or target is also a trained pair's. A side that repeats itself anyway says nothing."""
    held_out = torch.isin(rows, chosen).tolist()
    leaked = [False] * len(names)
    for side in sides:
        contents = [hash(one.tobytes()) for one in side.numpy()]
        if len(set(contents)) < DISTINCT * len(contents):
            continue
        trained = {one for one, out in zip(contents, held_out, strict=True) if not out}
        leaked = [
            before or (out and one in trained) for before, one, out in zip(leaked, contents, held_out, strict=True)
        ]
    found = [name for name, one in zip(names, leaked, strict=True) if one]
    what = "{n} held-out pair{s} whose input or target is trained on in another pair: scores would be too good"
    fix = "take the doubles away" + ("; an answer that suits many inputs may stay" if data.places else "")
    return list(finding("warning", "leaked-pairs", what, found, fix))

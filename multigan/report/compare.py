"""Runs beside each other: seeds put together, and every difference held against its noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import RunError
from multigan.report.chart import short
from multigan.report.entries import Entry, Score, differing_keys, read_entry, vitals_entry
from multigan.report.noise import LEVEL, holm, mean_deviation, welch_p

__all__ = ["Comparison", "Difference", "Group", "compare"]

UNLIKE = "not comparable"
OTHER_DATA = "the runs are trained on different data"
ASKED, SEEN = "train.samples", "samples seen"


@dataclass(frozen=True)
class Group:
    """Runs that differ only in the seed.

    Attributes:
        name: of its first run.
        runs: in the order given, one a seed.
    """

    name: str
    runs: tuple[Entry, ...]

    def values(self, key: str) -> list[float]:
        """The score of every seed that has it."""
        return [run.scores[key].value for run in self.runs if key in run.scores]


@dataclass(frozen=True)
class Difference:
    """One score of a group against the first group.

    Attributes:
        key: of the score.
        group: which group, from 1 on.
        difference: its mean less the first group's.
        p: Welch's, corrected by Holm for the number of tests; NaN where seeds are missing.
        verdict: `"differs"`, `"within noise"`, `"intervals apart"`, `"cannot be told"` or `"not comparable"`.
        reason: why, in words.
    """

    key: str
    group: int
    difference: float
    p: float
    verdict: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """What `compare` found: groups, titles of scores, differences to the first group, recipe keys, warnings.

    Among the keys is `samples seen`, which is not one of recipes.
    """

    groups: tuple[Group, ...]
    titles: dict[str, Score]
    differences: tuple[Difference, ...]
    keys: dict[str, list[Any]]
    warnings: tuple[str, ...]

    def cell(self, group: Group, key: str) -> str:
        """Mean ± deviation (seeds) for people."""
        values = group.values(key)
        if not values:
            return "—"
        mean, deviation = mean_deviation(values)
        spread = "" if math.isnan(deviation) else f" ± {short(deviation)}"
        return f"{short(mean)}{spread} ({len(values)})"

    def lines(self) -> list[str]:
        """The table for a terminal; before it, what says that its rows mean little."""
        unlike = self.unlike
        warnings = [line for line in self.warnings if not (unlike and line.startswith(OTHER_DATA))]
        first = [*([unlike] if unlike else []), *(f"warning: {line}" for line in warnings)]
        return [*first, *self._rows(told=not unlike)]

    def to_json(self) -> dict[str, Any]:
        """JSON values; what is unknown is null."""
        return {
            "groups": [
                {
                    "name": group.name,
                    "runs": [str(run.folder) for run in group.runs],
                    "seeds": [run.recipe.train.seed for run in group.runs],
                    "scores": {
                        key: dict(
                            zip(("mean", "deviation"), map(_plain, mean_deviation(group.values(key))), strict=True),
                            values=group.values(key),
                        )
                        for key in self.titles
                        if group.values(key)
                    },
                }
                for group in self.groups
            ],
            "differences": [{**vars(d), "p": _plain(d.p)} for d in self.differences],
            "recipe_keys": self.keys,
            "warnings": list(self.warnings),
        }

    @property
    def unlike(self) -> str:
        """Why no score of these runs can be compared, or ""."""
        reasons = {d.reason for d in self.differences if d.verdict == UNLIKE}
        alone = len(reasons) == 1 and all(d.verdict == UNLIKE for d in self.differences)
        return f"no score is comparable: {reasons.pop()}" if alone else ""

    def _rows(self, *, told: bool) -> list[str]:
        lines = [f"{n}  {group.name}: {counted(len(group.runs), 'seed')}" for n, group in enumerate(self.groups)]
        lines += [f"   {key}: {' | '.join(map(str, values))}" for key, values in self.keys.items()]
        for key, score in self.titles.items():
            if not told:
                lines.append(f"{score.title}: {UNLIKE}")
                continue
            cells = " | ".join(self.cell(group, key) for group in self.groups)
            lines.append(f"{score.title}: {cells}   (mean ± deviation (seeds))")
            differences = [d for d in self.differences if d.key == key]
            lines += [f"   0 to {d.group}: {d.verdict}, {d.reason}" for d in differences]
        return lines


def compare(runs: Sequence[str | Path]) -> Comparison:
    """Put runs beside each other.

    Runs whose recipes differ only in the seed are one group. Every group is held against the first: by Welch's t-test
    over seeds where both have two or more, with all p-values corrected together (Holm); else by the intervals of single
    scores, which know nothing of seeds. Scores are those of `evaluation.json`; where a run has none, the best distance
    of the vitals is taken for all.

    Args:
        runs: run directories, at least two.

    Raises:
        RunError: fewer than two runs, one that holds nothing to compare, or runs of different modalities.
    """
    entries = [read_entry(run) for run in dict.fromkeys(map(Path, runs))]
    if len(entries) < 2:
        raise RunError(f"{len(entries)} run to compare", "at least two run directories", "name another")
    found = sorted({entry.recipe.modality for entry in entries})
    if len(found) > 1:
        raise RunError(f"runs of {' and '.join(found)}", "runs of one modality", "compare like with like")
    warnings: list[str] = []
    bare = [str(entry.folder) for entry in entries if not entry.scores]
    if bare:
        warnings.append(f"not evaluated: {', '.join(bare)}; all runs are compared by the best distance of their vitals")
        entries = [vitals_entry(entry) for entry in entries]
    groups = _grouped(entries, warnings)
    mixed = _frame_warnings(entries, warnings)
    titles = {key: score for entry in entries for key, score in entry.scores.items()}
    tests = [(key, n) for key in titles for n in range(1, len(groups))]
    p_values = holm([math.nan if mixed else welch_p(groups[0].values(k), groups[n].values(k)) for k, n in tests])
    differences = [_difference(groups, key, n, p, unlike=mixed) for (key, n), p in zip(tests, p_values, strict=True)]
    keys = _with_seen(differing_keys([group.runs[0].recipe for group in groups]), groups)
    return Comparison(tuple(groups), titles, tuple(d for d in differences if d), keys, tuple(warnings))


def _grouped(entries: Sequence[Entry], warnings: list[str]) -> list[Group]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        same = found.setdefault(entry.group, [])
        if any(entry.recipe.train.seed == other.recipe.train.seed for other in same):
            warnings.append(f"{entry.folder} repeats recipe and seed of another run and is left out: no new seed")
        else:
            same.append(entry)
    return [Group(runs[0].folder.name, tuple(runs)) for runs in found.values()]


def _frame_warnings(entries: Sequence[Entry], warnings: list[str]) -> str:
    """Why scores have different meanings in different runs, or ""; other mismatches only warn."""
    known = [entry.data for entry in entries if entry.data is not None]
    contents = {data.identity.content for data in known}
    sources = {entry.recipe.data.source for entry in entries}
    other = len(contents if len(known) == len(entries) else sources) > 1
    warnings += [f"{OTHER_DATA}: scores are against different reals"] if other else []
    warnings += [
        f"not the same in all runs: {name}; --samples and --extractor of evaluate choose them, as far as data are alike"
        for name in dict.fromkeys(name for entry in entries for name in entry.frame)
        if any(entry.frame.get(name) != entries[0].frame.get(name) for entry in entries)
    ]
    warnings += [f"{entry.folder}: {line}" for entry in entries if entry.data for line in entry.data.warnings()]
    if other:
        return OTHER_DATA
    mixed = any(entry.frame.get("extractor") != entries[0].frame.get("extractor") for entry in entries)
    return "other feature extractors measured them" if mixed else ""


def _with_seen(keys: dict[str, list[Any]], groups: Sequence[Group]) -> dict[str, list[Any]]:
    """The same with what was seen in place of what was asked for, where all runs know it."""
    seen = [sorted({run.seen for run in group.runs if run.seen is not None}) for group in groups]
    if not all(seen) or all(one == seen[0] for one in seen):
        return keys
    told = {SEEN: [one[0] if len(one) == 1 else f"{one[0]} to {one[-1]}" for one in seen]}
    return {**told, **{key: values for key, values in keys.items() if key != ASKED}}


def _difference(groups: Sequence[Group], key: str, number: int, p: float, *, unlike: str) -> Difference | None:
    first, other = groups[0].values(key), groups[number].values(key)
    if not first or not other:
        return None
    gap = mean_deviation(other).mean - mean_deviation(first).mean
    if unlike:
        return Difference(key, number, gap, p, UNLIKE, unlike)
    if not math.isnan(p):
        word = "differs" if p < LEVEL else "within noise"
        return Difference(
            key, number, gap, p, word, f"p = {p:.2g} (Welch over {len(first)} and {counted(len(other), 'seed')}, Holm)"
        )
    if min(len(first), len(other)) > 1:
        return Difference(key, number, gap, p, "cannot be told", "the seeds show no spread at all")
    word, reason = _by_intervals(groups[0].runs[0].scores[key], groups[number].runs[0].scores[key])
    return Difference(key, number, gap, p, word, reason)


def _by_intervals(one: Score, other: Score) -> tuple[str, str]:
    missing = "seeds are missing: train both with two or more"
    bounds = (one.low, one.high, other.low, other.high)
    if any(math.isnan(bound) for bound in bounds):
        return "cannot be told", f"no interval is known; {missing}"
    if one.low <= other.high and other.low <= one.high:
        return "within noise", f"the intervals overlap; {missing}"
    return "intervals apart", f"more than the noise of sampling, but {missing}"


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""A generator that is given an input, judged by what it makes of inputs it never saw, beside the targets."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, DataError
from multigan.core.owners import mirrored_of
from multigan.core.types import Data
from multigan.engine.batches import Batches
from multigan.evaluation.cells import by_cell
from multigan.evaluation.paired_interval import interval_of, known_end
from multigan.evaluation.score import Score
from multigan.evaluation.subject import Subject
from multigan.features import Extractor
from multigan.generator.generator import Generator, load
from multigan.generator.twin import FIT, TWIN, twin_of
from multigan.inputs.meter import again_db, views_of
from multigan.metrics.intervals import Interval, bootstrap, wilson
from multigan.metrics.kernel_distance import kernel_distance, standardised
from multigan.metrics.rows import About
from multigan.plugins.abilities import Contends, Couples, Matches, Recalls, able
from multigan.plugins.paired import PairScore
from multigan.run.triplets import made_of

__all__ = [
    "FEWEST",
    "Pairs",
    "Systems",
    "bought",
    "compared",
    "pairs_of",
    "systems_of",
    "translation",
    "translation_scores",
]

FEWEST = 2
RESAMPLES = 50
ENOUGH = 30
"""Pairs below which a difference of two systems says nothing."""
WORST = 8
LEAST_KERNEL, SUBSETS = 8, 20
OTHERS = "other targets in the place of outputs"
GENERATOR = "generator"
TRAINED = (GENERATOR, FIT, TWIN)
"""Systems that are not what needs no training."""
TOLD = ("similarity", "quality")
"""Groups of scores in which one system is better than another: to be various as such is no merit of an output."""

L1 = PairScore(
    About("l1", "L1 distance to the target", "similarity", "lower", "in D's space"),
    lambda real, fake: (real - fake).abs().flatten(1).mean(1, keepdim=True),
    lambda rows: float(rows.double().mean()),
    bounds=(0.0, math.inf),
)


@dataclass(frozen=True)
class Pairs:
    """Items with their inputs, on the CPU.

    Attributes:
        items: int64 `(n,)`, their numbers.
        source: inputs `(n, ...)`.
        real: targets `(n, *spec.shape)`.
        cond: labels `(n,)`, or None.
        unseen: whether they were held out.
    """

    items: Tensor
    source: Tensor
    real: Tensor
    cond: Tensor | None
    unseen: bool


@dataclass(frozen=True)
class Systems:
    """What is compared: outputs `(n, *spec.shape)` for the same inputs, by name, and what is said of some of them.

    Attributes:
        left_out: why the twin that lies in the run is not among them, or "".
    """

    made: Mapping[str, Tensor]
    rival: str
    notes: Mapping[str, str]
    left_out: str = ""


def pairs_of(subject: Subject, most: int) -> Pairs:
    """Held-out pairs, or trained ones where none are held out; all of them where they are other data.

    A mirrored pair is no further one, and is left out.

    Raises:
        DataError: there are fewer than 2.
    """
    mirrored = mirrored_of(subject.data.items)
    held_out, trained = (items[~mirrored[items]] for items in (subject.split.held_out, subject.split.train))
    unseen = subject.other_data or len(held_out) >= FEWEST
    items = held_out if unseen else trained
    items = torch.cat([trained, held_out]) if subject.other_data else items
    if len(items) < FEWEST:
        raise DataError(counted(len(items), "pair"), f"{FEWEST} or more", "train on more data")
    places = torch.linspace(0, len(items) - 1, min(most, len(items)), dtype=torch.float64).round().long()
    return _read(subject.data, subject, items[places], unseen)


def systems_of(subject: Subject, pairs: Pairs, seed: int) -> Systems:
    """The generator, the rival that needs no training, the fit alone, where the run kept one, and its twin."""
    generator, data = subject.generator, subject.data
    made = {GENERATOR: made_of(generator.net, pairs.source, pairs.cond, Draw(seed, 0, "evaluate/"))}
    rival, notes = "", dict[str, str]()
    given = data.inputs
    if given is not None and able(generator.modality, Matches):
        found = generator.modality.rival(pairs.source, given.spec, data.spec)
        if found is not None:
            rival, made[found[0]] = found
    if data.inputs is not None and able(generator.modality, Recalls):
        made |= generator.modality.recalled(data, subject.split.train, pairs.source)
    if given is not None and able(generator.modality, Contends):
        made |= generator.modality.contenders(pairs.source, given.spec, data.spec)
    fit = _fit(subject)
    if fit is not None:
        made[FIT] = made_of(fit.net, pairs.source, pairs.cond, Draw(seed, 0, "evaluate/"))
        seen = [one.config.get("samples_seen") for one in (fit, generator)]
        if all(isinstance(one, int) for one in seen):
            notes[FIT] = f"after {seen[0]:,} samples, where the generator has seen {seen[1]:,}"
    twin, left_out = twin_of(subject.folder)
    if twin is not None:
        made[TWIN] = made_of(twin[1].net, pairs.source, pairs.cond, Draw(seed, 0, "evaluate/"))
        notes[TWIN] = twin[0].line()
    return Systems(made, rival, notes, left_out)


def translation_scores(
    subject: Subject, pairs: Pairs, systems: Systems, extractor: Extractor, others: Tensor
) -> tuple[list[Score], dict[str, dict[str, Any]]]:
    """Scores of the generator, and of every system by name: `{system: {key: {value, low, high}}}`.

    Args:
        subject: the run.
        pairs: the items.
        systems: what is compared.
        extractor: of features, for the kernel distance.
        others: other targets `(m, *spec.shape)`, in the place of outputs for floors of distances between sets.
    """
    table, scores = {name: dict[str, Any]() for name in systems.made}, list[Score]()
    for score in _defined(subject, pairs):
        found = {name: _framed(score, pairs.real, fake) for name, fake in systems.made.items()}
        if any(math.isnan(one.value) for one in found.values()):
            continue  # defined for no pair
        floor = _floor(score, pairs, others)
        about = score.about
        if not score.suits(pairs.real):
            about = about._replace(note=f"{about.note}; most targets are too short for it: go by the others")
        _add(table, scores, about, found, systems, pairs, floor, "")
    scores += _kernel(pairs, systems, extractor, others, table)
    return [*scores, *_copies(subject, pairs, systems, table), *_again(subject, pairs, systems, table)], table


def lacking(subject: Subject, pairs: Pairs) -> list[str]:
    """Which scores are left out, and what all targets lack for them."""
    return [why for score in _offered(subject) if (why := score.lacks(pairs.real))]


def translation(
    subject: Subject, pairs: Pairs, systems: Systems, table: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What the report shows: every system's scores, and the items that a person should look at first."""
    again = _again_rows(subject, pairs, systems.made[GENERATOR])
    errors = (systems.made[GENERATOR] - pairs.real).abs().flatten(1).mean(1)
    order = (-errors if again is None else again).argsort()[:WORST]
    modality = subject.generator.modality
    by = "how far the output, degraded again, is from the input" if again is not None else "L1 distance to the target"
    return {
        "n": len(pairs.items),
        "unseen": pairs.unseen,
        "rival": systems.rival,
        "systems": {name: dict(row) for name, row in table.items()},
        "notes": dict(systems.notes),
        "cells": by_cell(modality, subject.data.spec, pairs.source, pairs.real, systems.made, _defined(subject, pairs)),
        "worst": {"by": by, "items": pairs.items[order].tolist()},
    }


def compared(scores: Sequence[Score], systems: Systems, table: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lines for people: what the adversary brought and what it cost, beside the rival and the fit alone."""
    shown = {score.key: score for score in scores if score.group in TOLD}
    lines = []
    for name in systems.made:
        if name == GENERATOR:
            continue
        told = []
        for key, score in shown.items():
            own, other = (table[one][key] for one in (GENERATOR, name))
            side = _side(own, other, score.better)
            told.append(f"{score.title} {score.told(own['value'])} against {score.told(other['value'])} ({side})")
        note = f", {systems.notes[name]}" if name in systems.notes else ""
        lines.append(f"beside {name}{note}: {'; '.join(told)}")
    return lines


def _side(own: Mapping[str, Any], other: Mapping[str, Any], better: str) -> str:
    """Whether a score is better than another, by the digits that are shown, or within what its interval leaves open."""
    a, b = own["value"], other["value"]
    if f"{a:.4g}" == f"{b:.4g}":
        return "the same"
    if own["low"] is not None and own["high"] is not None and own["low"] <= b <= own["high"]:
        return "within noise"
    nearer = abs(a - 1) < abs(b - 1) if better == "near floor" else (a > b) == (better == "higher")
    return "better" if nearer else "no better"


def bought(subject: Subject, pairs: Pairs, systems: Systems) -> list[str]:
    """Whether the game has made texts better than the fit, in one line; none without one.

    Beside the twin of as many updates, where there is one; else beside the fit that the game began with, which has had
    fewer. The difference of the modality's first score that suits the targets is taken on resampled pairs, the same for
    both; of fewer than 30 pairs nothing is said.
    """
    other = TWIN if TWIN in systems.made else FIT
    if other not in systems.made or not able(subject.generator.modality, Couples):
        return []
    score = next((one for one in _offered(subject) if one.suits(pairs.real)), None)
    if score is None:
        return []
    if len(pairs.real) < ENOUGH:
        return [f"what the adversary bought cannot be told by {counted(len(pairs.real), 'pair')}: {ENOUGH} are needed"]
    about, rows, number = score.about, score.rows, score.number
    both = torch.stack([rows(pairs.real, systems.made[name]) for name in (GENERATOR, other)], 1)
    draw = Draw(0, 0, "evaluate/bought/")
    gain = bootstrap(lambda x: number(x[:, 0]) - number(x[:, 1]), [both], draw, repeats=RESAMPLES)
    sure = ", the same in all resamples" if gain.low == gain.high else f" ({gain.low:+.2f} to {gain.high:+.2f})"
    range_ = f"{about.title} {gain.value:+.2f}{sure}"
    beside = "its twin of as many updates" if other == TWIN else f"{FIT}, which has had fewer updates"
    if gain.low > 0:
        return [f"the adversary bought {range_} over {beside}"]
    though = beside if other == TWIN else f"{FIT}, though that has had fewer updates"
    lost = "cost" if gain.high < 0 else "bought nothing:"
    return [f"the adversary {lost} {range_} over {though}"]


def _read(data: Data, subject: Subject, items: Tensor, unseen: bool) -> Pairs:
    conditional = subject.generator.conditional
    seed, modality = subject.recipe.train.seed, subject.generator.modality
    batches = Batches(data, modality, batch=1, seed=seed, split=subject.split, conditional=conditional)
    try:
        parts = [batches.pick(part) for part in items.split(len(items))]
    finally:
        batches.close()
    batch = parts[0]
    if batch.source is None:
        raise DataError("data without inputs", "the data that the run was trained on", "give it with --data PATH")
    return Pairs(items, batch.source, batch.real, batch.cond, unseen)


def _fit(subject: Subject) -> Generator | None:
    if subject.generator.kept == "fit":
        return None
    try:
        fit = load(subject.folder, "fit")
    except CheckpointError:
        return None
    own = subject.generator.config["weights_sha256"]
    return None if fit.config["weights_sha256"] == own else fit  # a run that fits and does nothing else


def _defined(subject: Subject, pairs: Pairs) -> list[PairScore]:
    """Those of them that some target has; `lacking` says why the others are left out."""
    return [score for score in _offered(subject) if not score.lacks(pairs.real)]


def _offered(subject: Subject) -> Sequence[PairScore]:
    """The modality's scores after L1, which says nothing of what has no distances, such as tokens."""
    modality = subject.generator.modality
    own = modality.against_targets(subject.data.spec) if able(modality, Matches) else ()
    return own if able(modality, Couples) else [L1, *own]


def _framed(score: PairScore, real: Tensor, fake: Tensor) -> Interval:
    return interval_of(score, score.rows(real, fake), Draw(0, 0, f"evaluate/{score.about.key}/"))


def _kernel(
    pairs: Pairs, systems: Systems, extractor: Extractor, others: Tensor, table: dict[str, dict[str, Any]]
) -> list[Score]:
    """The kernel distance of each system, of its outputs for one half of the pairs to the targets of the other half.

    An output lies near its own target, as a sample never lies near a sample of another draw: with both in, a distance
    that is 0 for equal distributions falls below it. None of fewer than 16 pairs.
    """
    half = len(pairs.real) // 2
    if half < LEAST_KERNEL:
        return []
    real, draw = extractor(pairs.real[half:]), Draw(0, 0, "evaluate/kernel/")
    found = {
        name: kernel_distance(*standardised(real, extractor(fake[:half])), draw, subsets=SUBSETS)
        for name, fake in systems.made.items()
    }
    floor = None
    if len(others) >= LEAST_KERNEL:
        floor = kernel_distance(*standardised(real, extractor(others[:half])), draw, subsets=SUBSETS).value, OTHERS
    what = "between outputs of one half of the pairs and targets of the other half"
    about = About("kernel", "kernel distance of features", "quality", "lower", what)
    scores = list[Score]()
    _add(table, scores, about, found, systems, pairs, floor, extractor.name)
    return scores


def _floor(score: PairScore, pairs: Pairs, others: Tensor) -> tuple[float, str] | None:
    """The targets in the place of outputs; of distances between sets, other targets."""
    if score.about.better == "near floor":
        return 1.0, "the targets themselves"
    if score.about.group == "similarity" or len(others) < len(pairs.real):
        return None
    return score.number(score.rows(pairs.real, others[: len(pairs.real)])), OTHERS


def _add(  # noqa: PLR0913
    table: dict[str, dict[str, Any]],
    scores: list[Score],
    about: About,
    found: Mapping[str, Interval],
    systems: Systems,
    pairs: Pairs,
    floor: tuple[float, str] | None,
    extractor: str,
) -> None:
    for name, interval in found.items():
        ends = {"low": known_end(interval.low), "high": known_end(interval.high)}
        table[name][about.key] = {"value": interval.value, **ends}
    own, rival = found[GENERATOR], found.get(systems.rival)
    beside = "".join(f"; {one}: {found[one].value:.4g}" for one in (FIT, TWIN) if one in found)
    scores.append(
        Score(
            about.key,
            about.title,
            about.group,
            own.value,
            about.better,
            known_end(own.low),
            known_end(own.high),
            own.how,
            *(floor or (None, None)),
            *((rival.value, systems.rival) if rival is not None else (None, None)),
            n_fake=len(pairs.real),
            n_real=len(pairs.real),
            extractor=extractor or None,
            note=f"{about.note}{beside}",
            unit=about.unit,
        )
    )


def _copies(subject: Subject, pairs: Pairs, systems: Systems, table: dict[str, dict[str, Any]]) -> list[Score]:
    """The share of outputs that are the target of a trained pair."""
    modality, data = subject.generator.modality, subject.data
    if not able(modality, Recalls):
        return []
    scores, found = list[Score](), dict[str, Interval]()
    for name, fake in systems.made.items():
        copied = modality.is_trained(data, subject.split.train, fake)
        found[name] = wilson(int(copied.sum()), len(copied))
    about = About("copies", "outputs that are a trained target", "memorisation", "lower", "share, to the letter", "%")
    floor = modality.is_trained(data, subject.split.train, pairs.real).double().mean().item(), "the targets themselves"
    _add(table, scores, about, found, systems, pairs, floor, "")
    return scores


def _again(subject: Subject, pairs: Pairs, systems: Systems, table: dict[str, dict[str, Any]]) -> list[Score]:
    found = dict[str, Interval]()
    for name, fake in systems.made.items():
        rows = _again_rows(subject, pairs, fake)
        if rows is not None:
            found[name] = bootstrap(L1.number, [rows[:, None]], Draw(0, 0, "evaluate/again/"), repeats=RESAMPLES)
    if not found:
        return []
    scores = list[Score]()
    note = "PSNR of the output, degraded as inputs were made, beside the input; 99 where nothing differs"
    about = About("again", "degraded again, in dB", "similarity", "higher", note)
    _add(table, scores, about, found, systems, pairs, None, "")
    return scores


def _again_rows(subject: Subject, pairs: Pairs, fake: Tensor) -> Tensor | None:
    views = views_of(subject.generator.config, subject.generator.modality, subject.data.spec)
    return None if views is None else again_db(views, subject.data.spec, fake, pairs.source)

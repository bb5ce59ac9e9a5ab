"""`evaluate`: everything that is said of a run's generator, in one file beside it."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import torch

from multigan.core.atomic import try_writing
from multigan.core.cache_folder import cache_folder
from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, PluginError, RunError, UnknownNameError, did_you_mean
from multigan.core.owners import mirrored_of
from multigan.core.shell import typed
from multigan.core.version import __version__
from multigan.doctor.checkup import VERDICT
from multigan.doctor.pairs import leaked_lines
from multigan.evaluation.asked import asked_rows
from multigan.evaluation.cells import told
from multigan.evaluation.classes import class_rows
from multigan.evaluation.copying import copying
from multigan.evaluation.distances import distance_scores
from multigan.evaluation.fresh import fresh_judge
from multigan.evaluation.health import Health, health_of
from multigan.evaluation.neighbourhood import neighbour_scores, vendi
from multigan.evaluation.own import own_curve, own_rows
from multigan.evaluation.paired_health import health_of_pairs
from multigan.evaluation.refined import beside, refined_subject
from multigan.evaluation.score import FILE, GROUPS, Evaluation, Score
from multigan.evaluation.sets import FEWEST, Sets, choose, fakes_for, look
from multigan.evaluation.stages import Stages, peak_memory_bytes
from multigan.evaluation.subject import Subject, load_subject
from multigan.evaluation.translated import (
    TRAINED,
    bought,
    compared,
    lacking,
    pairs_of,
    systems_of,
    translation,
    translation_scores,
)
from multigan.evaluation.verdict import flags_of, verdict, warnings_of
from multigan.features import Extractor, extractors, make_extractor
from multigan.files.findings import Tick
from multigan.generator.critic import REFINED, read_made
from multigan.generator.generator import KEPT
from multigan.generator.refined import RefinedGenerator
from multigan.judge.bar import UNDECIDED
from multigan.nets.capacity import refuse_samples
from multigan.plugins import modalities
from multigan.plugins.contract import require
from multigan.run.files import read_run_file
from multigan.run.flags import COLLAPSED, MEMORISING, STILL_FAR, TOO_SHORT
from multigan.run.folder import find_run

__all__ = ["evaluate"]

Say = Callable[[str], object]
PAIRS = 1000
"""Pairs of input and target that are compared at most."""
PAIRS_BYTES = 2**28
"""Of the targets that are looked at, and of every system's outputs for them."""


@dataclass(frozen=True)
class _Wish:
    samples: int
    extractor: str
    which: str
    seed: int
    cache: Path | None
    curve: bool
    refined: bool = False
    acceptance: float | None = None


def evaluate(  # noqa: PLR0913  (what a person may choose)
    run: str | Path,
    *,
    samples: int | None = None,
    extractor: str = "auto",
    which: str | None = None,
    seed: int = 0,
    data: str | Path | None = None,
    cache: bool = True,
    curve: bool = True,
    refined: bool = False,
    acceptance: float | None = None,
    say: Say = lambda line: None,
    tick: Tick = lambda done, total: None,
) -> Evaluation:
    """Judge a run's generator by reals that it never saw, and write `RUN/evaluation.json`.

    Args:
        run: the run directory.
        samples: fakes that are drawn, None = four for each item of the data, 2,000 at least and 10,000 at most;
            distances use as many of them as there are reals to compare with.
        extractor: of features, see `multigan.features`.
        which: the `"best"` generator by the run's own vitals, or the `"last"`; None = the best where one is kept.
        seed: of fakes, choices and resamples.
        data: where the data is now, if it was moved.
        cache: keep features in the user's cache folder, so that a second evaluation is faster.
        curve: compare a text generator with its own maximum-likelihood start over temperature, where the run kept it.
        refined: judge what `multigan refine` made of it, beside the plain generator, by held-out reals that no part of
            the refinement saw; the result goes to `RUN/refined/evaluation.json`.
        acceptance: of a refined one, the share of samples that pass; None = one in ten.
        say: gets a line before each stage.
        tick: `tick(done, total)` while fakes are drawn.

    Raises:
        RunError: no run directory, or it cannot be written.
        CheckpointError: it holds no generator.
        DataError: the data is gone or other data, too few samples or items, features that are not finite.
        UnknownNameError: `which` or `extractor` does not exist.

    Example:
        >>> import multigan
        >>> found = multigan.evaluate("runs/digits-1", samples=2000)  # doctest: +SKIP
        >>> found.score("frechet").value, found.score("frechet").floor  # doctest: +SKIP
    """
    _check(run, samples, which, extractor)
    which = read_made(Path(run)).which if refined else which
    stages = Stages()
    say("reading the run and its data")
    with stages.of("data"):
        subject = load_subject(run, which, data)
        which = subject.generator.kept or which or "last"
        plain, subject = refined_subject(subject, acceptance) if refined else (None, subject)
    if not subject.as_trained and (subject.folder / FILE).is_file():
        say(f"what was found beside the run's own data is written over: multigan evaluate {typed(run)} finds it again")
    items = len(subject.data.items)
    default = "" if samples else f" for {counted(items, 'item')} (--samples N for another number)"
    samples = samples or fakes_for(items)
    wish = _Wish(samples, extractor, which, seed, cache_folder() if cache else None, curve, refined, acceptance)
    if subject.generator.input_spec is not None:
        result = _translate(subject, wish, stages, say)
        result.write(subject.folder)
        return result
    refuse_samples(samples, subject.data.spec)
    with stages.of("extractor"):
        maker = _extractor(subject, wish)
        chosen = choose(subject, samples, maker.dim, seed)
    against = f"features of {len(chosen.reference):,} {chosen.what} and as many other reals"
    say(f"drawing {counted(samples, 'fake')}{default}; {against}")
    sets = look(subject, maker, chosen, samples, seed, wish.cache, stages, tick)
    result = _judge(subject, maker, sets, wish, stages, say)
    if plain is not None and isinstance(subject.generator, RefinedGenerator):
        say("the plain generator, by the same reals")
        before = look(plain, maker, chosen, samples, seed, wish.cache, stages)
        facts = beside(subject.generator, _plain_scores(plain, maker, before, wish), sets.chosen.unseen)
        result = replace(result, facts={**result.facts, "refined": facts})
    result.write(subject.folder / REFINED if refined else subject.folder)
    return result


def _plain_scores(plain: Subject, maker: Extractor, sets: Sets, wish: _Wish) -> list[Score]:
    """Distances, neighbours, diversity and the modality's own scores of the plain generator."""
    draw = Draw(wish.seed, 0, "evaluate/")
    scores, _ = distance_scores(sets, maker.name, draw)
    scores += [*neighbour_scores(sets, maker.name, draw), vendi(sets, maker.name, draw)]
    fresh = fresh_judge(plain, wish.samples, wish.seed)
    own = own_rows(plain, sets.chosen, wish.samples, wish.seed)
    return [*scores, *([fresh.score] if fresh.score else []), *own.scores]


def _check(run: str | Path, samples: int | None, which: str | None, extractor: str) -> None:
    """What can be refused before anything is said or read is."""
    if which is not None and which not in KEPT:
        raise UnknownNameError(f"a run has no '{which}' generator", "", did_you_mean(which, KEPT))
    if samples is not None and samples < 2 * FEWEST:
        raise DataError(counted(samples, "sample"), f"{2 * FEWEST} or more: fewer say nothing", "type --samples 2000")
    folder, recipe = find_run(run)
    try_writing(folder / FILE)
    require(modalities.get(recipe.modality), "evaluate")
    extractors.get(extractor.partition(":")[0])


def _extractor(subject: Subject, wish: _Wish) -> Extractor:
    modality, items = subject.generator.modality, subject.split.train
    return make_extractor(
        wish.extractor, subject.data.spec, modality, data=subject.data, items=items, seed=wish.seed, cache=wish.cache
    )


def _judge(subject: Subject, maker: Extractor, sets: Sets, wish: _Wish, stages: Stages, say: Say) -> Evaluation:
    draw = Draw(wish.seed, 0, "evaluate/")
    say("distances, neighbours, diversity")
    with stages.of("distances"):
        scores, curves = distance_scores(sets, maker.name, draw)
    with stages.of("neighbours"):
        scores += [*neighbour_scores(sets, maker.name, draw), vendi(sets, maker.name, draw)]
    say("a fresh judge")
    with stages.of("judge"):
        fresh = fresh_judge(subject, wish.samples, wish.seed)
        scores += [fresh.score] if fresh.score else []
    with stages.of("copies"):
        copied = copying(sets, maker.name, draw, subject.doubt)
    say("scores of this modality")
    with stages.of("own"):
        own = own_rows(subject, sets.chosen, wish.samples, wish.seed)
        scores += [*copied.scores, *own.scores]
        scores += [*class_rows(subject, maker, sets, wish.samples, wish.seed), *asked_rows(subject, sets, maker.name)]
    ordered = tuple(sorted(scores, key=lambda score: GROUPS.index(score.group)))
    drawn = _temperature(subject, wish, stages, say, own.refused)
    lines = [*verdict(ordered, copied, sets), *drawn.get("verdict", [])]
    warnings = (*subject.warnings, *fresh.warnings, *own.refused, *warnings_of(copied, sets, len(subject.split.train)))
    flags = flags_of(copied)
    memorising, unsure = flags.get(MEMORISING, ""), _unsure(sets)
    batches, seen = _trained_on(subject)
    training = {"batches": batches, "samples": seen}
    health = health_of(
        ordered, fresh, memorising=memorising, **training, unsure=unsure, same=sets.same, spread=sets.spread
    )
    lines += _training(subject, health)
    more_facts = {"copying": copied.to_json(), "judge": fresh.told, "health": asdict(health)}
    counts = {
        "fake": wish.samples,
        **_items(subject),
        "compared": len(sets.real),
        "compared_with": sets.chosen.what,
    }
    facts = {**_facts(subject, maker, counts, sets.real.shape[1], wish, stages), **more_facts}
    more = {"temperature": drawn} if drawn else {}
    plots = {**curves, **copied.curves, **more}
    return Evaluation(facts, ordered, tuple(lines), warnings, plots, {**flags, **_flagged(health)})


def _training(subject: Subject, health: Health) -> list[str]:
    """That training was still improving, where the generator that came of it is judged by what it is now."""
    try:
        said = (read_run_file(subject.folder, VERDICT) or {}).get("name")
    except RunError:  # `multigan doctor` says that it is damaged
        return []
    if said != "still improving" or health.name not in ("healthy", UNDECIDED, "cannot be told", "still far"):
        return []
    return [
        "training: still improving when it was looked at last, which is about the distance that it measured; going on "
        f"may bring more (multigan doctor {typed(subject.folder)})"
    ]


def _items(subject: Subject) -> dict[str, int]:
    """How many items there are of each kind."""
    split = subject.split
    if subject.other_data:
        return {"unseen": len(split.train) + len(split.held_out)}
    return {"trained": len(split.train), "held_out": len(split.held_out)}


def _unsure(sets: Sets) -> str:
    """Why good scores would say little: a generator that gives its training items back would have them too."""
    if sets.chosen.unseen:
        return ""
    return f"so few items are held out that scores compare with {counted(len(sets.real), 'trained one')}"


def _translate(subject: Subject, wish: _Wish, stages: Stages, say: Say) -> Evaluation:
    """A generator that is given an input: by its targets, and by what others make of the same inputs."""
    if subject.data.inputs is None or not subject.data.inputs.aligned:
        given, expected = "a generator of two sets without pairs: no output has a target", "pairs to compare with"
        raise DataError(given, expected, "type multigan report RUN and look, or multigan doctor RUN for its vitals")
    most = max(2, PAIRS_BYTES // (4 * prod(subject.data.spec.shape)))  # one-hots of large vocabularies
    pairs = pairs_of(subject, min(wish.samples, PAIRS, most))
    mirrored = bool(mirrored_of(subject.data.items).any())
    but = " (a mirrored pair is no further one)" if mirrored else ""
    say(f"outputs for {counted(len(pairs.items), 'input')}, beside their targets{but}")
    with stages.of("fakes"):
        systems = systems_of(subject, pairs, wish.seed)
    with stages.of("extractor"):
        maker = _extractor(subject, wish)
        others = (
            torch.cat([*subject.reals(subject.split.train[: len(pairs.items)])])
            if pairs.unseen and not subject.other_data
            else pairs.real[:0]
        )
    with stages.of("own"):
        scores, table = translation_scores(subject, pairs, systems, maker, others)
    ordered = tuple(sorted(scores, key=lambda score: GROUPS.index(score.group)))
    counts = {
        "fake": len(pairs.items),
        **_items(subject),
        "compared": len(pairs.items),
        "compared_with": "unseen" if subject.other_data else "held-out" if pairs.unseen else "trained",
    }
    batches, seen = _trained_on(subject)
    rivals = {name: row for name, row in table.items() if name not in TRAINED}
    health = health_of_pairs(ordered, rivals, batches=batches, samples=seen, unseen=pairs.unseen)
    facts = _facts(subject, maker, counts, int(maker(pairs.real[:1]).shape[1]), wish, stages)
    facts = {**facts, "health": asdict(health)}
    unseen = () if pairs.unseen else ("nothing is held out: scores are of items that were trained on",)
    leaked = () if subject.other_data else leaked_lines(subject.data, subject.split.held_out, subject.recipe.train.seed)
    twin = (systems.left_out,) if systems.left_out else ()
    found = translation(subject, pairs, systems, table)
    curves = {"translation": found}
    told_of = [*bought(subject, pairs, systems), *compared(ordered, systems, table), *told(found["cells"], ordered)]
    warnings = (*subject.warnings, *unseen, *twin, *lacking(subject, pairs), *leaked)
    return Evaluation(facts, ordered, tuple(told_of), warnings, curves)


def _trained_on(subject: Subject) -> tuple[float | None, float | None]:
    """How many batches of reals the generator's training has seen, and how many reals; None = its folder is silent."""
    seen = subject.generator.config.get("samples_seen")
    return (seen / subject.recipe.train.batch, seen) if isinstance(seen, int) else (None, None)


def _flagged(health: Health) -> dict[str, str]:
    key = {"still far": STILL_FAR, "collapsed": COLLAPSED, "too short to say": TOO_SHORT}.get(health.name)
    return {key: health.line()} if key else {}


def _temperature(subject: Subject, wish: _Wish, stages: Stages, say: Say, refused: list[str]) -> dict[str, Any]:
    """The curve, or {} where there is none; one that is refused adds its line to `refused`."""
    if not wish.curve or wish.refined or subject.likelihood or not (subject.folder / KEPT["mle"]).is_dir():
        return {}
    say("quality against diversity over temperature, beside the maximum-likelihood start")
    try:
        with stages.of("temperature"):
            return own_curve(subject, wish.seed)
    except PluginError as error:
        refused.append(str(error))
        return {}


def _facts(
    subject: Subject, maker: Extractor, counts: dict[str, Any], dim: int, wish: _Wish, stages: Stages
) -> dict[str, Any]:
    generator = subject.generator
    which = wish.which if (subject.folder / KEPT[wish.which]).is_dir() else "last"
    seconds = dict(stages.seconds)
    return {
        "multigan_version": __version__,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "run": subject.folder.name,
        "modality": generator.spec.modality,
        "generator": {
            "which": which,
            "other": subject.other,
            "weights_sha256": generator.config["weights_sha256"],
            "samples_seen": generator.config.get("samples_seen"),
            "likelihood_alone": bool(subject.likelihood),
            "parameters": sum(p.numel() for p in generator.net.parameters()),
        },
        "recipe": subject.recipe.title,
        "seed": wish.seed,
        "data_changed": bool(subject.doubt),
        "data_other": not subject.as_trained,
        "counts": counts,
        "extractor": {
            "name": maker.name,
            "sha256": maker.sha256,
            "dim": dim,
            "seconds": round(sum(seconds.get(stage, 0.0) for stage in ("fakes", "reals", "baseline")), 3),
        },
        "seconds": {**seconds, "total": round(sum(seconds.values()), 3)},
        "threads": torch.get_num_threads(),
        "peak_memory_bytes": peak_memory_bytes(),
    }

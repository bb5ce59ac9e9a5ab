"""The health of a run, put together: who measures, who judges, who keeps the best, who acts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from multigan.core.errors import MultiGANError, RunError, WriteError
from multigan.core.shell import typed
from multigan.core.types import Modality, Spec
from multigan.doctor.best import Best
from multigan.doctor.by_heart import only_rises
from multigan.doctor.checkup import VERDICT, Checkup, failure_of, write_verdict
from multigan.doctor.doctor import Verdict, diagnose
from multigan.doctor.first_use import first_use, verb_for
from multigan.doctor.guard import Guard, GuardSettings
from multigan.doctor.history import Circumstances, History
from multigan.doctor.judged import bygone
from multigan.doctor.last_look import who_looked
from multigan.doctor.reference import MakeGauge
from multigan.doctor.sight import Sight
from multigan.doctor.unread import unread_files
from multigan.doctor.vitals import Vitals
from multigan.doctor.weights import NO_NUMBERS, best_alone_spoilt, spoilt_weights
from multigan.engine.trainer import Handler, Trainer
from multigan.generator.folder import CONFIG, read_config
from multigan.generator.generator import KEPT
from multigan.generator.kept import other_kept
from multigan.identity.opened import changed_at, changes_of, moved_to
from multigan.judge.bar import UNDECIDED
from multigan.plugins import modalities
from multigan.plugins.abilities import Augments, Gauges, able
from multigan.plugins.contract import require
from multigan.plugins.gauged import gauged
from multigan.plugins.shown import judge_views
from multigan.recipe.length import for_longer
from multigan.recipe.naming import own_samples
from multigan.recipe.recipe import Recipe, fingerprint
from multigan.run.files import out_of_the_way, read_run_file
from multigan.run.flags import health_in, remarks_of
from multigan.run.folder import find_run
from multigan.run.ledger import Ledger, read_metrics, unread_lines
from multigan.run.lock import owner_of
from multigan.run.writers import MetricsFile

__all__ = ["Clinic", "examine", "facts_of"]


class Clinic:
    """The handlers of a run that measure, judge, keep the best and act.

    Args:
        recipe: the run's.
        folder: the run directory.
        trainer: whose items are counted.
        spec: what one sample is.
        keep_best: writes the averaged G as the best; gets the trainer.
        tell: gets lines for people, one at a time.
    """

    def __init__(
        self,
        recipe: Recipe,
        folder: Path,
        trainer: Trainer,
        spec: Spec,
        keep_best: Callable[[Trainer], object],
        tell: Callable[[str], object],
    ) -> None:
        self.recipe, self.folder, self.tell = recipe, folder, tell
        modality = modalities.get(recipe.modality)
        self.sight = Sight(modality, trainer.batches.data)
        self.ledger = Ledger(folder / "metrics.jsonl")
        views = partial(judge_views, modality, spec=spec)
        self.vitals = Vitals(self.sight, recipe.train.vitals, self._own_gauge(modality, spec), views)
        self.best = Best(self.ledger, self.vitals, keep_best, changed_at(folder))
        # What an evaluation said was of weights that this sitting changes.
        known = facts_of(recipe, folder, len(trainer.batches.split.train))
        facts = replace(known, judged="", undecided="", evaluated=False, other="")
        self._last_words: list[str] = []
        self.checkup = Checkup(folder, self.ledger, facts, self.vitals, self.say, self._last_words.extend)
        table = recipe.guard
        settings = GuardSettings(table.action, table.on, table.times, table.lr_factor)
        healthy = folder / "healthy"
        best = folder / KEPT["best"]
        self.guard = Guard(settings, healthy, fingerprint(recipe), self.checkup, self.vitals, self.say, best)

    def handlers(self, metrics: MetricsFile) -> list[Handler]:
        """In the order in which they must listen, the metrics file among them."""
        return [self.vitals, metrics, self.best, self.checkup, self.guard]

    def no_use(self, since: int) -> str:
        """Why more time brings nothing, or "", by what was measured since so many samples; see `only_rises`."""
        return only_rises(History(self.ledger.rows), since)

    def who_looked(self) -> str:
        """Who judged fakes at the end, for `run.json`; see `multigan.doctor.last_look.who_looked`."""
        return who_looked(self.ledger.rows[-1] if self.ledger.rows else {})

    def say(self, lines: Sequence[str]) -> None:
        """Print lines as they are."""
        for line in lines:
            self.tell(line)

    def say_the_verdict(self) -> None:
        """Print what the checkup said last: once it is known that the run directory it names stays."""
        self.say([*([self.vitals.unjudged] if self.vitals.unjudged else []), *self._last_words])
        self.vitals.unjudged = ""
        self._last_words.clear()

    def _own_gauge(self, modality: Modality, spec: Spec) -> MakeGauge | None:
        return partial(gauged, modality, spec=spec, tell=self.tell) if able(modality, Gauges) else None


def facts_of(recipe: Recipe, folder: Path, items: int = 0, failure: str | None = None) -> Circumstances:
    """What the doctor may know of a recipe."""
    judged, undecided, evaluated = _judged(folder)
    return Circumstances(
        folder=str(folder),
        samples=recipe.train.samples + sum(phase.samples for phase in recipe.phases),
        items=items,
        lr={player: recipe.optim.for_player(player)["lr"] for player in ("G", "D")},
        loss=recipe.game.loss,
        penalties=[{"name": term.name, "weight": term.weight, **term.options} for term in recipe.game.penalties],
        n_critic=recipe.train.n_critic,
        phases=[phase.model_dump(exclude_none=True) for phase in recipe.phases],
        last_phase_samples=recipe.train.samples,
        own_samples=own_samples(recipe),
        failure=failure,
        data_changes=changes_of(folder),
        moved_to=moved_to(recipe, folder),
        judged=judged,
        undecided=undecided,
        evaluated=evaluated,
        other=_other(folder, recipe),
        takes_input=recipe.input is not None,
        verb=verb_for(recipe),
        augments=_augments(recipe),
        apart=recipe.unpaired,
    )


def _augments(recipe: Recipe) -> bool:
    """Whether `game.views` could show D augmented samples; those of pairs would lose what their inputs ask for."""
    modality = modalities.get(recipe.modality)
    offers = able(modality, Augments) and bool(modality.augmentation_policy)
    return offers and recipe.game.name == "adversarial" and not recipe.game.views and recipe.input is None


def _other(folder: Path, recipe: Recipe) -> str:
    """The generator that is not the last, as far as there is another; of pairs, that none of them is judged so."""
    last = folder / KEPT["last"] / CONFIG
    if recipe.input is not None or not last.is_file():
        return ""
    try:
        return other_kept(folder, "last", read_config(last)[0]["weights_sha256"])
    except MultiGANError:  # whoever loads it says that it is damaged
        return ""


def _judged(folder: Path) -> tuple[str, str, bool]:
    """What an evaluation said against the generator that lies there now beside the run's data, and whether one did.

    The second is what it said where it was neither for nor against; see `multigan.judge.bar.undecided`.
    """
    try:
        evaluation = read_run_file(folder, "evaluation.json") or {}
    except (MultiGANError, OSError):  # whoever reads the file says that it is damaged
        return "", "", False
    if "weights_sha256" not in (evaluation.get("generator") or {}) or bygone(folder, evaluation):
        return "", "", False
    name, why = health_in(evaluation)
    against = "; ".join(one.removeprefix("still far: ") for one in remarks_of(evaluation))
    return against, "; ".join(why) if name == UNDECIDED else "", True


def examine(run: str | Path) -> Verdict:
    """Diagnose a run from its files alone, finished or not, and write its `verdict.json`, where that can be written.

    Raises:
        RunError: it is no run directory, nothing was measured in it, or its metrics file cannot be read.
    """
    folder, recipe = find_run(run)
    rows, unread = read_metrics(folder / "metrics.jsonl"), unread_lines(folder / "metrics.jsonl")
    require(modalities.get(recipe.modality), "doctor")
    measured = [row for row in rows if "vitals/items" in row]
    if not measured:
        raise _unmeasured(folder, rows, unread)
    place = folder / VERDICT
    lost = [f"{place} is a folder, so the verdict is not written; {out_of_the_way(place)}"] if place.is_dir() else []
    facts = facts_of(recipe, folder, int(measured[-1]["vitals/items"]), failure_of(folder))
    facts = replace(facts, unread=[*unread, *unread_files(folder), *lost])
    verdict = _while_trained(_with_weights(diagnose(rows, facts), facts, rows), folder)
    if lost:
        return verdict
    try:
        write_verdict(folder, verdict, facts)
    except WriteError as error:  # a run that others keep is read as well
        return replace(verdict, evidence=(*verdict.evidence, f"this verdict is not kept in the run: {error.given}"))
    return verdict


def _while_trained(verdict: Verdict, folder: Path) -> Verdict:
    """The same; of a run that a process is at work in, with what can be done about it by then."""
    owner = owner_of(folder)
    if owner is None or owner.is_this_process:  # training itself asks at its end
        return verdict
    trained = f"it is being trained now, by process {owner.pid} on host {owner.host}"
    why = "later, or stop it, saved, with kill, and then resume it"
    return replace(verdict, evidence=(*verdict.evidence, trained), command=f"multigan doctor {typed(folder)}", why=why)


def _with_weights(verdict: Verdict, facts: Circumstances, rows: Sequence[Mapping[str, Any]]) -> Verdict:
    """The same, unless weights that lie in the run are none: no history makes up for that."""
    folder = Path(facts.folder)
    spoilt = spoilt_weights(folder)
    if not spoilt:
        return verdict
    samples = max((int(row.get("samples", 0)) for row in rows), default=0)
    command = for_longer(str(folder), samples)
    why = "copy the run again from where it is whole, or go on from its last checkpoint, which writes generators anew"
    if best_alone_spoilt(folder):
        command, use = first_use(facts.folder, facts.verb, "last")
        why = f"copy the best one again from where it is whole, for no checkpoint holds it, or take the last one: {use}"
    name = "diverged" if any(NO_NUMBERS in line for line in spoilt) else verdict.name
    return replace(verdict, name=name, evidence=(*spoilt, *verdict.evidence), command=command, why=why)


def _unmeasured(folder: Path, rows: Sequence[object], unread: Sequence[str]) -> RunError:
    """That there are no vitals: none were taken, or the file that has them is gone or damaged."""
    path = folder / "metrics.jsonl"
    if not rows and owner_of(folder) is None:
        why = "; ".join(unread) or ("it is empty" if path.exists() else "")
        given = f"{path} is damaged: {why}" if path.exists() else f"{path} is missing"
        return RunError(given, "the measurements that training wrote", "copy it again, or train it again")
    given = "; ".join([f"{folder} holds no vitals", *unread])
    fix = "train it again, or go on with it"
    if _judged(folder)[-1]:
        fix = f"what its evaluation found stands in the report: multigan report {typed(str(folder))}"
    return RunError(given, "a run trained with train.vitals above 0", fix)

"""The handler that speaks for the doctor: a line when a run falls ill, and the verdict at its end."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.core.counted import counted
from multigan.core.errors import DivergedError, WriteError
from multigan.doctor.doctor import Verdict, diagnose
from multigan.doctor.history import Circumstances
from multigan.doctor.signs import SIGNS
from multigan.doctor.vitals import Vitals
from multigan.doctor.weights import best_spoilt
from multigan.engine.trainer import Quiet, Trainer
from multigan.generator.generator import weights_sha256
from multigan.generator.kept import other_kept
from multigan.run.ledger import Ledger

__all__ = ["VERDICT", "Checkup", "failure_of", "write_verdict"]

VERDICT = "verdict.json"
Say = Callable[[Sequence[str]], object]


class Checkup(Quiet):
    """Diagnoses after every measurement. Listens after the metrics file and before whoever acts on the verdict.

    Args:
        folder: the run directory, where `verdict.json` is written.
        ledger: the run's metrics file.
        facts: of the recipe.
        vitals: whose measurements these are.
        say: gets lines for people.
        last: gets the last ones, which name the run directory; None = `say`. Of NaN `say` gets them, as it happens.

    Attributes:
        verdict: the newest, or None before the first measurement.
    """

    def __init__(
        self, folder: Path, ledger: Ledger, facts: Circumstances, vitals: Vitals, say: Say, last: Say | None = None
    ) -> None:
        self.folder, self.ledger, self.facts, self.vitals, self.say = folder, ledger, facts, vitals, say
        self.last = last or say
        self.verdict: Verdict | None = None
        self._said, self._ill = 0, ""

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Diagnose what was just measured, and say so when it is worse than before."""
        if not self.vitals.latest or trainer.finished or trainer.stopping:
            return
        before, self.verdict = self.verdict, self._diagnose(_as_long(self.facts, trainer))
        # Twice in a row: one measurement may be a stumble.
        if before is None or before.name != self.verdict.name:
            return
        if self.verdict.gravity > self._said:
            self._said, self._ill = self.verdict.gravity, self.verdict.name
            self.say([f"{self.verdict.name} at {counted(trainer.state.samples, 'sample')}: {self.verdict.evidence[0]}"])
        elif self._passed(self.verdict):
            self._said = 0
            self.say([f"no longer {self._ill} at {counted(trainer.state.samples, 'sample')}: {self.verdict.name}"])

    def ended(self, trainer: Trainer) -> None:
        """Say and write the last word."""
        if trainer.world.is_first:
            facts = _as_long(self.facts, trainer)
            if trainer.finished and not facts.takes_input:
                weights = weights_sha256(trainer.ema.net)  # its folder may be written after this
                facts = replace(facts, other=other_kept(self.folder, "last", weights))
            if best_spoilt(self.folder):  # the last one is written anew by whoever trains
                facts = replace(facts, which="last")
            self._close(facts, None)

    def failed(self, trainer: Trainer, error: BaseException) -> bool:
        """Say and write what can be said of a run that broke off."""
        if trainer.world.is_first:
            failure = str(error) if isinstance(error, DivergedError) else None
            self._close(replace(_as_long(self.facts, trainer), failure=failure), error)
        return False

    def rewound(self, trainer: Trainer) -> None:
        """Forget what was said of the steps that are trained again."""
        self.verdict, self._said = None, 0

    def _passed(self, verdict: Verdict) -> bool:
        """Whether an illness that was said is over: a milder name is no cure while its own signs stand."""
        stand = {name for name, key, _ in SIGNS if key in verdict.signs}
        return bool(self._said) and not verdict.gravity and self._ill not in stand

    def _diagnose(self, facts: Circumstances) -> Verdict:
        return diagnose(self.ledger.rows, facts)

    def _close(self, facts: Circumstances, error: BaseException | None) -> None:
        self.verdict = self._diagnose(facts)
        if not isinstance(error, WriteError):  # its one cure is space, and is said by itself
            tell = self.say if isinstance(error, DivergedError) else self.last
            tell([*([f"no longer {self._ill}"] if self._passed(self.verdict) else []), *self.verdict.lines()])
        write_verdict(self.folder, self.verdict, facts, error)


def _as_long(facts: Circumstances, trainer: Trainer) -> Circumstances:
    """What is known of a run whose phases were given other lengths while it trained."""
    if trainer.state.stretch is None:
        return facts
    lengths = [phase.samples for phase in trainer.phases]
    phases = [{**phase, "samples": samples} for phase, samples in zip(facts.phases, lengths, strict=False)]
    return replace(facts, samples=sum(lengths), last_phase_samples=lengths[-1], phases=phases)


def write_verdict(folder: Path, verdict: Verdict, facts: Circumstances, error: BaseException | None = None) -> None:
    """Write `verdict.json`; a full disk must not hide the error that is being reported."""
    ended_by = None if error is None else f"{type(error).__name__}: {error}"
    plain = {**verdict.to_json(), "failure": facts.failure, "ended_by": ended_by}
    try:
        replace_file(folder / VERDICT, strict_json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
    except WriteError as problem:
        if error is None:
            raise
        error.add_note(f"the verdict could not be written: {problem}")


def failure_of(folder: Path) -> str | None:
    """What ended a run according to its `verdict.json`, or None."""
    try:
        failure = json.loads((folder / VERDICT).read_text(encoding="utf-8"))["failure"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return None if failure is None else str(failure)

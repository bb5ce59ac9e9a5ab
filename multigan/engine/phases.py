"""A run as a list of phases, each a budget of real samples spent in turns."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from multigan.engine.optimizers import OptimSettings

__all__ = ["LAST", "Phase", "State", "Stretch"]


LAST = "adversarial"
"""The name of the phase that ends every run, whatever is played in it: batches and draws are keyed by it."""


@dataclass(frozen=True)
class Phase:
    """One stretch of training.

    Args:
        name: `"adversarial"`, `"pretrain"`, ...; batches and draws are keyed by it.
        turns: names of the game's turns in one iteration, in order.
        samples: real samples to spend. An iteration spends one batch for every turn that counts.
        optim: settings by player; each phase starts its own optimizers.
        uncounted: names of turns that do not count, unless an iteration has no other.
    """

    name: str
    turns: tuple[str, ...]
    samples: int
    optim: Mapping[str, OptimSettings]
    uncounted: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """How progress and forecasts call it: by its turn, where the last phase has no other, and so no adversary."""
        return self.turns[0] if self.name == LAST and len(set(self.turns)) == 1 else self.name

    def step_samples(self, batch: int) -> int:
        """Real samples that one iteration counts."""
        return batch * max(1, sum(turn not in self.uncounted for turn in self.turns))

    def iterations(self, batch: int) -> int:
        """Iterations until the budget is spent."""
        return math.ceil(self.samples / self.step_samples(batch))

    def short(self, batch: int) -> str:
        """A line for people where the budget is less than one iteration, which is trained whole; else ""."""
        whole = self.step_samples(batch)
        if self.samples >= whole:
            return ""
        return f"{self.told}: {self.samples:,} samples are less than one iteration, so one of {whole:,} is trained"


@dataclass(frozen=True)
class Stretch:
    """That lengths of phases were changed while a run trained, and where its schedules stood just then.

    Args:
        lengths: samples of every phase since then.
        step: iterations done in the current phase by then.
        progress: of the current phase by then; it goes on from there, evenly, to 1 at the phase's last iteration.
        samples: real samples seen in all phases by then.
        share: of the whole run that was done by then.
        given: the lengths from before a phase was ended since nothing more was learnt in it; () = none was.
    """

    lengths: tuple[int, ...]
    step: int = 0
    progress: float = 0.0
    samples: int = 0
    share: float = 0.0
    given: tuple[int, ...] = ()

    def share_at(self, samples: int) -> float:
        """The share of the whole run that is done at so many real samples, in [0, 1]."""
        left = max(1, sum(self.lengths) - self.samples)
        return min(1.0, self.share + (1 - self.share) * ((samples - self.samples) / left))


@dataclass
class State:
    """Where a run is; with the nets and optimizers this is all that a resume needs.

    Args:
        phase: index of the current phase.
        phase_step: iterations done in it.
        step: iterations done in all phases.
        samples: real samples seen in all phases.
        phase_samples: real samples seen in this phase.
        rollbacks: how often the run went back to a healthy checkpoint.
        lr_factor: on all learning rates; below 1 after a rollback.
        stretch: lengths of phases that are not the recipe's; None = they are.
    """

    phase: int = 0
    phase_step: int = 0
    step: int = 0
    samples: int = 0
    phase_samples: int = 0
    rollbacks: int = 0
    lr_factor: float = 1.0
    stretch: Stretch | None = None

    def advance(self, phase: Phase, batch: int) -> bool:
        """Count one iteration; True where it was the phase's last."""
        self.phase_step += 1
        self.step += 1
        self.samples += phase.step_samples(batch)
        self.phase_samples += phase.step_samples(batch)
        return self.phase_step >= phase.iterations(batch)

    def enter_next_phase(self) -> None:
        """Begin the following phase."""
        self.phase += 1
        self.phase_step = self.phase_samples = 0
        if self.stretch is not None:
            self.stretch = replace(self.stretch, step=0, progress=0.0)

    def progress(self, phase: Phase, batch: int) -> float:
        """0 at the phase's first iteration, exactly 1 at its last."""
        last = phase.iterations(batch) - 1
        if self.stretch is None:
            return min(1.0, self.phase_step / max(1, last))
        begun, left = self.stretch.progress, last - self.stretch.step
        return min(1.0, begun + (1 - begun) * ((self.phase_step - self.stretch.step) / left)) if left > 0 else 1.0

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values; `stretch`, and `given` in it, only where there is one."""
        plain = asdict(self)
        if self.stretch is None:
            return {name: plain[name] for name in plain if name != "stretch"}
        if not self.stretch.given:
            del plain["stretch"]["given"]
        return plain

"""The mode-coverage bench: sets × configurations × seeds, shown while it runs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from rich.console import Console, Group
from rich.live import Live

from multigan.bench.configs import Config
from multigan.bench.rows import Job, Results, Row, jobs, train_and_count
from multigan.bench.sets import ModeSet, Yardstick, source_overrides, yardstick
from multigan.bench.table import mode_table
from multigan.core.errors import RecipeError
from multigan.terminal.bar import spoken
from multigan.terminal.waiting import waiting

__all__ = ["ModeBench"]

Plan = list[tuple[Job, Yardstick]]


@dataclass(frozen=True)
class ModeBench:
    """What is to be measured.

    Attributes:
        kinds: sets.
        configs: losses and penalties.
        seeds: runs of each, with seeds 0 to seeds - 1.
        samples: drawn from each generator; None = each set's own number.
        files: folder of the user's own, for sets that need one.
        overrides: of every recipe, on top of the configuration's.
    """

    kinds: Sequence[ModeSet]
    configs: Sequence[Config]
    seeds: int = 1
    samples: int | None = None
    files: Path | None = None
    overrides: Sequence[str] = ()

    def run(self, results: Results, console: Console) -> list[Row]:
        """Train all that `results` does not hold yet, and print the table as it grows.

        Returns:
            The rows of this bench; `results` may hold others, of other recipes or sample counts.

        Raises:
            MultiGANError: a name, an override or the files are wrong; raised before anything is trained.
        """
        # Everything is read and checked before the first run: a mistake in the last set must not cost the first three.
        plan = self._plan(results)
        taken: list[tuple[str, float]] = []
        with Live(console=console, auto_refresh=False) as live:
            for job, yard in plan:
                if results.find(job) is None:
                    now = f"{job.kind.name}, {job.config.name}, seed {job.seed}"
                    far = f"{len(_done(results, plan))} of {len(plan)} are done{_to_go(results, plan, taken)}"
                    live.update(self._tables(results, plan, f"now: {now}; {far}"), refresh=True)
                    with waiting(f"training {now}; {far}", quiet=console.is_terminal):
                        began = time.perf_counter()
                        results.add(train_and_count(job, yard))
                    taken.append((job.kind.name, time.perf_counter() - began))
            live.update(self._tables(results, plan), refresh=True)
        return _done(results, plan)

    def _tables(self, results: Results, plan: Plan, now: str = "") -> Group:
        rows = _done(results, plan)
        shown = [
            mode_table(kind.name, results.sets[kind.name], rows, self._lines(kind), kind.modes) for kind in self.kinds
        ]
        return Group(*shown, now)

    def _plan(self, results: Results) -> Plan:
        if self.seeds < 1:
            raise RecipeError(f"--seeds {self.seeds}", "1 or more", "type --seeds 5")
        sources = {kind.name: [*source_overrides(kind, self.files), *self.overrides] for kind in self.kinds}
        plan: Plan = []
        for kind in self.kinds:
            yard = yardstick(kind, sources[kind.name], self.samples)
            results.note(kind.name, yard.facts())
            found = jobs(kind, self.configs, self.seeds, sources[kind.name], yard.samples)
            plan += [(job, yard) for job in found]
        return plan

    def _lines(self, kind: ModeSet) -> list[str]:
        return [config.name for config in self.configs if kind.pictures or not config.only_pictures]


def _to_go(results: Results, plan: Plan, taken: Sequence[tuple[str, float]]) -> str:
    """How long the runs that are left will take, as those of the same set did; of a set without any, nothing is known.

    Args:
        results: rows that are there.
        plan: all that are to be.
        taken: set and seconds of every run that was trained now: rows of before may be of another machine.
    """
    left = [job.kind.name for job, _ in plan if results.find(job) is None]
    means = {name: fmean(seconds for kind, seconds in taken if kind == name) for name in {kind for kind, _ in taken}}
    if not means:
        return ""
    known, rest = [name for name in left if name in means], list(dict.fromkeys(n for n in left if n not in means))
    told = f"; about {spoken(sum(means[name] for name in known))} to go"
    return f"{told}, then {' and '.join(rest)}" if rest else told


def _done(results: Results, plan: Plan) -> list[Row]:
    found = (results.find(job) for job, _ in plan)
    return [row for row in found if row is not None]

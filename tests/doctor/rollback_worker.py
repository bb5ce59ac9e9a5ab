"""Started by torchrun from test_guard.py: guarded runs in which the numbers of one process, or of all, go wrong.

rollback_worker.py FOLDER NAME ...    each of `FAULTS`, to FOLDER/NAME-rankN.json; the last may end the processes
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch

from multigan.core.errors import DivergedError, MultiGANError
from multigan.doctor.checkup import Checkup
from multigan.doctor.guard import Guard, GuardSettings
from multigan.doctor.history import Circumstances
from multigan.doctor.vitals import Vitals
from multigan.engine.distributed import join_world, leave_world
from multigan.engine.trainer import Quiet
from multigan.run.ledger import Ledger
from multigan.run.saver import Saver
from multigan.run.writers import MetricsFile

spec = importlib.util.spec_from_file_location("tiny_conftest", Path(__file__).parents[1] / "engine" / "conftest.py")
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)


class Poison(Quiet):
    """Breaks a weight at one step, the first so many times that it comes by; of the last process, or of all."""

    def __init__(self, step, times, *, everywhere=True):
        self.step, self.left, self.everywhere = step, times, everywhere

    def stepped(self, trainer, parts):
        here = self.everywhere or trainer.world.rank == trainer.world.size - 1
        if trainer.state.step == self.step and self.left and here:
            self.left -= 1
            trainer.game.players["D"].net[0].weight.data[0, 0] = torch.nan


class Raise(Quiet):
    """An error of the last process alone, which the others cannot know of."""

    def stepped(self, trainer, parts):
        if trainer.state.step == 13 and trainer.world.rank == trainer.world.size - 1:
            raise DivergedError("planted in one process")


def guarded(trainer, folder, settings, *extra, best=None):
    said, vitals = [], Vitals(lambda x: x)
    # So short a run is judged ill by its numbers; here only NaN is to count, so the checkup sees none.
    checkup = Checkup(folder, Ledger(folder / "none.jsonl"), Circumstances(samples=160, items=200), vitals, said.extend)
    guard = Guard(settings, folder / "healthy", "print", checkup, vitals, said.extend, best)
    saver = Saver(folder / "checkpoints", "print", 10)
    metrics = MetricsFile(Ledger(folder / "m.jsonl"), every=1, vitals=vitals)
    if trainer.world.is_first:
        folder.mkdir(exist_ok=True, parents=True)
    trainer.world.barrier()
    trainer.handlers = [vitals, metrics, checkup, guard, *extra, saver]
    return said


BACK, STOP = GuardSettings("rollback", times=2), GuardSettings()
FAULTS = {
    "loss of one": (BACK, lambda: Poison(13, 1, everywhere=False)),
    "loss of all": (BACK, lambda: Poison(13, 1)),
    "checkpoint": (BACK, lambda: Poison(14, 1)),
    "too often": (BACK, lambda: Poison(14, 99, everywhere=False)),
    "not asked": (STOP, lambda: Poison(13, 1, everywhere=False)),
    "unknown to others": (BACK, Raise),
}


def run(name, folder, world):
    """The state and the weights at the end, the error in words, and what was said."""
    settings, fault = FAULTS[name]
    loss = tiny.losses.losses.get("relativistic-average")
    # The loss is flat in D's last bias: Adam would blow the rounding error of its gradient up to whole steps.
    optim = {player: tiny.OptimSettings(lr=1e-2, eps=1e-3) for player in "GD"}
    phases = [tiny.Phase("adversarial", ("d", "g"), 160, optim, ("g",))]
    trainer, error = tiny.build_tiny(n=240, holdout=40, phases=phases, world=world, loss=loss), None
    said = guarded(trainer, folder / name, settings, fault())
    try:
        trainer.fit()
    except MultiGANError as raised:
        error = raised
    weights = {f"{n}.{k}": v for n, net in trainer.game.players.items() for k, v in net.state_dict().items()}
    return {
        "state": trainer.state.to_json(),
        "weights": {k: v.flatten().tolist() for k, v in weights.items() if k not in ("G.calls", "D.net.2.bias")},
        "error": None if error is None else f"{type(error).__name__}: {error}",
        "said": [line for line in said if line.startswith("rollback")],
    }


if __name__ == "__main__":
    world, folder = join_world(), Path(sys.argv[1])
    for name in sys.argv[2:]:
        found = run(name, folder, world)
        (folder / f"{name}-rank{world.rank}.json").write_text(json.dumps(found))
    leave_world()

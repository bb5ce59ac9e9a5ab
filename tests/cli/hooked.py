"""Started by torchrun: `multigan` with a fault planted in one process, or with every write noted.

hooked.py die|die-first|fail-data|fail-loss|fail-once|watch LOG ARGUMENTS...
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from multigan.cli import main
from multigan.core.types import Loss
from multigan.engine.batches import Batches
from multigan.engine.trainer import Trainer

FAILING, STEP = 1, 5


def fail_data():
    take = Batches._read

    def broken(self, phase, number):
        if self.world.rank == FAILING and number >= 2 * STEP:
            raise OSError("planted: the file is gone")
        return take(self, phase, number)

    Batches._read = lambda self, phase, number: guarded(self, broken, phase, number)


def guarded(batches, read, phase, number):
    try:
        return read(batches, phase, number)
    except OSError as error:
        raise batches._unreadable(batches.indices(phase, number), None, error) from error


def fail_loss(times=100):
    update, left = Trainer.update, [times]

    def broken(self, player, losses):
        if self.world.rank == FAILING and self.state.step == STEP and left[0]:
            left[0] -= 1
            bad = next(iter(losses)).total * float("nan")
            losses = [Loss(bad, {"loss/planted": bad})]
        return update(self, player, losses)

    Trainer.update = broken


def die(rank):
    """As where the system kills it: without a word."""
    take = Batches.take

    def dying(self, phase, number):
        if self.world.rank == rank and number == 2 * STEP:
            os.kill(os.getpid(), signal.SIGKILL)
        return take(self, phase, number)

    Batches.take = dying


def watch(log):
    """Notes every file that is opened for writing, made, renamed or removed."""
    out = os.open(f"{log}-rank{os.environ['RANK']}", os.O_WRONLY | os.O_CREAT)

    def hook(event, args):
        writes = event == "open" and isinstance(args[0], str) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
            os.write(out, f"{event} {args[0]}\n".encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    mode, log, *arguments = sys.argv[1:]
    once = partial(fail_loss, 1)
    deaths = {"die": partial(die, FAILING), "die-first": partial(die, 0)}
    faults = {"fail-data": fail_data, "fail-loss": fail_loss, "fail-once": once, "watch": lambda: watch(log)}
    {**deaths, **faults}[mode]()
    sys.argv = [str(Path(sys.argv[0]).with_name("multigan")), *arguments]
    main()

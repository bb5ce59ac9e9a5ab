"""`multigan` where the system gets in the way at a step: hindered.py KIND:NUMBER STEP ARGUMENTS...

Kinds: full (BYTES), signal and twice (a signal's NUMBER).

Step -1 is before the data is read.
"""

import os
import resource
import sys

import multigan.identity.sitting
from multigan.cli import main
from multigan.engine.batches import Batches


def hinder(kind, amount):
    if kind == "full":  # no file may grow beyond: refused by the system as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (amount, amount))
    else:
        os.kill(os.getpid(), amount)
    if kind == "twice":
        os.kill(os.getpid(), amount)


if __name__ == "__main__":
    what, step, *arguments = sys.argv[1:]
    kind, amount = what.split(":")
    begin, take = multigan.identity.sitting.build_data, Batches.take

    def building(recipe):
        if int(step) < 0:
            hinder(kind, int(amount))
        return begin(recipe)

    def taking(self, phase, number):
        if number == 2 * int(step):
            hinder(kind, int(amount))
        return take(self, phase, number)

    multigan.identity.sitting.build_data, Batches.take = building, taking
    sys.argv = ["multigan", *arguments]
    main()

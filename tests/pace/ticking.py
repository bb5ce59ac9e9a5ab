"""A clock for whole runs: every reading is a little later, so that a run under it is the same every time."""


class Ticking:
    """Seconds: each reading moves them by `step`."""

    def __init__(self, step=0.05):
        self.step, self.now = step, 1000.0

    def __call__(self):
        self.now += self.step
        return self.now

from datetime import datetime

from multigan.engine.phases import Phase
from multigan.pace.eta import Eta

BATCH = 8


def said(tiny, clock, work, phases, seconds, costs=()):
    lines = []
    trainer = tiny(batch=BATCH, phases=phases)
    trainer.handlers = [
        work(clock, seconds),
        Eta(lines.append, costs, clock, now=lambda: datetime(2026, 1, 1, 12, 0)),
    ]
    trainer.fit()
    return lines


def test_a_run_says_once_how_long_it_takes(tiny, clock, work, optim):
    phase = Phase("adversarial", ("d", "g"), 100 * BATCH, optim, ("g",))
    lines = said(tiny, clock, work, [phase], lambda phase, step: 2.0)
    assert lines == ["about 3 min to go, until 12:03 (as the first 8 s went)"]


def test_all_phases_are_told_and_the_probe_is_corrected(tiny, clock, work, optim):
    phases = [
        Phase("pretrain", ("mle",), 28 * BATCH, optim),
        Phase("adversarial", ("d", "g"), 50 * BATCH, optim, ("g",)),
    ]
    # The first phase is twice as slow as the probe said, so the second will be.
    lines = said(tiny, clock, work, phases, lambda phase, step: 2.0, [1.0 / BATCH, 3.0 / BATCH])
    assert lines == ["about 6 min to go, until 12:05: pretrain 48 s, adversarial 5 min (as the first 8 s went)"]


def test_a_short_run_says_nothing(tiny, clock, work, optim):
    phase = Phase("adversarial", ("d", "g"), 20 * BATCH, optim, ("g",))
    assert said(tiny, clock, work, [phase], lambda phase, step: 0.1) == []

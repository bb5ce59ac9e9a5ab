from dataclasses import replace

from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.run.milestone import PhaseEnd

OPTIM = {"G": OptimSettings(lr=1e-2), "D": OptimSettings(lr=1e-2)}
PHASES = [
    Phase("warm", ("mle",), 40, OPTIM),
    Phase("second", ("mle",), 24, OPTIM),
    Phase("adversarial", ("d", "g"), 80, OPTIM, ("g",)),
]


def heard_by(trainer, wanted):
    heard = []
    trainer.handlers = [PhaseEnd(wanted, lambda t: heard.append((t.state.step, t.state.phase)))]
    trainer.fit()
    return heard


def test_it_acts_once_at_the_end_of_each_wanted_phase(tiny):
    assert heard_by(tiny(phases=PHASES), lambda phase: phase.turns == ("mle",)) == [(5, 1), (8, 2)]


def test_the_last_phase_has_an_end_too(tiny):
    assert heard_by(tiny(phases=PHASES), lambda phase: phase.name == "adversarial") == [(18, 3)]


def test_no_phase_wanted_nothing_done(tiny):
    assert heard_by(tiny(phases=PHASES), lambda phase: False) == []


def test_only_the_first_process_acts(tiny):
    trainer = tiny(phases=PHASES[:1])
    heard = []
    handler = PhaseEnd(lambda phase: True, heard.append)
    trainer.fit()
    trainer.batches.world = replace(trainer.batches.world, rank=1)
    handler.stepped(trainer, {})
    assert heard == []

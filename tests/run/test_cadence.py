import pytest

from multigan.run.cadence import Cadence, Sometimes


@pytest.mark.parametrize("times", [0, 1, 4, 20])
def test_occasions_are_as_many_as_asked_and_even(tiny, times):
    heard = []
    trainer = tiny()
    trainer.handlers = [Sometimes(times, lambda t: heard.append(t.state.step))]
    trainer.fit()
    assert len(heard) == times
    assert heard == [20 * k // times for k in range(1, times + 1)] if times else heard == []


def test_at_start_comes_before_the_first_iteration_only(tiny):
    heard = []
    trainer = tiny()
    trainer.handlers = [Sometimes(0, lambda t: heard.append(t.state.step), at_start=True)]
    trainer.fit()
    trainer.fit()
    assert heard == [0]


def test_never_is_never(tiny):
    assert not Cadence(0).due(tiny())

import pytest

from multigan.pace.closing import Closing


def test_the_last_time_counts_of_everything(clock):
    closing = Closing(clock, lambda: 3.0)

    def act(seconds):
        clock.now += seconds
        return seconds

    timed = closing.timed("sheet", act)
    assert closing() == 3.0
    assert not closing.knows("sheet")
    assert timed(5.0) == 5.0
    timed(2.0)
    assert closing() == 5.0
    assert closing.knows("sheet")


def test_what_fails_is_timed_too(clock):
    closing = Closing(clock)

    def act():
        clock.now += 4.0
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        closing.timed("report", act)()
    assert closing() == 4.0

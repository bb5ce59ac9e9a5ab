from multigan.judge.bar import FAR, too_far
from multigan.metrics.intervals import Interval


def test_only_what_is_surely_above_the_bar_is_far():
    assert too_far(Interval(0.9, FAR + 0.01, 0.95))
    assert not too_far(Interval(0.9, FAR - 0.01, 0.95))

from multigan.judge.bar import FAR, MOST, side_of, too_far, undecided
from multigan.metrics.intervals import Interval


def test_only_what_is_surely_above_the_bar_is_far():
    assert too_far(Interval(0.9, FAR + 0.01, 0.95))
    assert not too_far(Interval(0.9, FAR - 0.01, 0.95))


def test_where_the_interval_holds_the_bar_what_would_settle_it_is_said():
    assert side_of(0.76, 0.9, 200) == "above the bar of 75%"
    assert side_of(0.5, 0.74, 200) == "below the bar of 75%"
    assert side_of(0.7, 0.8) == "near the bar of 75%, which lies in the interval"
    few, many = side_of(0.7, 0.8, 184), side_of(0.7, 0.8, MOST)
    assert few.endswith("more items would settle it (184 a side were judged; of larger data up to 500 are)")
    assert many.endswith("500 a side do not settle it, so look at the samples")


def test_more_often_than_the_bar_allows_and_not_surely_so_is_nearly():
    assert undecided(0.8, 0.73)
    assert not undecided(0.8, 0.76)  # surely: still far
    assert not undecided(0.74, 0.67)  # nothing speaks against it

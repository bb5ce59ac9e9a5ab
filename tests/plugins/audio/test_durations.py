import pytest

from multigan.plugins.audio.durations import lasting


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0.00 s"), (0.004, "4 ms"), (0.0625, "62.5 ms"), (0.1, "0.10 s"), (12.344, "12.34 s")]
)
def test_what_is_short_is_told_in_milliseconds(seconds, said):
    assert lasting(seconds) == said

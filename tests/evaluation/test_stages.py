"""Times and memory."""

import time
from contextlib import suppress

from multigan.evaluation.stages import Stages, peak_memory_bytes


def test_times_of_one_name_add_up_also_after_an_error():
    stages = Stages()
    with stages.of("a"):
        time.sleep(0.01)
    with suppress(ValueError), stages.of("a"):
        time.sleep(0.01)
        raise ValueError
    assert stages.seconds["a"] >= 0.02


def test_memory_is_in_bytes_and_never_falls():
    before = peak_memory_bytes()
    assert 30e6 < before <= peak_memory_bytes() < 1e13

from pathlib import Path

import numpy as np
import pytest

from multigan.core.errors import DataError
from multigan.plugins.audio.by_mel import remade
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.whole_sounds import Whole, refuse_channels

SIZES = {"sample_rate_hz": 8000, "n_mels": 20, "n_fft": 256, "window": 256, "hop": 64, "fmin": 0.0, "fmax": 4000.0}
MEL = MelDefinition(**SIZES, scale="slaney", norm=True, power=1, log="ln", floor=1e-5, pad="centre")
SOUND = np.random.default_rng(0).uniform(-0.2, 0.2, (4, 1003)).astype(np.float32)


def test_what_is_made_has_the_length_the_channels_and_the_gain_of_the_sound():
    seen = []

    def make(x):
        seen.append(x)
        return -x

    made = remade(Whole(SOUND, 8000, []), MEL, 2, make)
    np.testing.assert_allclose(made, -SOUND, rtol=1e-5)
    assert seen[0].shape == (2, 2, 1024)  # whole hops, two channels at once
    assert float(seen[0].abs().max()) == pytest.approx(0.95)


def test_at_another_rate_it_comes_back_at_its_own():
    made = remade(Whole(SOUND, 11_025, []), MEL, 1, lambda x: x)
    assert made.shape == SOUND.shape


def test_channels_that_do_not_go_in_are_refused():
    refuse_channels(Path("a.wav"), Whole(SOUND, 8000, []), 2)
    with pytest.raises(DataError, match=r"a\.wav has 4 channels"):
        refuse_channels(Path("a.wav"), Whole(SOUND, 8000, []), 3)

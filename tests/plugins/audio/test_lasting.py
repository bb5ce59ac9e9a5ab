from itertools import repeat

import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.audio.lasting import save_lasting

SPEC = Spec("audio", (2, 64), (), {"sample_rate_hz": 1000})
LABEL = {"Software": "t"}


def test_pieces_are_laid_end_to_end_and_faded_at_the_ends(tmp_path):
    path = save_lasting(repeat(torch.full((1, 2, 300), 0.5)), 1.0, tmp_path / "a", SPEC, LABEL, bits="float")
    wave, rate = soundfile.read(path)
    assert (path.name, wave.shape, rate) == ("a.wav", (1000, 2), 1000)
    assert np.allclose(wave[5:-5], 0.5)
    assert np.allclose(wave[:5, 0], 0.1 * np.arange(1, 6), atol=1e-6)
    assert np.allclose(wave[-5:, 1], 0.1 * np.arange(5, 0, -1), atol=1e-6)


def test_what_is_beyond_full_scale_is_clipped(tmp_path):
    path = save_lasting(repeat(torch.full((1, 2, 300), 3.0)), 0.5, tmp_path / "a", SPEC, LABEL)
    assert soundfile.read(path)[0].max() == pytest.approx(1, abs=1e-4)


def test_more_than_a_wav_holds_is_refused(tmp_path):
    with pytest.raises(DataError, match="at most"):
        save_lasting(repeat(torch.zeros(1, 2, 300)), 2e6, tmp_path / "a", SPEC, LABEL)

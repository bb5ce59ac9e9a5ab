import numpy as np
import pytest
import soundfile

from multigan.plugins.audio import modality
from multigan.plugins.audio.rhythm import UNIT_SECONDS, with_rhythm


@pytest.mark.parametrize("rate_hz", [8000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_short_long_short_short_then_the_sound_itself(rate_hz, channels):
    sound = np.random.default_rng(0).uniform(-1, 1, (500, channels)).astype(np.float32)
    sound = sound[:, 0] if channels == 1 else sound
    out = with_rhythm(sound, rate_hz)
    assert out.dtype == np.float32
    assert np.array_equal(out[-500:], sound)
    mono = out[:-500] if channels == 1 else out[:-500, 0]
    unit = UNIT_SECONDS * rate_hz
    loud = np.array(
        [np.abs(mono[round(k * unit) :][: round(unit)]).max() > 0.2 for k in range(len(mono) // round(unit))]
    )
    assert "".join("x" if one else "." for one in loud).rstrip(".") == "x.xxx...x.x"
    assert np.abs(mono).max() <= 0.3 + 1e-6
    assert np.abs(np.diff(mono)).max() < 0.3  # no clicks


def test_it_is_an_option_of_saving(tmp_path):
    sound = (np.sin(np.arange(800) / 4).astype(np.float32), 8000)
    plain, marked = (
        soundfile.info(modality.save([sound], tmp_path, [name], {}, **options)[0]).frames
        for name, options in (("a", {"raw": True}), ("b", {"raw": True, "visible_label": True}))
    )
    assert marked - plain == round(18 * UNIT_SECONDS * 8000)

import pytest

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.mel_definition import KEY, MelDefinition, mel_of
from multigan.plugins.audio.mel_degrade import build_mel


def made(rate=8000, samples=8192, **given):
    spec = Spec("audio", (1, samples), meta={"sample_rate_hz": rate})
    return mel_of(build_mel(None, spec, **given).spec(spec))


@pytest.mark.parametrize(
    ("rate", "n_mels", "n_fft", "hop"), [(8000, 40, 256, 64), (16_000, 80, 512, 128), (22_050, 80, 1024, 256)]
)
def test_numbers_that_are_0_follow_the_rate(rate, n_mels, n_fft, hop):
    mel = made(rate)
    assert (mel.n_mels, mel.n_fft, mel.window, mel.hop, mel.fmax) == (n_mels, n_fft, n_fft, hop, rate / 2)


def test_it_goes_through_json_and_back():
    mel = made(log="db", power=2.0, pad="same", scale="htk", norm=False)
    assert MelDefinition(**mel.plain()) == mel
    assert mel_of(Spec("audio", (1, 2), meta={KEY: mel.plain()})) == mel
    assert mel_of(Spec("audio", (1, 2))) is None


def test_frames_and_samples():
    same, centre = made(pad="same"), made(pad="centre")
    assert (same.frames(8192), centre.frames(8192)) == (128, 129)
    assert (same.samples(128), centre.samples(129)) == (8192, 8192)
    assert (same.first, centre.first) == (32, 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hop": 200}, "mel with hop = 200; expected even, and half of the window at most"),
        ({"hop": 63}, "mel with hop = 63; expected even"),
        ({"window": 512}, "mel with window = 512; expected n_fft = 256 at most"),
        ({"n_mels": 200}, "mel with n_mels = 200; expected 128 at most"),
        ({"fmax": 5000.0}, "mel with fmax = 5000; expected half of the rate at most, 4000"),
        ({"fmin": 4000.0}, "mel with fmin = 4000; expected below fmax = 4000"),
        ({"samples": 8200}, "sounds of 8,200 samples; expected whole hops of 64.*data.samples=8192"),
        ({"samples": 64}, "sounds of 64 samples; expected whole hops of 64, 512 samples or more.*data.samples=512"),
    ],
)
def test_what_does_not_go_together_is_named(given, words):
    with pytest.raises(RecipeError, match=words):
        made(**given)

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio.degrade import build_clipping, build_low_pass, build_reverb

SPEC = Spec("audio", (1, 2048), (), {"sample_rate_hz": 8000})
AUDIO = modalities.get("audio")


def test_a_share_is_struck_and_the_others_stay_as_they_are():
    x = torch.randn(64, 1, 2048)
    made = build_clipping(AUDIO, SPEC, share=0.5)(x, Draw(0))
    same = (made == x).flatten(1).all(1).double().mean()
    assert 0.3 < same < 0.7
    assert torch.equal(made, build_clipping(AUDIO, SPEC, share=0.5)(x, Draw(0)))
    assert torch.equal(build_clipping(AUDIO, SPEC, share=0.0)(x, Draw(0)), x)


def test_peaks_are_cut_off_as_far_down_as_asked():
    x = torch.randn(4, 1, 2048)
    made = build_clipping(AUDIO, SPEC, share=1.0, over_db=(6.0, 6.0))(x, Draw(0))
    peaks = x.abs().amax((1, 2)) / made.abs().amax((1, 2))
    assert torch.allclose(20 * peaks.log10(), torch.full((4,), 6.0), atol=1e-3)


def test_a_low_pass_leaves_what_is_low():
    time = torch.arange(2048) / 8000
    low, high = ((2 * torch.pi * hertz * time).sin()[None, None] for hertz in (200, 3500))
    made = build_low_pass(AUDIO, SPEC, share=1.0, hertz=(1000.0, 1000.0))(low + high, Draw(0))
    assert (made - low)[..., 200:-200].abs().max() < 0.1


def test_a_room_keeps_the_sound_and_lets_it_die_away():
    x = torch.zeros(2, 1, 2048)
    x[..., 100] = 1
    made = build_reverb(AUDIO, SPEC, share=1.0, seconds=(0.1, 0.1))(x, Draw(0))
    assert made[..., 100] == pytest.approx(torch.ones(2, 1), abs=1e-5)
    assert made[..., :100].abs().max() < 1e-5  # nothing before it
    early, late = made[..., 120:300].square().sum(), made[..., 900:].square().sum()
    assert late < early / 1e4


@pytest.mark.parametrize(
    ("build", "options"),
    [
        (build_reverb, {"seconds": (1.0, 0.5)}),
        (build_clipping, {"over_db": (9.0, 3.0)}),
        (build_low_pass, {"hertz": (900.0, 300.0)}),
    ],
)
def test_ranges_the_wrong_way_round_are_refused(build, options):
    with pytest.raises(RecipeError, match="lower end first"):
        build(AUDIO, SPEC, **options)

from itertools import islice

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, UnsupportedError
from multigan.core.generators import Encoding, Hearing, Lasting
from multigan.core.types import Spec
from multigan.plugins.audio import endless
from multigan.plugins.audio.pulse import SIDES

SAMPLES = 8192


def spec(channels=1, samples=SAMPLES, classes=()):
    return Spec("audio", (channels, samples), classes, {"sample_rate_hz": 8000})


def net(channels=1, **options):
    torch.manual_seed(2)
    made = endless.build_endless(
        spec(channels, **options.pop("spec", {})), code=3, width=8, layers=1, rows_width=8, **options
    )
    torch.nn.init.normal_(made.flow.out.weight, 0, 0.1)
    torch.nn.init.normal_(made.decoder.head.out.weight, 0, 0.2)
    return made.eval().requires_grad_(False)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_window_goes_in_and_comes_out(channels):
    made = net(channels)
    assert isinstance(made, Encoding)
    assert isinstance(made, Lasting)
    x = 0.1 * torch.randn(2, channels, SAMPLES)
    mean, _ = made.encode(x)
    assert mean.shape == (2, *made.latent.shape)
    assert made(mean).shape == x.shape


@pytest.mark.parametrize("gate", [False, True])
def test_pieces_are_what_the_whole_row_decodes_to(monkeypatch, gate):
    """No seam: the codes are kept aside and decoded at once."""
    made, kept = net(gate=gate), []
    go_on = made.flow.go_on
    monkeypatch.setattr(made.flow, "go_on", lambda *given: kept.append(go_on(*given)) or kept[-1])
    pieces = torch.cat(list(islice(made.lasting(Draw(3)), 9)), 2)
    first = made.to_code(Draw(3).normal("z", (1, *made.latent.shape))).unflatten(1, (3, -1))
    whole = made.decoder.row(torch.cat([first, *kept], 2), None)
    assert pieces.shape[2] > 4 * SAMPLES
    assert (pieces - whole[..., : pieces.shape[2]]).abs().max() < 1e-5 * whole.abs().max()


def test_what_is_held_does_not_grow(monkeypatch):
    made, seen = net(), []
    row = made.decoder.row
    monkeypatch.setattr(
        made.decoder, "row", lambda codes, cond, first=0: seen.append(codes.shape[2]) or row(codes, cond, first)
    )
    for _ in islice(made.lasting(Draw(0)), 12):
        pass
    assert max(seen[4:]) == min(seen[4:]) <= 4 * made.flow.frames


def test_the_same_draw_gives_the_same_sound_and_another_another():
    made = net()
    one, again, other = (torch.cat(list(islice(made.lasting(Draw(seed)), 3)), 2) for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_pieces_have_the_tempo_that_is_asked_for_or_one_that_was_heard():
    made = net(pulse=True)
    slow, fast, again = (next(made.lasting(Draw(0), tempo=tempo)) for tempo in (90, 150, 150))
    assert not torch.equal(slow, fast)
    assert torch.equal(fast, again)
    made.tempi.zero_()[80] = 1.0
    assert float(made._tempo(Draw(3), None)) == pytest.approx(80 + 80 * 80 / 159)
    with pytest.raises(UnsupportedError, match=r"knows no beats.*--set G\.pulse=true"):
        net().lasting(Draw(0), tempo=90)


def test_beats_are_heard_in_what_it_learns_from_and_go_on_through_pieces(monkeypatch):
    samples = 2 * SAMPLES
    torch.manual_seed(2)
    made = endless.build_endless(spec(samples=samples), code=3, width=8, layers=1, rows_width=8, pulse=True)
    clicks = torch.zeros(4, 1, samples)
    clicks[..., 400::4000] = 0.9  # 120 beats a minute
    told = []
    lesson = made.flow.lesson
    monkeypatch.setattr(made.flow, "lesson", lambda *given: told.append(given[3]) or lesson(*given))
    assert isinstance(made, Hearing)
    mean, _ = made.encode(clicks)
    made.lesson_of(clicks, mean, None, Draw(0))
    assert told[0].shape == (4, SIDES, samples // 512)
    assert float(made.tempi.sum()) == pytest.approx(1, abs=1e-5)
    assert abs(int(made.tempi.argmax()) - 80) < 8
    at_clicks = [told[0][0, 0, round((400 + 4000 * k) / 512 - 0.5)] for k in range(4)]
    assert min(at_clicks) > 0.7
    before = made.tempi.clone()
    made.eval().lesson_of(clicks, mean, None, Draw(0))
    assert torch.equal(before, made.tempi)
    half = torch.tensor([120.0])
    first, second = made._beat(half, 0), made._beat(half, samples // 1024)
    assert torch.allclose(first[..., samples // 1024 :], second[..., : samples // 1024], atol=1e-6)


def test_classes_are_told():
    made = net(spec={"classes": ("a", "b")}, conditional=True)
    a, b = (next(made.lasting(Draw(0), torch.tensor([label]))) for label in (0, 1))
    assert not torch.equal(a, b)


def test_windows_hold_a_whole_number_of_codes():
    with pytest.raises(RecipeError, match=r"type --set data\.samples=16384"):
        endless.build_endless(spec(samples=16_000))
    with pytest.raises(RecipeError, match="a multiple of 1,024"):
        endless.build_endless(spec(samples=1024))

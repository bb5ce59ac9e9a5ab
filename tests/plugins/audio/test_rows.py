import torch

from multigan.core.draw import Draw
from multigan.plugins.audio.pulse import SIDES, beats
from multigan.plugins.audio.rows import ROUNDS, TOLD, RowTransport

CHANNELS, FRAMES = 2, 8


def stirred(classes=0):
    torch.manual_seed(1)
    rows = RowTransport(CHANNELS, FRAMES, 1, 8, classes).double()
    torch.nn.init.normal_(rows.out.weight, 0, 0.3)
    return rows.eval()


def test_it_begins_as_the_identity_and_goes_both_ways():
    z = torch.randn(3, CHANNELS * FRAMES)
    assert torch.equal(RowTransport(CHANNELS, FRAMES, 1, 8)(z), z)
    rows, z = stirred(), z.double()
    assert torch.allclose(rows.to_z(rows(z)), z, atol=1e-3)
    assert rows.surprise(z).shape == (3,)


def test_what_it_descends_in_float64():
    """Half of it are errors of whole windows, half of second halves beside the codes of the first."""
    rows, code, draw = stirred(), torch.randn(2, CHANNELS * FRAMES, dtype=torch.float64), Draw(5)
    for row in range(2):
        total = 0.0
        for name, known in (("whole", 0), ("half", FRAMES // 2)):
            z = draw.normal(f"rows/{name}/z", (2, ROUNDS // 2, CHANNELS * FRAMES)).double()[row]
            t = draw.uniform(f"rows/{name}/t", (2, ROUNDS // 2, 1)).double()[row]
            for k in range(ROUNDS // 2):
                place = ((1 - t[k]) * z[k] + t[k] * code[row]).view(CHANNELS, FRAMES)
                place[:, :known] = code[row].view(CHANNELS, FRAMES)[:, :known]
                error = rows.velocity(place.view(1, -1), t[k][None], None, known)[0] - (code[row] - z[k])
                total += error.view(CHANNELS, FRAMES)[:, known:].square().mean() / ROUNDS
        assert torch.allclose(rows.lesson(code, None, draw)[row], total, atol=1e-6)


def test_a_row_goes_on_as_it_was_taught():
    """Windows whose second half is the first one's negative: what follows is the negative of what was."""
    torch.manual_seed(0)
    rows = RowTransport(1, 8, 2, 32)
    adam = torch.optim.Adam(rows.parameters(), 3e-3)
    for step in range(300):
        level = Draw(1, step).normal("level", (16, 1, 1)).sign().expand(16, 1, 4)
        adam.zero_grad()
        rows.lesson(torch.cat([level, -level], 2).flatten(1), None, Draw(2, step)).mean().backward()
        adam.step()
    before = torch.tensor([1.0, -1.0])[:, None, None].expand(2, 1, 4)
    with torch.no_grad():
        after = rows.go_on(before, torch.randn(2, 1, 4), None)
    assert torch.allclose(after, -before, atol=0.3)


def test_beats_are_told_to_most_windows_and_to_none_of_a_net_without_them():
    """What it descends is that of velocities which are told the beats of these rows and of no others."""
    torch.manual_seed(1)
    rows = RowTransport(CHANNELS, FRAMES, 1, 8, pulse=True).double()
    torch.nn.init.normal_(rows.out.weight, 0, 0.3)
    rows.eval()
    code, draw = torch.randn(16, CHANNELS * FRAMES, dtype=torch.float64), Draw(5)
    beat = beats(torch.full((16,), 120.0), torch.zeros(16), FRAMES, 0.064).double()
    told = draw.uniform("rows/told", (16, 1, 1)).double() < TOLD
    assert 0 < int(told.sum()) < 16
    mixed = rows.lesson(code, None, draw, beat)
    plain = rows.lesson(code, None, draw)
    assert torch.equal(mixed[~told.flatten()], plain[~told.flatten()])
    assert not torch.isclose(mixed[told.flatten()], plain[told.flatten()]).any()
    assert "take_in.weight" in rows.state_dict()
    assert rows.take_in.in_channels == RowTransport(CHANNELS, FRAMES, 1, 8).take_in.in_channels + SIDES + 1


def test_codes_that_are_drawn_follow_the_beats():
    """Codes that are the cosine of the beat: whichever is asked for comes back, in windows and after them."""
    torch.manual_seed(0)
    rows = RowTransport(1, 8, 2, 32, pulse=True)
    adam = torch.optim.Adam(rows.parameters(), 3e-3)
    for step in range(200):
        tempo = 80 + 80 * Draw(1, step).uniform("tempo", (32,))
        beat = beats(tempo, 6.3 * Draw(1, step).uniform("phase", (32,)), 8, 0.064)
        adam.zero_grad()
        rows.lesson(2 * beat[:, 0], None, Draw(2, step), beat).mean().backward()
        adam.step()
    beat = beats(torch.tensor([90.0, 140.0]), torch.tensor([0.0, 1.0]), 8, 0.064)
    with torch.no_grad():
        whole = rows.begin(torch.randn(2, 8), None, beat)
        after = rows.go_on(2 * beat[:, :1, :4], torch.randn(2, 1, 4), None, beat)
    assert torch.allclose(whole, 2 * beat[:, 0], atol=0.6)
    assert torch.allclose(after, 2 * beat[:, :1, 4:], atol=0.6)


def test_classes_are_told():
    rows, z = stirred(classes=2), torch.randn(2, CHANNELS * FRAMES, dtype=torch.float64)
    zero, one = (torch.full((2,), label) for label in (0, 1))
    assert not torch.allclose(rows(z, zero), rows(z, one))

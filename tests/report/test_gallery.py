from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from multigan.core.types import Spec
from multigan.generator.generator import load
from multigan.plugins import modalities
from multigan.provenance import labels as provenance
from multigan.report import gallery
from multigan.report.media import Budget, Media

LABEL = provenance.label("g", "0" * 64, "r", 0)
RATIO = SimpleNamespace(ratio=torch.ones(6))


def media(budget, modality="image"):
    return Media(modalities.get(modality), Spec(modality, (1, 8, 8)), LABEL, Budget(budget))


def noise(size=64):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (size, size), dtype=np.uint8))


def sound():
    return np.random.default_rng(0).uniform(-1, 1, 4000).astype(np.float32), 8000


def test_the_way_begins_at_one_sample_of_the_sheet_and_ends_at_the_next(run, monkeypatch):
    generator, seen = load(run), []
    monkeypatch.setattr(type(generator.modality), "render", lambda self, fake, spec: seen.append(fake) or ["x"] * 8)
    gallery.interpolation(media(100_000), generator, 3)
    assert len(seen[0]) == 8
    assert torch.equal(seen[0][[0, -1]], generator.tensors(2, 3))


def test_texts_without_room_are_counted():
    html = gallery.samples(media(1000), ["x" * 100] * 64, 0)
    shown = html.count("<li>")
    assert 0 < shown < 40
    assert f"{40 - shown} samples are left out" in html
    assert "left out" not in gallery.samples(media(100_000), ["x" * 100] * 64, 0)


def test_sounds_without_room_are_counted_also_where_none_fits():
    room = media(1_000_000)
    gallery.samples(room, [sound()], 0)
    one = 1_000_000 - room.budget.left
    html = gallery.samples(media(3 * one + one // 4), [sound()] * 64, 0)
    assert html.count("<audio") == 3
    assert "9 samples are left out" in html
    assert "12 samples are left out" in gallery.samples(media(100), [sound()] * 64, 0)
    assert "cannot be shown" not in gallery.samples(media(100), [sound()] * 64, 0)


def test_a_sheet_without_room_is_counted():
    assert "64 samples are left out" in gallery.samples(media(100), [noise()] * 64, 0)


def test_pairs_without_room_are_counted():
    room = media(1_000_000)
    gallery.pairs(room, [noise()], [noise()], RATIO)
    two = 1_000_000 - room.budget.left
    html = gallery.pairs(media(2 * two + 10), [noise()] * 6, [noise()] * 6, RATIO)
    assert html.count("nearest training item<") == 2
    assert "4 pairs are left out" in html
    html = gallery.pairs(media(6 * two - 10), [noise()] * 6, [noise()] * 6, RATIO)
    assert "1 pair is left out" in html
    assert gallery.pairs(media(1000), [(0.0, 1.0)] * 6, [(0.0, 1.0)] * 6, RATIO) is None


def test_a_way_without_room_says_so_and_not_that_it_cannot_be_shown(run, monkeypatch):
    generator = load(run)
    monkeypatch.setattr(type(generator.modality), "render", lambda self, fake, spec: [noise()] * len(fake))
    whole = media(1_000_000)
    assert gallery.interpolation(whole, generator, 0).count("<img") == 8
    html = gallery.interpolation(media((1_000_000 - whole.budget.left) * 5 // 8 + 10), generator, 0)
    assert html.count("<img") == 5
    assert "3 steps are left out" in html
    html = gallery.interpolation(media(100), generator, 0)
    assert "8 steps are left out" in html
    assert "cannot be shown" not in html


def test_the_way_between_points_cannot_be_shown(run):
    assert "cannot be shown in a page" in gallery.interpolation(media(1_000_000), load(run), 0)

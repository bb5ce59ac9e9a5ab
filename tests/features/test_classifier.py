import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnknownNameError
from multigan.core.types import Data, Spec
from multigan.features import classifier, make_extractor
from multigan.plugins import modalities


class Raw:
    def __init__(self, items, groups=None):
        self.items, self.groups = items, groups

    def __len__(self):
        return len(self.items)

    def take(self, indices, draw):
        return self.items[indices]


def shades(n=200):
    """Dark and bright pictures, with noise: two classes that anything can tell."""
    labels = torch.arange(n) % 2
    noise = torch.randn(n, 1, 12, 10, generator=torch.Generator().manual_seed(0)) * 20
    items = (80 + 90 * labels.view(-1, 1, 1, 1) + noise).clamp(0, 255).to(torch.uint8)
    return Data(Raw(items), Spec("image", (1, 12, 10), ("dark", "bright")), labels)


def build(data, modality="image", **options):
    return make_extractor("classifier", data.spec, modalities.get(modality), data=data, **options)


def test_it_learns_says_how_well_and_knows_classes():
    data = shades()
    found = build(data)
    assert found.accuracy == 1.0
    assert found.held_out == 40
    assert "100.0% of 40 held-out items" in found.note
    real = data.items.items.float() / 127.5 - 1
    probs = found.probabilities(real)
    assert probs.shape == (200, 2)
    torch.testing.assert_close(probs.sum(1), torch.ones(200))
    assert torch.equal(probs.argmax(1), data.labels)
    assert found(real).shape == (200, found.dim)
    torch.testing.assert_close(found(real[5:7]), found(real)[5:7])


def test_random_labels_give_chance():
    data = shades()
    shuffled = data.labels[torch.randperm(200, generator=torch.Generator().manual_seed(3))]
    found = build(Data(data.items, data.spec, shuffled))
    assert found.accuracy < 0.75


def test_it_is_the_same_again_and_kept(tmp_path, monkeypatch):
    first = build(shades(), cache=tmp_path)
    monkeypatch.setattr(classifier, "fit", lambda *_: pytest.fail("trained again"))
    second = build(shades(), cache=tmp_path)
    assert (second.sha256, second.accuracy) == (first.sha256, first.accuracy)
    monkeypatch.undo()
    assert build(shades()).sha256 == first.sha256
    assert build(shades(), cache=tmp_path, seed=1).sha256 != first.sha256
    for file in (tmp_path / "classifiers").iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert build(shades(), cache=tmp_path).sha256 == first.sha256


def test_only_the_given_items_are_used_and_groups_stay_together():
    data = shades()
    asked = []
    take = data.items.take
    data.items.take = lambda indices, draw: asked.append(indices) or take(indices, draw)
    build(data, items=torch.arange(50, 100))
    seen = torch.cat(asked)
    assert seen.min() >= 50
    assert seen.max() < 100
    kept, out = classifier._split(torch.randperm(60), torch.arange(60) // 4)
    assert len(kept) + len(out) == 60
    assert not set((kept // 4).tolist()) & set((out // 4).tolist())


def test_vectors_where_there_is_no_picture():
    ring = modalities.get("points").load("ring", n=4000)
    raw = ring.items.take(torch.arange(4000), Draw(0))
    labels = (modalities.get("points").to_real(raw, ring.spec)[:, 0] > 0).long()
    found = build(Data(ring.items, ring.spec, labels), "points")
    assert found.accuracy > 0.9


def test_spoken_things_are_looked_at_as_spectra():
    modality = modalities.get("audio")
    t = torch.arange(2048) / 8000
    tones = torch.stack([torch.sin(2 * torch.pi * (300 + 900 * (k % 2) + k) * t) for k in range(40)])
    raw = (tones[:, None] * 20_000).to(torch.int16)
    spec = Spec("audio", (1, 2048), ("low", "high"), {"sample_rate_hz": 8000})
    found = build(Data(Raw(raw), spec, torch.arange(40) % 2), "audio")
    assert found.accuracy == 1.0
    assert modality.picture(modality.to_real(raw, spec), spec).shape[1:3] == (1, 64)


def test_what_it_cannot_be_built_from():
    data = shades()
    with pytest.raises(DataError, match="without labels"):
        build(Data(data.items, data.spec, None))
    with pytest.raises(DataError, match="one class"):
        build(Data(data.items, Spec("image", (1, 12, 10)), torch.zeros(200, dtype=torch.long)))
    with pytest.raises(DataError, match="hold some out"):
        build(data, items=torch.tensor([1]))
    with pytest.raises(UnknownNameError):
        make_extractor("classifier:x", data.spec, modalities.get("image"), data=data)


@pytest.mark.slow
def test_real_digits_are_told_apart(real_data):
    data = modalities.get("image").load(str(real_data / "image" / "mnist"))
    assert build(data, items=torch.arange(4000)).accuracy > 0.95

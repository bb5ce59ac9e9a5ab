import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.features.cache import cache_folder
from multigan.plugins.image import judge, modality
from multigan.plugins.image.judge import train_judge


def bars(n=200):
    """Three classes: a bright row at one of three heights, with noise."""
    labels = torch.arange(n) % 3
    images = torch.randint(0, 60, (n, 1, 8, 8), generator=torch.Generator().manual_seed(0))
    images[torch.arange(n), 0, 1 + 3 * labels] = 250
    return images.to(torch.uint8), labels


def test_it_learns_and_counts_every_channel():
    images, labels = bars()
    trained = train_judge(images, labels, epochs=8)
    assert trained.accuracy == 1
    assert trained.held_out == 40
    pairs = torch.tensor([[0, 1], [4, 5], [2, 0], [1, 1]])
    real = modality.to_real(images[pairs].squeeze(2), modality.load("stacked-digits", size=8).spec)
    assert trained.modes(real, chunk=3).tolist() == (labels[pairs] @ torch.tensor([3, 1])).tolist()


def test_accuracy_is_of_pictures_that_it_never_saw():
    images, labels = bars()
    order = torch.randperm(len(images), generator=Draw(0).generator("judge/split"))
    wrong = labels.clone()
    wrong[order[:40]] = (labels[order[:40]] + 1) % 3  # every held-out label lies
    assert train_judge(images, wrong, epochs=8).accuracy == 0


def test_it_is_a_function_of_its_seed():
    images, labels = bars(60)
    one, two, other = (train_judge(images, labels, epochs=1, seed=seed).net.out.weight for seed in (3, 3, 4))
    assert torch.equal(one, two)
    assert not torch.equal(one, other)


def test_the_cache_is_used_and_keyed_by_pictures_labels_and_seed(tmp_path, monkeypatch):
    images, labels = bars(60)
    first = train_judge(images, labels, epochs=1, cache=tmp_path)
    monkeypatch.setattr(judge, "_fit", lambda *_: pytest.fail("trained again"))
    again = train_judge(images, labels, epochs=1, cache=tmp_path)
    assert again.accuracy == first.accuracy
    assert all(torch.equal(a, b) for a, b in zip(first.net.parameters(), again.net.parameters(), strict=True))
    for given in ((images, labels.flip(0), 0), (images.flip(0), labels, 0), (images, labels, 1)):
        with pytest.raises(pytest.fail.Exception):
            train_judge(given[0], given[1], seed=given[2], epochs=1, cache=tmp_path)


def test_a_damaged_or_forbidden_cache_only_costs_time(tmp_path):
    images, labels = bars(60)
    want = train_judge(images, labels, epochs=1, cache=tmp_path / "c")
    (file,) = (tmp_path / "c").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    got = train_judge(images, labels, epochs=1, cache=tmp_path / "c")
    assert torch.equal(want.net.out.weight, got.net.out.weight)
    (tmp_path / "plain").write_text("a file, no folder")
    train_judge(images, labels, epochs=1, cache=tmp_path / "plain")


def test_the_cache_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MULTIGAN_CACHE", raising=False)
    assert cache_folder() == tmp_path / "multigan"
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def test_one_class_is_refused():
    with pytest.raises(DataError, match="two classes or more"):
        train_judge(torch.zeros(9, 1, 8, 8, dtype=torch.uint8), torch.zeros(9, dtype=torch.long))


@pytest.mark.slow
def test_real_digits():
    data = modality.load("digits")
    assert train_judge(data.items.items, data.labels).accuracy >= 0.97


@pytest.mark.slow
def test_real_mnist(real_data):
    data = modality.load(str(real_data / "image" / "mnist"))
    assert train_judge(data.items.items, data.labels).accuracy >= 0.98

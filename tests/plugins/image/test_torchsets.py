import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.image import modality


def small(seed):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8))


@pytest.fixture
def torchset(monkeypatch):
    """`torchset(entries, classes)`: a set under the name MNIST; an entry that is callable is called."""
    from torchvision import datasets

    def put(entries, classes=()):
        class Set:
            def __init__(self, root, download=False):
                if isinstance(entries, Exception):
                    raise entries
                self.classes = list(classes)

            def __len__(self):
                return len(entries)

            def __getitem__(self, index):
                return entries[index]() if callable(entries[index]) else entries[index]

        monkeypatch.setattr(datasets, "MNIST", Set)

    return put


def broken():
    raise RuntimeError("no such picture")


def test_classes_that_do_not_occur_are_no_classes(torchset):
    torchset([(small(k), 1 + k % 2) for k in range(6)], ["N/A", "a", "b"])
    data = modality.load("torchvision:MNIST")
    assert data.spec.classes == ("a", "b")
    assert data.labels.tolist() == [0, 1] * 3


def test_broken_pictures_are_left_out_with_their_labels(torchset, monkeypatch):
    torchset([(small(0), 0), broken, (torch.zeros(3, 8, 8), 1), (small(1), 1)], ["a", "b"])
    data = modality.load("torchvision:MNIST")
    assert data.labels.tolist() == [0, 1]
    assert any(
        line.startswith("2 unreadable: number 1 (cannot be decoded (RuntimeError: no such") for line in data.report
    )
    monkeypatch.setattr("multigan.plugins.image.data.IN_MEMORY_BYTES", 0)
    later = modality.load("torchvision:MNIST")
    assert not later.items.resident
    assert torch.equal(later.items.take(torch.arange(2), Draw(0)), data.items.items)


def test_nothing_to_train_on_is_one_clear_error(torchset):
    torchset([])
    with pytest.raises(DataError, match="it is empty"):
        modality.load("torchvision:MNIST")
    torchset([broken])
    with pytest.raises(DataError, match="no such picture"):
        modality.load("torchvision:MNIST")
    torchset(ValueError("bad archive"))
    with pytest.raises(DataError, match="bad archive"):
        modality.load("torchvision:MNIST")

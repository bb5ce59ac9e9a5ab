import numpy as np
import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.image import modality
from multigan.plugins.image.stacked import STACKED_ITEMS, StackedPictures, mode_number, stack


def idx_folder(folder, labels, size=6):
    """MNIST-style files whose picture number k is grey k everywhere."""
    images = np.repeat(np.arange(len(labels), dtype=np.uint8), size * size)
    head = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in (len(labels), size, size))
    (folder / "t10k-images-idx3-ubyte").write_bytes(head + images.tobytes())
    head = b"\0\0\x08\x01" + len(labels).to_bytes(4, "big")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(head + np.array(labels, dtype=np.uint8).tobytes())
    return folder


def test_mode_numbers_are_the_digits_in_order():
    assert mode_number(torch.tensor([[3, 0, 7], [0, 0, 0], [9, 9, 9]]), 10).tolist() == [307, 0, 999]
    assert mode_number(torch.tensor([[2, 1]]), 3).tolist() == [7]


def test_the_mode_of_an_item_is_that_of_its_digits():
    single, stacked = modality.load("digits", size=8), modality.load("stacked-digits", size=8)
    assert stacked.spec.shape == (2, 8, 8)
    assert len(stacked.items) == len(stacked.labels) == STACKED_ITEMS
    assert stacked.spec.meta == {"stacked": 2, "modes": 100}
    known = {}
    for picture, label in zip(single.items.items, single.labels.tolist(), strict=True):
        known.setdefault(picture.numpy().tobytes(), set()).add(label)
    rows = torch.arange(0, STACKED_ITEMS, 997)
    for item, mode in zip(stacked.items.take(rows, Draw(5)), stacked.labels[rows].tolist(), strict=True):
        first, second = (known[channel.contiguous().numpy().tobytes()] for channel in item)
        assert mode // 10 in first
        assert mode % 10 in second
        assert stacked.spec.classes[mode] == f"{mode:02d}"


def test_items_are_a_function_of_seed_and_number():
    singles = torch.arange(50, dtype=torch.uint8).view(50, 1, 1, 1).expand(50, 1, 4, 4)
    one, two, other = (StackedPictures(singles, 3, 200, seed) for seed in (1, 1, 2))
    rows = torch.tensor([199, 0, 7, 7])
    assert torch.equal(one.take(rows, Draw(0)), two.take(rows, Draw(9, 4)))
    assert not torch.equal(one.take(rows, Draw(0)), other.take(rows, Draw(0)))
    assert torch.equal(one.take(rows, Draw(0))[2], one.take(torch.tensor([7]), Draw(0))[0])


def test_channels_are_independent_and_all_modes_are_there():
    counts = torch.bincount(modality.load("stacked-digits", size=8).labels, minlength=100).double().view(10, 10)
    assert counts.min() > 0
    shares = counts / counts.sum()
    assert torch.allclose(shares, shares.sum(1, keepdim=True) * shares.sum(0, keepdim=True), atol=6e-4)


def test_a_folder_of_idx_files_is_stacked(tmp_path):
    labels = [k % 4 for k in range(40)]
    data = modality.load(str(idx_folder(tmp_path, labels)), stack=3)
    assert data.spec.shape == (3, 6, 6)
    assert len(data.spec.classes) == 64
    items = data.items.take(torch.arange(100), Draw(0))
    digits = items[:, :, 0, 0].long() % 4  # picture k is grey k, its label k % 4
    assert torch.equal(data.labels[:100], digits @ torch.tensor([16, 4, 1]))
    assert "3 of them a picture, one a channel: 128,000 stacked pictures in 64 modes" in data.report


def test_missing_labels_and_wrong_numbers_are_clear(tmp_path):
    folder = idx_folder(tmp_path, [0, 1])
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match=r"stacked pictures without labels.*put the labels beside"):
        modality.load(str(folder), stack=3)
    with pytest.raises(DataError, match=r"data\.stack = 5"):
        modality.load("stacked-digits", stack=5)
    with pytest.raises(DataError, match="pictures of 3 channels"):
        modality.load("digits", channels=3, stack=2)


def test_real_mnist(real_data):
    data = modality.load(str(real_data / "image" / "mnist"), stack=3)
    assert data.spec.shape == (3, 28, 28)
    assert len(data.labels.unique()) == 1000
    small = stack(modality.load(str(real_data / "image" / "mnist")), 2, items=5)
    assert len(small.items) == 5

import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.engine.holdout import split_items
from multigan.plugins.image import modality
from multigan.plugins.image.pieces import cut


def test_pieces_are_parts_of_their_picture_a_quarter_to_a_half_as_wide():
    across = (
        torch.arange(64, dtype=torch.uint8).expand(3, 1, 64, 64)
        * torch.tensor([1, 2, 3], dtype=torch.uint8)[:, None, None, None]
    )
    made = cut(across, 20)
    assert made.shape == (60, 1, 16, 16)
    for k in range(3):
        own = made[20 * k : 20 * (k + 1)].float() / (k + 1)
        reach = own[:, 0, 8, 15] - own[:, 0, 8, 0]
        assert (reach > 15 * 0.9).all()
        assert (reach < 32).all()
        assert own.min() >= 0
        assert own.max() <= 63.5
        assert reach.std() > 1
    assert torch.equal(made, cut(across, 20))


def test_one_picture_is_a_set(tmp_path, noisy_picture):
    noisy_picture((70, 90)).save(tmp_path / "style.png")
    data = modality.load(str(tmp_path / "style.png"), size=16, crops=30)
    assert (len(data.items), data.spec.shape) == (30, (3, 16, 16))
    assert data.items.take(torch.arange(30), Draw(0)).float().std(0).mean() > 1
    assert "each cut into 30 pieces, a quarter to a half as wide: 30" in data.report
    assert not len(split_items(30, "auto", 0, data.items.groups).held_out)


def test_pieces_of_a_picture_are_held_out_together_and_so_are_their_mirror_images(tmp_path, noisy_picture):
    for name in "abc":
        noisy_picture((40, 40)).save(tmp_path / f"{name}.png")
    data = modality.load(str(tmp_path), size=8, crops=5, flip=True)
    assert data.items.groups.tolist() == [k for _ in range(2) for k in range(3) for _ in range(5)]
    items = data.items.take(torch.arange(30), Draw(0))
    assert torch.equal(items[:15].flip(-1), items[15:])
    assert data.names == ("a", "b", "c")


def test_only_files_are_cut(tmp_path):
    with pytest.raises(DataError, match=r"data\.crops = 5 with 'digits'"):
        modality.load("digits", crops=5)
    Image.new("L", (20, 20)).save(tmp_path / "a.png")
    assert modality.load(str(tmp_path), size=(4, 8), crops=2).spec.shape == (1, 4, 8)

import json

import pytest
import torch
from PIL import Image

from multigan.build import build_data
from multigan.core.draw import Draw
from multigan.core.types import Data, Spec
from multigan.inputs.beside import pair_up
from multigan.plugins.image import modality
from multigan.plugins.image.sources import Jittered, Pictures
from multigan.recipe.recipe import load_recipe

ROWS = torch.arange(8)[:, None] * 10 + torch.arange(8)


def jittered(more, pixels=2):
    """Forty pictures whose pixels say where they are, and `more`."""
    return Jittered(Pictures((ROWS + more).to(torch.uint8).expand(40, 1, 8, 8).contiguous()), pixels)


def test_pictures_are_moved_by_up_to_so_many_pixels_and_mirrored_at_their_ends():
    items = jittered(0)
    taken = items.take(torch.arange(40), Draw(0)).long()
    middle = taken[:, 0, 4, 4] - ROWS[4, 4]
    down, right = (middle + 2).div(10, rounding_mode="floor"), (middle + 2).remainder(10) - 2
    assert {*down.tolist()} == {*right.tolist()} == {-2, -1, 0, 1, 2}
    moved = next(k for k in range(40) if (down[k], right[k]) == (2, -1))
    assert taken[moved, 0, 0].tolist() == [21, 20, 21, 22, 23, 24, 25, 26]
    assert taken[moved, 0, :, 1].tolist() == [20, 30, 40, 50, 60, 70, 60, 50]
    assert torch.equal(items.take(torch.arange(40), Draw(0)).long(), taken)
    assert not torch.equal(items.take(torch.arange(40), Draw(0, 1)).long(), taken)


def test_an_input_and_its_target_move_together():
    names = tuple(map(str, range(40)))
    target, other = (Data(jittered(more), Spec("image", (1, 8, 8)), names=names) for more in (0, 100))
    data = pair_up(target, other, modality)
    draw, numbers = Draw(3), torch.arange(40)
    inputs, targets = data.inputs.take(numbers, draw).long(), data.items.take(numbers, draw).long()
    assert (inputs - targets == 100).all()
    assert data.items.resident
    assert data.inputs.resident


def test_mirror_images_stay_with_their_originals():
    items = Jittered(Pictures(torch.zeros(6, 1, 4, 4, dtype=torch.uint8), flip=True), 1)
    assert items.groups.tolist() == [0, 1, 2, 0, 1, 2]
    assert len(items) == 6


def test_the_loader_moves_pictures_where_it_is_asked_to():
    still, moved = (modality.load("digits", jitter=pixels) for pixels in (0, 2))
    numbers = torch.arange(50)
    assert not torch.equal(still.items.take(numbers, Draw(0)), moved.items.take(numbers, Draw(0)))
    assert modality.load("stacked-digits", jitter=1).items.take(numbers, Draw(0)).shape == (50, 2, 16, 16)


@pytest.mark.parametrize(
    ("source", "side"), [("digits", 16), ("small-digits", 8), ("photos", 64), ("small-photos", 32)]
)
def test_embedded_sets_have_a_size_of_their_own(source, side):
    assert modality.load(source).spec.shape[1:] == (side, side)
    assert modality.load(source, size=24).spec.shape[1:] == (24, 24)


@pytest.mark.parametrize("recipe", ["image/upscale", "image/inpaint", "image/colour"])
def test_files_in_place_of_embedded_pictures_keep_their_size(recipe, tmp_path):
    for number in range(4):
        Image.new("RGB", (48, 40), (number, 9, 9)).save(tmp_path / f"{number}.png")
    assert build_data(load_recipe(recipe, [f"data.source={json.dumps(str(tmp_path))}"])).spec.shape[1:] == (40, 48)

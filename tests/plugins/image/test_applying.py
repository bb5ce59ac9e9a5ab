import numpy as np
import pytest
from PIL import Image

import multigan
from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.image.applying import take_in
from multigan.plugins.image.deep import Deep, colours_of

SMALL = ["G.width=2", "D.width=2", "train.batch=8", "train.samples=16", "train.vitals=2", "train.sheets=1"]


def test_holes_are_what_is_transparent(tmp_path, noisy_picture):
    sets = [
        'input={degrade=[{name="hole"}]}',
        "data.size=8",
        "G={net='unet', width=2}",
        "D={net='patch', width=2}",
        *SMALL,
        "train.report=false",
    ]
    generator = multigan.train("image/digits", run=tmp_path / "run", overrides=sets, quiet=True).generator
    picture = noisy_picture((12, 10), "L")
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (3, 3, 8, 6))
    holed = picture.copy()
    holed.putalpha(alpha)
    holed.save(tmp_path / "x.png")
    made, before, missing = (np.asarray(one) for one in (generator.apply(tmp_path / "x.png"), picture, alpha))
    assert np.array_equal(made[missing > 0], before[missing > 0])
    assert not np.array_equal(made[missing == 0], before[missing == 0])
    picture.save(tmp_path / "whole.png")
    with pytest.raises(DataError, match="has no hole"):
        generator.apply(tmp_path / "whole.png")


def _round_trip(path, spec):
    """A picture taken in and given back as it is: whatever is lost is lost on the way."""
    taken = take_in(path, spec)
    given = taken.to_input(taken.raw)
    assert given.dtype.is_floating_point
    assert given.shape[0] == spec.shape[0]
    assert -1 <= float(given.min()) <= float(given.max()) <= 1
    kept = taken.to_kept(given)
    assert abs(taken.from_kept(kept) - given).max() < 1e-6
    return taken.back(kept)


@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_of_colour_and_of_transparency_are_kept(tmp_path, channels):
    values = np.random.default_rng(0).integers(0, 65536, (7, 5, channels), dtype=np.uint16)
    Deep(values).save(tmp_path / "x.png")
    assert np.array_equal(_round_trip(tmp_path / "x.png", Spec("image", (3, 4, 4))), values)


def test_sixteen_bits_of_grey_are_kept_and_their_range_is_the_sets(tmp_path):
    values = np.random.default_rng(0).integers(0, 4096, (7, 5), dtype=np.uint16)
    Image.fromarray(values).save(tmp_path / "x.png")
    assert np.array_equal(_round_trip(tmp_path / "x.png", Spec("image", (1, 4, 4)))[..., 0], values)
    known = Spec("image", (1, 4, 4), meta={"value_ranges": {"integers": [0, 4095]}})
    assert np.array_equal(_round_trip(tmp_path / "x.png", known)[..., 0], values)
    taken = take_in(tmp_path / "x.png", known)
    assert float(taken.to_input(taken.raw).max()) == pytest.approx(float(values.max()) / 4095 * 2 - 1)
    grey = _round_trip(tmp_path / "x.png", Spec("image", (3, 4, 4)))
    assert grey.shape == (7, 5, 3)


def test_deep_colours_for_a_generator_of_grey_become_luma(tmp_path):
    values = np.full((4, 4, 3), 40_000, dtype=np.uint16)
    Deep(values).save(tmp_path / "x.png")
    assert np.array_equal(_round_trip(tmp_path / "x.png", Spec("image", (1, 4, 4)))[..., 0], values[..., 0])


def test_deep_pictures_go_through_a_generator_and_are_written_deep(negatives, tmp_path):
    values = np.random.default_rng(0).integers(0, 65536, (9, 6, 4), dtype=np.uint16)
    Deep(values).save(tmp_path / "x.png")
    made = negatives.generator.apply(tmp_path / "x.png")
    assert (made.dtype, made.shape) == (np.uint16, (9, 6, 4))
    assert np.array_equal(made[..., 3], values[..., 3])
    (file,) = negatives.generator.modality.save([made], tmp_path, ["made"], negatives.generator.label(0))
    assert np.array_equal(colours_of(file), made)

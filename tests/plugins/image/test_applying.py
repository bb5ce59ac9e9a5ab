import numpy as np
import pytest
from PIL import Image

import multigan
from multigan.core.errors import DataError

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

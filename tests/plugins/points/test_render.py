import torch
from PIL import Image

from multigan.core.types import Spec
from multigan.plugins.points import modality, render
from multigan.provenance import labels as provenance

LABEL = provenance.label("g", "h", "ring", 0)


def test_a_sheet_and_a_table_are_written(tmp_path):
    points = [(0.0, 0.0), (1.0, 2.0), (-3.0, 1.0)]
    sheet = modality.sheet(points, tmp_path / "sheet", LABEL)
    with Image.open(sheet) as image:
        assert image.size == (512, 512)
        assert len(image.getcolors(1000)) > 2
    (table,) = modality.save(points, tmp_path, ["0-00000", "0-00001", "0-00002"], LABEL)
    assert table.read_text().splitlines() == ["x,y", "0.000000,0.000000", "1.000000,2.000000", "-3.000000,1.000000"]
    assert provenance.read(table) == LABEL


def test_one_point_is_fine(tmp_path):
    assert modality.sheet([(1.0, 1.0)], tmp_path / "one", LABEL).is_file()


def test_a_sheet_shows_the_modes_of_a_known_mixture_in_a_frame_that_does_not_move():
    data = modality.load("grid", n=500)
    one, other = (torch.zeros(1, 2), torch.full((1, 2), 0.3))
    pictures = [render.scatter(modality.render(points, data.spec)) for points in (one, other)]
    for picture in pictures:
        assert picture.size == (512, 512)
        rings = [n for n, colour in picture.getcolors(1000) if colour == (230, 150, 60)]
        assert rings
        assert rings[0] > 25 * 8
    corners = [picture.crop((0, 0, 60, 60)) for picture in pictures]
    assert corners[0].tobytes() == corners[1].tobytes()


def test_rendered_points_are_a_list_of_pairs():
    data = modality.load("ring", n=500)
    points = modality.render(torch.zeros(3, 2), data.spec)
    assert len(points) == 3
    assert all(isinstance(pair, tuple) and len(pair) == 2 for pair in points)
    assert len(points.centres) == 8
    assert modality.render(torch.zeros(1, 2), Spec("points", (2,), (), {"centre": [0, 0], "scale": 1})).centres == ()

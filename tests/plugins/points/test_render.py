from PIL import Image

from multigan import provenance
from multigan.plugins.points import modality

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

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.points import modality
from multigan.plugins.points.data import centres


@pytest.mark.parametrize(("name", "modes", "deviation"), [("ring", 8, 0.01), ("grid", 25, 0.05)])
def test_mixtures_are_those_of_the_papers(name, modes, deviation):
    data = modality.load(name, n=20_000)
    assert len(data.spec.classes) == modes
    points, middle = data.items.take(torch.arange(20_000), Draw(0)), centres(name)
    nearest = torch.cdist(points, middle).min(1)
    assert torch.equal(nearest.indices, data.labels)
    assert (points - middle[data.labels]).std() == pytest.approx(deviation, rel=0.02)


def test_real_space_has_unit_spread_and_comes_back():
    data = modality.load("grid", n=5000)
    raw = data.items.take(torch.arange(5000), Draw(0))
    real = modality.to_real(raw, data.spec)
    assert real.std() == pytest.approx(1, rel=0.01)
    back = torch.tensor(modality.render(real, data.spec))
    torch.testing.assert_close(back, raw, rtol=0, atol=1e-5)


def test_a_csv_file_with_bad_lines(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n1,2\n3,4\nnan,1\n5,6\n")
    data = modality.load(str(tmp_path / "p.csv"))
    assert len(data.items) == 3
    assert "2 lines are not two finite numbers (first: line 1)" in data.report


def test_errors(tmp_path):
    (tmp_path / "p.csv").write_text("a\n")
    with pytest.raises(DataError, match="no line of two numbers"):
        modality.load(str(tmp_path / "p.csv"))
    (tmp_path / "p.csv").write_text("1,2\n")
    with pytest.raises(DataError, match="one line of two numbers"):
        modality.load(str(tmp_path / "p.csv"))
    with pytest.raises(DataError, match="did you mean 'ring'"):
        modality.load("rinng")


def test_a_byte_order_mark_is_no_part_of_the_first_number(tmp_path):
    (tmp_path / "p.csv").write_bytes(b"\xef\xbb\xbf1,2\n3,4\n")
    assert len(modality.load(str(tmp_path / "p.csv")).items) == 2

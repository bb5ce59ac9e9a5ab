import json

import pytest

from multigan.core.errors import RunError
from multigan.pace.record import FILE, Record, budget_lines, read_record, write_record

FULL = Record((5, 6), ((5, 6), (7, 8)), 2.5, None, 31.0, 4, (0.1, 0.2), ("a line",))


def test_it_is_read_as_it_was_written(tmp_path):
    for record in (FULL, Record((5,), ((5,),), samples=9)):
        write_record(tmp_path, record)
        assert read_record(tmp_path) == record


def test_a_run_without_one_has_none(tmp_path):
    assert read_record(tmp_path) is None
    assert budget_lines(tmp_path) == []


@pytest.mark.parametrize(
    "damage",
    [{"format": 2}, {"begun": []}, {"minutes": "x"}, {"spent_seconds": -1}, {"more": 1}, {"lines": ["x" * 3000]}],
)
def test_a_damaged_one_is_an_error_that_names_it(tmp_path, damage):
    write_record(tmp_path, FULL)
    plain = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(plain | damage))
    with pytest.raises(RunError, match=r"budget\.json is damaged"):
        read_record(tmp_path)


def test_no_json_is_an_error_too(tmp_path):
    (tmp_path / FILE).write_text("{")
    with pytest.raises(RunError, match="damaged"):
        read_record(tmp_path)


def test_what_is_left_and_what_was_written():
    assert FULL.left_seconds == 119.0
    assert Record((1,), ((1,),)).left_seconds is None
    assert FULL.lengthened((9, 9), "b").written == ((5, 6), (7, 8), (9, 9))
    assert FULL.lengthened((9, 9), "b").lines == ("a line", "b")

import json

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.objects import read_array, read_objects
from multigan.plugins.text.remarks import Remarks


def read(path, rows, wanted="", reader=read_objects):
    file = path / "a.jsonl"
    file.write_text(rows if isinstance(rows, str) else "".join(json.dumps(row) + "\n" for row in rows))
    remarks = Remarks(path)
    return list(reader(file, wanted, remarks)), {one.name: one.count for one in remarks.findings()}


def test_only_strings_are_texts(tmp_path):
    rows = [{"text": value} for value in ("a", None, 1, 1.5, True, ["b"], {"c": "d"})]
    found, left_out = read(tmp_path, [*rows, "e", None, {"x": 1}])
    assert found == [(1, "a"), (8, "e")]
    assert left_out == {"null-texts": 3, "numbers": 2, "truth-values": 1, "lists": 1, "objects": 1}


def test_a_name_with_dots_leads_into_objects_unless_it_is_a_key(tmp_path):
    row = {"a": {"b": {"c": "deep"}, "d": "near"}, "a.d": "plain"}
    assert read(tmp_path, [row], "a.b.c")[0] == [(1, "deep")]
    assert read(tmp_path, [row], "a.d")[0] == [(1, "plain")]
    with pytest.raises(DataError, match=r"no column 'a\.x'; expected one of a, a\.d"):
        read(tmp_path, [row], "a.x")


def test_a_column_that_stands_in_later_objects_only_is_found(tmp_path):
    found, left_out = read(tmp_path, [{"id": 1}, {"id": 2, "text": "a"}])
    assert found == [(2, "a")]
    assert left_out == {"numbers": 1}


@pytest.mark.parametrize("number", ["9" * 5000, "1e999999", "NaN", "-Infinity"])
def test_numbers_of_any_size_may_stand_elsewhere(tmp_path, number):
    assert read(tmp_path, f'{{"text": "a", "n": {number}}}\n')[0] == [(1, "a")]


def test_an_array_is_read_as_a_whole_and_lines_one_by_one(tmp_path):
    rows = [{"text": "a"}, "b", None]
    found, left_out = read(tmp_path, json.dumps(rows, indent=1), reader=read_array)
    assert (found, left_out) == ([(1, "a"), (2, "b")], {"null-texts": 1})
    assert read(tmp_path, rows, reader=read_array)[0] == [(1, "a"), (2, "b")]
    with pytest.raises(DataError, match="nested too deeply"):
        read(tmp_path, "[" * 100_000, reader=read_array)

import csv

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.remarks import Remarks
from multigan.plugins.text.table import read_table


def read(path, content, wanted="", name="a.csv"):
    file = path / name
    file.write_text(content, encoding="utf-8", newline="")
    remarks = Remarks(path)
    return read_table(file, wanted, remarks), {one.name: one for one in remarks.findings()}


def test_rows_have_the_line_where_they_begin(tmp_path):
    rows, _ = read(tmp_path, 'id,text\n1,"a\nb"\n\n2,c\n')
    assert rows == [(2, "a\nb"), (4, ""), (5, "c")]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("id;text\n1;hello, you\n2;yes, no, well\n", ["hello, you", "yes, no, well"]),
        ("id,text\n1,a;b\n2,c;d\n", ["a;b", "c;d"]),
        ("text\nhello, you\nyes; no\n", ["hello, you", "yes; no"]),
        ('text\n"hello, you"\nyes\n', ["hello, you", "yes"]),
        ('id, text\n1, "a, b"\n2, c\n', ["a, b", "c"]),
        ("sep=;\nid;text\n1;a,b\n", ["a,b"]),
        ("text,id,\na,1,\nb,2,\n", ["a", "b"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_the_separator_stands_in_the_first_row_and_suits_the_others(tmp_path, content, texts):
    rows, _ = read(tmp_path, content)
    assert [text for _, text in rows] == texts


def test_one_column_keeps_its_first_text_unless_it_is_a_name(tmp_path):
    assert [text for _, text in read(tmp_path, "moon\nsun\n")[0]] == ["moon", "sun"]
    assert [text for _, text in read(tmp_path, "Names\nsun\n")[0]] == ["sun"]
    assert [text for _, text in read(tmp_path, "moons\nsun\n", name="moons.csv")[0]] == ["sun"]
    assert [text for _, text in read(tmp_path, "moon\nsun\n", "moon")[0]] == ["sun"]
    assert "no-header" in read(tmp_path, "moon\nsun\n")[1]


def test_a_column_by_its_number_has_no_header_and_a_name_goes_first(tmp_path):
    assert [text for _, text in read(tmp_path, "1,moon\n2,sun\n", "2")[0]] == ["moon", "sun"]
    assert [text for _, text in read(tmp_path, "x,2\n2,sun\n", "2")[0]] == ["sun"]
    with pytest.raises(DataError, match="no column '3'; expected one of 1, moon"):
        read(tmp_path, "1,moon\n2,sun\n", "3")


def test_a_quote_that_swallows_rows_is_seen(tmp_path):
    rows = "".join(f"{n},moon\n" for n in range(40))
    found, remarks = read(tmp_path, f'id,text\n1,sun\n2,"stray\n{rows}3,end"\n4,last\n')
    assert [text for _, text in found] == ["sun", "last"]
    assert remarks["swallowed-rows"].evidence == ("a.csv:3",)
    with pytest.raises(DataError, match=r"a\.csv:3 has quotes that do not match"):
        read(tmp_path, f'id,text\n1,sun\n2,"stray\n{rows}')


def test_rows_that_another_column_swallowed_are_seen_too(tmp_path):
    rows = "".join(
        f"{n},text {n},{size}\n" for n in range(60) for size in ['"A4' if n == 5 else '7"' if n == 55 else "x"]
    )
    found, remarks = read(tmp_path, f"id,text,size\n{rows}")
    assert remarks["swallowed-rows"].count == 1
    assert len(found) == 9


def test_poems_of_many_lines_with_commas_are_no_swallowed_rows(tmp_path):
    poem = "\n".join(f"o moon, o sun{', o star' if n % 3 else ''}" for n in range(60))
    found, remarks = read(tmp_path, f'id,text\n1,"{poem}"\n')
    assert found == [(2, poem)]
    assert not remarks


def test_in_one_column_of_poems_a_stray_quote_is_no_reason_to_cut_them(tmp_path):
    with pytest.raises(DataError, match=r"a\.csv:4 has quotes"):
        read(tmp_path, 'text\n"a\nb"\n"c" d\n')


def test_the_setting_of_the_module_csv_is_put_back(tmp_path):
    before = csv.field_size_limit()
    assert len(read(tmp_path, "id,text\n1," + "a" * 200_000 + "\n")[0][0][1]) == 200_000
    assert csv.field_size_limit() == before


def test_few_rows_that_do_not_fit_are_left_out_and_many_are_refused(tmp_path):
    good = "".join(f"{n},moon\n" for n in range(95))
    rows, remarks = read(tmp_path, "id,text\n" + good + "1,a,b\n" * 5)
    assert len(rows) == 95
    assert remarks["surplus-fields"].count == 5
    with pytest.raises(DataError, match="6 of 101 rows have more than 2 fields"):
        read(tmp_path, "id,text\n" + good + "1,a,b\n" * 6)

import csv

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.read import read_files
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


@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_rows_that_a_stray_quote_swallowed_are_rows_all_the_same(tmp_path, count):
    rows = "".join(f"{n},moon {n}\n" for n in range(count))
    head = "id,text\n1,sun\n1,sky\n1,sea\n"
    found, remarks = read(tmp_path, f'{head}2,"stray\n{rows}3,end"\n4,last\n')
    assert [text for _, text in found][3:] == ['"stray', *(f"moon {n}" for n in range(count)), 'end"', "last"]
    assert [at for at, _ in found] == list(range(2, len(found) + 2))
    assert remarks["quotes-as-text"].severity == "warning"
    assert remarks["quotes-as-text"].evidence == (f"a.csv:5: {count + 2} rows",)
    with pytest.raises(DataError, match=r"a\.csv:5 has quotes that do not match"):
        read(tmp_path, f'{head}2,"stray\n{rows}')


def test_rows_that_another_column_swallowed_are_seen_too(tmp_path):
    sizes = {5: '"A4', 55: '7"'}
    rows = "".join(f"{n},text {n},{sizes.get(n, 'x')}\n" for n in range(60))
    found, remarks = read(tmp_path, f"id,text,size\n{rows}")
    assert remarks["quotes-as-text"].count == 1
    assert [text for _, text in found] == [f"text {n}" for n in range(60)]


def test_values_that_come_again_and_again_tell_rows_from_lines_too(tmp_path):
    rows = "".join(f"{'good' if n % 2 else 'bad'},moon {n}\n" for n in range(30))
    found, remarks = read(tmp_path, f'kind,text\n{rows}good,"stray\nbad,end"\n')
    assert len(found) == 32
    assert "quotes-as-text" in remarks
    poem = "roses are red\nviolets are blue, dear"
    found, remarks = read(tmp_path, f'kind,text\n{rows}good,"{poem}"\n')
    assert found[-1] == (32, poem)
    assert not remarks


def test_lines_that_may_be_rows_or_a_text_stay_a_text_and_are_named(tmp_path):
    rows = "".join(f"title {n},moon {n}\n" for n in range(40))
    found, remarks = read(tmp_path, f'title,text\n{rows}one,"stray\ntwo,moon\nthree,end"\n')
    assert found[-1] == (42, "stray\ntwo,moon\nthree,end")
    assert remarks["perhaps-swallowed"].severity == "warning"
    assert remarks["perhaps-swallowed"].evidence == ("a.csv:42",)
    many = "".join(f'title {n},"moon\nsun, {n}"\n' for n in range(40))
    assert "perhaps-swallowed" not in read(tmp_path, f"title,text\n{many}")[1]


def test_in_one_column_a_text_of_several_lines_among_many_of_one_is_named(tmp_path):
    rows = "".join(f"moon {n}\n" for n in range(40))
    found, remarks = read(tmp_path, f'text\n{rows}"stray\nsun\nend"\n')
    assert found[-1] == (42, "stray\nsun\nend")
    assert remarks["perhaps-swallowed"].evidence == ("a.csv:42",)
    poems = "".join(f'"moon {n}\nsun"\n' for n in range(40))
    assert "perhaps-swallowed" not in read(tmp_path, f"text\n{rows}{poems}")[1]


def test_lists_with_numbers_and_commas_stay_whole(tmp_path):
    recipe = "take\n2, eggs\n3, onions\n1, leek"
    rows = "".join(f"{n},moon {n}\n" for n in range(9))
    found, remarks = read(tmp_path, f'id,text\n{rows}10,"{recipe}"\n')
    assert found[-1] == (11, recipe)
    assert not remarks


@pytest.mark.parametrize("start", ["o moon", "o moon, o sun"])
def test_long_poems_whose_lines_have_the_commas_of_a_row_stay_whole(tmp_path, start):
    poem = "\n".join([start, *(f"o moon {n},o sun" for n in range(40))])
    rows = "".join(f"{n},moon {n}\n" for n in range(9))
    found, remarks = read(tmp_path, f'id,text\n{rows}10,"{poem}"\n')
    assert found[-1] == (11, poem)
    assert not remarks


def test_many_lines_of_rows_that_do_not_come_out_are_left_out(tmp_path):
    rows = "".join(f"{n},moon\n" for n in range(40))
    found, remarks = read(tmp_path, f'id,text\n1,a\n2,b\n3,c\n4,"stray\n{rows}odd\n3,end"\n4,last\n')
    assert [text for _, text in found] == ["a", "b", "c", "last"]
    assert remarks["swallowed-rows"].evidence == ("a.csv:5",)


def test_a_header_of_one_column_is_said_and_can_be_made_a_text(tmp_path):
    found, remarks = read(tmp_path, "Quote\nsun\n")
    assert remarks["header"].evidence == ("a.csv:1: Quote",)
    assert "data.column=1" in remarks["header"].what
    assert [text for _, text in found] == ["sun"]
    found, remarks = read(tmp_path, "Quote\nsun\n", "1")
    assert [text for _, text in found] == ["Quote", "sun"]
    assert "header" not in remarks
    assert not read(tmp_path, "Quote\nsun\n", "Quote")[1]


def test_two_columns_of_one_name_are_asked_about_and_taken_by_their_number(tmp_path):
    rows = "text,id,text\na,1,b\n"
    for wanted in ("", "text"):
        with pytest.raises(DataError, match=r"2 columns 'text' \(number 1, 3\).*data.column=text:1 or .*=text:2"):
            read(tmp_path, rows, wanted)
    assert [text for _, text in read(tmp_path, rows, "text:1")[0]] == ["a"]
    assert [text for _, text in read(tmp_path, rows, "text:2")[0]] == ["b"]
    assert [text for _, text in read(tmp_path, rows, "id")[0]] == ["1"]
    with pytest.raises(DataError, match="no column 'text:3'"):
        read(tmp_path, rows, "text:3")
    assert [text for _, text in read(tmp_path, "text:2,text,text\na,b,c\n", "text:2")[0]] == ["a"]


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
    with pytest.raises(DataError, match=r"6 of 101 rows have more than 2 fields.*hold ',' in .*\(\.tsv\)"):
        read(tmp_path, "id,text\n" + good + "1,a,b\n" * 6)


def test_who_has_tabs_already_is_not_told_to_save_with_tabs(tmp_path):
    content = "id\ttext\n" + "1\tmoon\n" * 95 + "1\ta\tb\n"
    _, remarks = read(tmp_path, content, name="a.tsv")
    assert "(.tsv)" not in remarks["surplus-fields"].fix
    with pytest.raises(DataError, match="hold tabs in double quotes, or replace these by spaces") as caught:
        read(tmp_path, content + "1\ta\tb\n" * 6, name="a.tsv")
    assert "(.tsv)" not in str(caught.value)


@pytest.mark.parametrize(("head", "again"), [("name", "name"), ("id,text", "\ufeffid, text"), ("text,id", "text,id")])
def test_the_header_of_a_file_that_was_joined_to_another_is_no_text(tmp_path, head, again):
    rows = [",".join(["moon"] * len(head.split(","))), ",".join(["sun"] * len(head.split(",")))]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows, again, *rows]) + "\n", encoding="utf-8")
    reading = read_files(tmp_path / "a.csv")
    assert reading.texts() == ["moon", "sun"] * 2
    assert [one.evidence for one in reading.findings() if one.name == "repeated-header"] == [("a.csv:4",)]


def test_a_table_of_two_columns_is_told_how_to_be_pairs(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("a line\tun vers\nmore\tplus\n")
    with pytest.raises(DataError, match="no column 'text'") as told:
        read_table(path, "", Remarks(path))
    assert "for pairs, type --recipe text/pairs --set input.column=1 --set data.column=2" in told.value.fix

import gzip
import json

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.couples import read_pairs
from multigan.plugins.text.layouts import look
from multigan.plugins.text.remarks import Remarks
from multigan.plugins.text.table import read_table

NONE = ("", "")


def write(path, *lines):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read(place, source=None, columns=NONE, **options):
    found = read_pairs(str(place), None if source is None else str(source), columns, **options)
    return list(zip(found.source, found.target, strict=True)), found.report


def test_two_files_of_lines_are_joined_by_number(tmp_path):
    de, en = write(tmp_path / "a.de", "eins", "", "drei", "vier"), write(tmp_path / "a.en", "one", "two", "", "four")
    pairs, report = read(en, de)
    assert pairs == [("eins", "one"), ("vier", "four")]
    assert any("2 pairs without a text on both sides, left out" in line for line in report)


def test_files_of_other_lengths_are_refused_with_both_counts(tmp_path):
    de, en = write(tmp_path / "a.de", "eins", "zwei", "drei"), write(tmp_path / "a.en", "one", "two", "", "")
    with pytest.raises(DataError, match=r"a\.de has 3 lines and a\.en has 2 lines.*as many in both"):
        read(en, de)


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (("train.de", "train.en"), "train.de"),
        (("film.dec", "film.enc"), "film.enc"),
        (("source.txt", "target.txt"), "source.txt"),
        (("prompt.txt", "reply.txt"), "prompt.txt"),
    ],
)
def test_folders_of_two_files(tmp_path, names, first):
    for name in names:
        write(tmp_path / name, f"in {name}", "again")
    write(tmp_path / "README.md", "about")
    if not first.endswith(".txt"):
        (tmp_path / "README.md").unlink()
    pairs, report = read(tmp_path)
    assert pairs[0][0] == f"in {first}"
    assert f"{first} as input" in report[0]
    swapped, _ = read(tmp_path, swap=True)
    assert swapped[0] == pairs[0][::-1]


def test_packed_files_of_two_languages(tmp_path):
    for name in ("train.de.gz", "train.en.gz"):
        (tmp_path / name).write_bytes(gzip.compress(name.encode()))
    assert read(tmp_path)[0] == [("train.de.gz", "train.en.gz")]


def test_three_languages_are_no_pair(tmp_path):
    for name in ("train.de", "train.en", "train.fr"):
        write(tmp_path / name, "x")
    with pytest.raises(
        DataError, match=r"holds no pairs of texts.*--set data\.source=TARGETS --set input\.source=INPUT"
    ):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "lines", "pairs"),
    [
        ("a.tsv", ["question\tanswer", "q1\ta1", "q2\ta2"], [("q1", "a1"), ("q2", "a2")]),
        ("a.tsv", ["answer\tid\tquestion", "a1\t1\tq1", "a2\t2\tq2"], [("q1", "a1"), ("q2", "a2")]),
        ("a.tsv", ["en\tde", "one\teins", "two\tzwei"], [("one", "eins"), ("two", "zwei")]),
        ("a.tsv", ["How are you?\tI am fine.", "Who?\tMe."], [("How are you?", "I am fine."), ("Who?", "Me.")]),
        ("a.csv", ["prompt,reply", '"a, b",c', "d,e"], [("a, b", "c"), ("d", "e")]),
        ("a.csv", ["prompt,reply", ",c", "d,e"], [("d", "e")]),
    ],
)
def test_tables(tmp_path, name, lines, pairs):
    assert read(write(tmp_path / name, *lines))[0] == pairs


def test_objects(tmp_path):
    rows = [{"headline": "h", "n": 1, "lead": "l"}, {"headline": "i", "lead": "m"}]
    path = write(tmp_path / "a.jsonl", *map(json.dumps, rows))
    assert read(path)[0] == [("h", "l"), ("i", "m")]
    assert read(path, columns=("lead", "headline"))[0] == [("l", "h"), ("m", "i")]


def test_a_missing_file_is_named(tmp_path):
    write(tmp_path / "train.en", "x")
    with pytest.raises(DataError, match=r"train\.de.*did you mean 'train\.en'"):
        read(tmp_path / "train.de")


@pytest.mark.parametrize(
    ("columns", "missing", "fix"),
    [
        (("prompt", "reply"), "no columns 'prompt' and 'reply'", "input.column=ask --set data.column=say"),
        (("ask", "reply"), "no column 'reply'", "input.column=ask --set data.column=say"),
    ],
)
def test_columns_of_a_recipe_that_a_file_lacks_are_told_beside_those_it_has(tmp_path, columns, missing, fix):
    (tmp_path / "a.tsv").write_text("ask\tsay\nhello there\thi\nhow are you\tfine\n")
    with pytest.raises(DataError, match=missing) as told:
        read_pairs(str(tmp_path / "a.tsv"), None, columns)
    assert "out of ask, say" in str(told.value)
    assert fix in str(told.value)


FIRST = "How is our little old friend from the harbour today?", "He has gone fishing with the others again."


def test_a_table_without_a_header_is_told_so_and_what_to_type(tmp_path):
    path = write(tmp_path / "talk.tsv", "\t".join(FIRST), "Who is there?\tNobody is.")
    with pytest.raises(DataError, match="no header with the columns 'prompt' and 'reply'") as told:
        read_pairs(str(path), None, ("prompt", "reply"))
    assert told.value.fix == "type --set input.column=1 --set data.column=2"
    assert told.value.expected == "columns by their numbers, 1 to 2"
    assert "How is our little old fr…" in told.value.given
    assert "friend from" not in str(told.value)
    assert read(path, columns=("1", "2"))[0][0] == FIRST


def test_a_table_of_one_column_is_not_told_two_numbers(tmp_path):
    path = write(tmp_path / "talk.tsv", FIRST[0], "Who is there?")
    with pytest.raises(DataError, match="two columns") as told:
        read_pairs(str(path), None, ("prompt", "reply"))
    assert "column=2" not in str(told.value)


def test_words_that_may_be_a_header_or_not_are_told_both_ways(tmp_path):
    path = write(tmp_path / "talk.tsv", "yes\tno", "up\tdown")
    with pytest.raises(DataError, match=r"out of yes, no.*or, where the first row is no header.*input\.column=1"):
        read_pairs(str(path), None, ("prompt", "reply"))


def test_the_first_row_of_pairs_is_one_and_a_header_is_said(tmp_path):
    path = write(tmp_path / "dates.tsv", "the 6th of March 1971\t1971-03-06", "May 3, 2021\t2021-05-03", "1.2.90\t1990")
    pairs, report = read(path)
    assert pairs[0] == ("the 6th of March 1971", "1971-03-06")
    assert len(report) == 1  # nothing of the separator, nothing of a missing header
    write(path, "date\tiso", "the 6th of March 1971\t1971-03-06", "May 3, 2021\t2021-05-03")
    pairs, report = read(path)
    assert len(pairs) == 2
    assert report[1].startswith("first row taken as the header: date, iso (where it is a pair: --set input.column=1")


def test_two_words_in_the_first_row_are_a_pair_and_that_is_said(tmp_path):
    path = write(tmp_path / "a.tsv", "cat\tdog", "fox\tbear", "hen\tcow")
    pairs, report = read(path)
    assert pairs[0] == ("cat", "dog")
    assert "(where it is the header: --set input.column=cat --set data.column=dog)" in report[1]
    assert read(path, columns=("cat", "dog"))[0] == [("fox", "bear"), ("hen", "cow")]


def test_a_first_row_that_holds_the_number_of_a_column_is_a_pair(tmp_path):
    path = write(tmp_path / "a.tsv", "one\t1", "two\t2", "three hundred\t300")
    assert read(path)[0][0] == ("one", "1")
    assert read(path, columns=("1", "2"))[0][0] == ("one", "1")
    assert read(path, columns=("2", "1"))[0][0] == ("1", "one")


def test_one_column_alone_is_refused_with_what_to_type_for_pairs(tmp_path):
    path = write(tmp_path / "a.tsv", "one\t1", "two\t2", "three hundred\t300")
    with pytest.raises(DataError, match=r"data\.column = '1', and no column is named.*input\.column=1 --set data\.col"):
        read(path, columns=("", "1"))
    assert read(path, columns=("", "2"))[0][0] == ("one", "1")


def test_a_table_that_may_be_something_else_is_pairs_where_a_person_says_so(tmp_path):
    path = write(tmp_path / "a.tsv", "1\tThe sun shines.", "2\tIt rains.", "3\tSnow.")
    assert look(path) is None
    assert read(path)[0][0] == ("1", "The sun shines.")


def test_objects_of_two_texts_are_pairs(tmp_path):
    rows = [{"ask": "who?", "say": "me"}, {"ask": "where?", "say": "here"}]
    assert read(write(tmp_path / "a.jsonl", *map(json.dumps, rows)))[0][0] == ("who?", "me")


def ragged(tmp_path, first):
    """Three hundred rows of two columns, but every fifth of three, from the row `first` on."""
    rows = [f"the cat saw {k} mice\tdie Katze sah {k}" + ("\tmore" if k % 5 == first else "") for k in range(300)]
    return write(tmp_path / "pairs.tsv", *rows)


@pytest.mark.parametrize("first", [0, 4])
def test_rows_of_other_columns_are_counted_and_left_out_where_columns_are_numbered(tmp_path, first):
    """Where the first row had three, the table became lines without a word."""
    place = ragged(tmp_path, first)
    with pytest.raises(DataError, match=r"60 of 300 rows have more than 2 fields.*--set input.column=1 --set data.col"):
        read(place)
    pairs, report = read(place, columns=("1", "2"))
    assert len(pairs) == 240
    assert any(line.startswith("60 rows with more fields than the others, left out") for line in report)


@pytest.mark.parametrize(("name", "sign"), [("pairs.csv", ";"), ("pairs.csv", ","), ("pairs.csv", "|")])
def test_numbered_columns_are_a_way_into_a_table_whose_first_row_has_more(tmp_path, name, sign):
    rows = [f"the cat saw {k}{sign}die Katze sah {k}" + (f"{sign}more" if k % 3 == 0 else "") for k in range(99)]
    pairs, report = read(write(tmp_path / name, *rows), columns=("1", "2"))
    assert len(pairs) == 66
    assert any(line.startswith("33 rows with more fields than the others, left out") for line in report)


def test_of_rows_of_two_three_and_four_fields_the_error_names_the_numbered_columns(tmp_path):
    place = write(tmp_path / "pairs.tsv", *("\t".join(f"a{k} b{n}" for n in range(2 + (k + 1) % 3)) for k in range(60)))
    with pytest.raises(DataError, match=r"for pairs of two of them, --recipe text/pairs --set input.column=1"):
        read_table(place, "", Remarks(tmp_path))
    pairs, _ = read(place, columns=("1", "2"))
    assert len(pairs) >= 20


@pytest.mark.parametrize("columns", [("1", "9" * 5000), ("9" * 5000, "2")])
def test_a_number_of_thousands_of_digits_is_no_column(tmp_path, columns):
    place = write(tmp_path / "pairs.tsv", *(f"a {k}\tb {k}" for k in range(60)))
    with pytest.raises(DataError, match="has no column '9999") as caught:
        read(place, columns=columns)
    key = "input.column" if columns[1] == "2" else "data.column"
    assert caught.value.fix == f"type --set {key}=NAME, or its number"
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        (("4", "2"), "input.column"),
        (("0", "2"), "input.column"),
        (("1", "4"), "data.column"),
        (("4", ""), "input.column"),
        (("", "0"), "data.column"),
    ],
)
def test_of_two_columns_the_one_that_is_wrong_is_blamed(tmp_path, columns, key):
    place = write(tmp_path / "pairs.tsv", *(f"a {k}\tb {k}\tc {k}" for k in range(60)))
    with pytest.raises(DataError, match=r"has no column '[04]'; expected one of .*, or a number from 1 to 3") as told:
        read(place, columns=columns)
    assert told.value.fix == f"type --set {key}=NAME, or its number"
    assert (told.value.key, told.value.whole) == (tuple(key.split(".")), True)


def test_one_column_alone_of_a_file_that_names_no_sides_is_told_both(tmp_path):
    place = write(tmp_path / "pairs.tsv", *(f"a {k}\tb {k}\tc {k}" for k in range(60)))
    with pytest.raises(DataError, match=r"input\.column = '3', and no column is named for the other side") as told:
        read(place, columns=("3", ""))
    assert told.value.fix == "type --set input.column=3 --set data.column=NAME"


def test_a_name_that_two_columns_have_is_told_for_its_own_side(tmp_path):
    place = write(tmp_path / "pairs.tsv", "ask\task\tsay", *(f"a {k}\tb {k}\tc {k}" for k in range(60)))
    with pytest.raises(DataError, match=r"2 columns 'ask'.*--set input\.column=ask:1 or"):
        read(place, columns=("ask", "say"))


def test_a_first_row_with_a_blank_side_is_a_row_of_two(tmp_path):
    place = write(tmp_path / "pairs.tsv", *(f"eins {k}\t{f'one {k}' if k % 2 else ''}" for k in range(100)))
    pairs, report = read(place)
    assert (len(pairs), pairs[0]) == (50, ("eins 1", "one 1"))
    assert "50 pairs without a text on both sides, left out: 50 of 100 are kept" in report


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (tmp_path / "pairs.tsv").touch()
    with pytest.raises(DataError, match="is empty"):
        read(tmp_path / "pairs.tsv")


@pytest.mark.parametrize(("name", "sign"), [("pairs.tsv", "\t"), ("pairs.csv", ","), ("pairs.csv", ";")])
def test_numbered_columns_are_those_of_most_rows_where_the_first_row_has_one_field_alone(tmp_path, name, sign):
    rows = ["a heading of one field", *(f"the cat saw {k}{sign}die Katze sah {k}" for k in range(99))]
    place = write(tmp_path / name, *rows)
    pairs, _ = read(place, columns=("1", "2"))
    assert len(pairs) == 99
    assert pairs[0] == ("the cat saw 0", "die Katze sah 0")
    assert len(read_table(place, "2", Remarks(tmp_path))) == 99
    assert len(read_table(place, "1", Remarks(tmp_path))) == 100  # lines, as long as nobody speaks of columns


def test_a_negative_number_of_a_column_is_refused_in_words(tmp_path):
    place = write(tmp_path / "pairs.tsv", *(f"a {k}\tb {k}" for k in range(60)))
    for columns, key in ((("-1", ""), "input.column"), (("1", "-2"), "data.column")):
        with pytest.raises(DataError, match=f"{key} = -.; expected the name of a column, or its number, from 1 on"):
            read(place, columns=columns)
    for wanted in ("0", "-1", "9"):
        with pytest.raises(DataError, match=f"has no column '{wanted}'; expected .*or a number from 1 to 2"):
            read_table(place, wanted, Remarks(tmp_path))

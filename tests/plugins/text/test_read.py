import gzip
import os

import pytest

from multigan.core.errors import DataError
from multigan.doctor.inspect import inspect_data
from multigan.plugins.text import decode, objects, read
from multigan.plugins.text.read import clean, read_files, read_line


def names(reading):
    return [file.file.name for file in reading.files]


def test_a_text_is_cleaned():
    assert clean(" a\r\nb\rc \n") == "a\nb\nc"
    assert clean("e\u0301\ud83d") == "é"
    assert clean("\u3000月\u3000") == "月"


def test_what_is_about_the_data_is_left_out_of_a_folder_and_named(tmp_path):
    for name in ("poems.txt", "LICENSE.txt", "readme.TXT", "requirements.txt"):
        (tmp_path / name).write_text("moon\n")
    reading = read_files(tmp_path)
    assert names(reading) == ["poems.txt"]
    (found,) = reading.findings()
    assert (found.name, found.count) == ("about-files", 3)
    (tmp_path / "poems.txt").unlink()
    assert len(read_files(tmp_path).files) == 3
    assert names(read_files(tmp_path / "LICENSE.txt")) == ["LICENSE.txt"]


def test_other_files_and_what_the_walk_leaves_out_are_said(tmp_path):
    for name in ("poems.txt", "a.pdf", "b.PDF", "none", ".hidden.txt"):
        (tmp_path / name).write_text("moon\n")
    report = read_files(tmp_path).report()
    assert report[0].endswith(": 1 file")
    assert any("left out (hidden)" in line for line in report)
    assert "2 files may be texts of a format that is not read (a.pdf, b.PDF)" in report
    assert "1 file without an ending, left out (none)" in report


def test_lines_have_their_places_and_empty_ones_stay_in_the_file(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\ntwo\n")
    reading = read_files(tmp_path / "a.txt")
    assert reading.files[0].texts == ["one", "", "two"]
    assert [(line.number, line.text) for line in reading.lines()] == [(1, "one"), (3, "two")]


def test_where_nothing_is_left_it_says_what_was_left_out(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": null}\n' * 3)
    (tmp_path / "b.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(DataError, match=r"no line with text \(1 file cannot be read.*3 texts missing"):
        read_files(tmp_path).texts()


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(DataError, match="no regular file"):
        read_files(tmp_path).texts()


def test_all_files_together_have_a_bound(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("moon\n" * 4)
    monkeypatch.setattr(read, "MOST_LINES", 10)
    with pytest.raises(DataError, match="holds more than"):
        read_files(tmp_path)
    assert decode.MOST_LINES > 10


def test_ticks_count_files(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("moon\n")
    seen = []
    read_files(tmp_path, tick=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_a_line_to_fill_is_given_itself_or_as_a_file(tmp_path):
    (tmp_path / "a.txt").write_bytes("o moon\r\ncafe\u0301 ____\n".encode())
    assert read_line(str(tmp_path / "a.txt")) == "o moon\ncafé ____"
    assert read_line("a ____") == "a ____"
    assert read_line("____ " * 2000) == ("____ " * 2000).strip()
    (tmp_path / "b.txt").write_bytes(b"caf\xe9 ____")
    with pytest.raises(DataError, match="is not UTF-8"):
        read_line(str(tmp_path / "b.txt"))


def test_doctor_and_training_name_the_columns_in_the_same_words(tmp_path):
    (tmp_path / "a.csv").write_text("title,body,by\na,one text,x\nb,another,y\n")
    (tmp_path / "a.jsonl").write_text('{"title": "a", "body": "one text", "by": "x"}\n')
    for name in ("a.csv", "a.jsonl"):
        file = tmp_path / name
        with pytest.raises(DataError) as refused:
            read_files(file).texts()
        assert refused.value.given == f"{file} has no column 'text'"
        assert refused.value.expected == "one of title, body, by"
        (found,) = [one for one in inspect_data(file).findings if one.name == "unreadable"]
        assert found.evidence == (f"{name}: has no column 'text'; expected one of title, body, by",)
        assert found.fix == refused.value.fix
        assert found.fix.startswith("type --set data.column=NAME")


@pytest.mark.parametrize("name", ["a.txt.gz", "a.csv.gz", "a.jsonl.gz"])
def test_short_lines_are_refused_by_the_memory_they_take(tmp_path, monkeypatch, name):
    with gzip.open(tmp_path / name, "wb") as packed:
        packed.write(b'"a"\n' * 2000)
    monkeypatch.setattr(decode, "FILE_BYTES", 100_000)  # of which the file itself takes 8,000
    with pytest.raises(DataError, match="of memory, up to line 7"):
        read_files(tmp_path / name).texts()


def test_an_array_of_nothing_but_brackets_is_refused_before_it_is_built(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text("[" + ", ".join(["[]"] * 50) + "]")
    monkeypatch.setattr(objects, "MOST_LINES", 10)
    with pytest.raises(DataError, match="more than 20 brackets and commas"):
        read_files(tmp_path / "a.json").texts()


def test_a_line_without_spaces_is_named_and_one_of_a_script_that_has_none_is_not(tmp_path):
    (tmp_path / "a.txt").write_text("a cat\n" + "x" * 300 + "\n" + "天地玄黄" * 100 + "\n")
    (one,) = read_files(tmp_path / "a.txt").findings()
    assert (one.severity, one.name, list(one.evidence)) == ("warning", "long-words", ["a.txt:2"])
    assert "more than 256 characters on end without a space" in one.what

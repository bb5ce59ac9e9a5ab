import gzip

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text import decode
from multigan.plugins.text.decode import LINE_CHARACTERS, checked, encoding_of, lines_in, opened


def read(file):
    with opened(file) as stream:
        return list(lines_in(file, stream))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_a_mark_says_is_believed(tmp_path, encoding):
    file = tmp_path / "a.txt"
    file.write_bytes("día\nnoche\n".encode(encoding))
    assert encoding_of(file) == encoding
    assert read(file) == ["día\n", "noche\n"]


def test_lines_end_nowhere_else(tmp_path):
    (tmp_path / "a.txt").write_bytes("a\u2028b\x85c\fd\x1ce\r\nf\rg".encode())
    assert read(tmp_path / "a.txt") == ["a\u2028b\x85c\fd\x1ce\n", "f\n", "g"]


def test_the_longest_line_is_read_and_one_more_character_is_not(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("a" * (LINE_CHARACTERS - 1) + "\n")
    assert len(read(file)) == 1
    file.write_text("a\n" + "a" * LINE_CHARACTERS + "\n")
    with pytest.raises(DataError, match=r"a\.txt:2 is a line of more than 1,048,576 characters"):
        read(file)


def test_a_bomb_is_met_by_its_ratio_and_a_few_repeated_lines_are_none(tmp_path):
    file = tmp_path / "a.txt.gz"
    file.write_bytes(gzip.compress(b"moon\n" * 100_000))
    assert len(read(file)) == 100_000
    file.write_bytes(gzip.compress((b"moon " * 10_000 + b"\n") * 400))
    with pytest.raises(DataError, match="unpacks to more than 200 times its size"):
        read(file)


@pytest.mark.parametrize(("name", "value", "message"), [("FILE_BYTES", 999, "longer than"), ("MOST_LINES", 9, "lines")])
def test_files_have_a_bound(tmp_path, monkeypatch, name, value, message):
    file = tmp_path / "a.txt"
    file.write_bytes(b"a" * 99 + b"\n")
    file.write_bytes(file.read_bytes() * 10)
    assert len(read(file)) == 10
    monkeypatch.setattr(decode, name, value)
    with pytest.raises(DataError, match=message) as error:
        read(file)
    assert "head -n" in error.value.fix


def test_where_the_encoding_breaks_is_said(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("día\r\nb".encode() + b"\xe9\n")
    with pytest.raises(DataError, match=r"a\.txt is not UTF-8 \(line 2, byte 7\).*iconv -f WINDOWS-1252"):
        checked(file, read)
    file.write_bytes("moon".encode("utf-16")[:-1])
    with pytest.raises(DataError, match="is not UTF-8, nor the UTF-16 that"):
        checked(file, read)


def test_whatever_else_goes_wrong_is_one_error_that_names_the_file(tmp_path):
    def failing(error):
        def read(file):
            raise error

        return read

    for error in (OSError(5, "Input/output error"), EOFError("end"), RecursionError(), ValueError("odd")):
        with pytest.raises(DataError, match=r"^a\.txt "):
            checked(tmp_path.relative_to(tmp_path) / "a.txt", failing(error))

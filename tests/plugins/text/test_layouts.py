import pytest

from multigan.plugins.text.layouts import look, told


def write(path, *lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.csv", ["text,label", "x,0"]),
        ("a.csv", ["name", "x"]),
        ("a.csv", ["a,b,c", "x,y,z"]),
        ("a.txt", ["x\ty"]),
        ("a.jsonl", ['{"text": "x", "source": "y"}', "nothing"]),
        ("a.jsonl", ['{"text": "x"}']),
        ("a.jsonl", ['{"ask": "who?", "say": "me", "n": 1}']),
        ("prose.csv", ["Well, I came home", "No, not yet", "Yes, of course"]),
        ("a.tsv", ["id\tline", "a1\tone thing", "a2\tanother"]),
        ("a.tsv", ["1\tone thing", "2\tanother", "3\ta third"]),
    ],
)
def test_what_is_no_pair_stays_what_it_was(tmp_path, name, lines):
    path = write(tmp_path / name, *lines)
    assert look(path) is None
    assert told(path) == ""


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (["the 6th of March\t03-06", "May 3\t05-03", "1 June\t06-01"], "1 as input and 2 as target"),
        (["date\tiso", "the 6th of March\t03-06", "May 3\t05-03"], "date as input and iso as target"),
        (
            ["completion\tprompt", "a line\ta line", "another line\tone more"],
            "prompt as input and completion as target",
        ),
        (["en\ten", "a line\tone line", "another line\tone more"], "en:1 as input and en:2 as target"),
    ],
)
def test_two_columns_are_told(tmp_path, rows, columns):
    assert told(write(tmp_path / "a.tsv", *rows)) == f"two columns, {columns}"

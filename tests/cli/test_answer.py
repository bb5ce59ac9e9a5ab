import json

import pytest

from multigan.cli.answer import _empty
from multigan.provenance.labels import COMPOSITE, read
from tests.tiny_writer import WRITER

SMALL = [*WRITER, "phases=[]"]
SMALL += ["train.samples=8", "train.batch=8", "train.vitals=0", "train.sheets=0", "train.report=false", "data.vocab=60"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from multigan.training import train

    place = tmp_path_factory.mktemp("pairs")
    (place / "pairs.tsv").write_text("".join(f"is it {k}?\tit is {k}\n" for k in range(40)), encoding="utf-8")
    source = f"data.source={json.dumps(str(place / 'pairs.tsv'))}"
    train("text/pairs", run=place / "run", overrides=[*SMALL, source], quiet=True)
    return place / "run"


def test_a_file_without_a_line_and_nothing_from_standard_input_are_errors(multigan, folder, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    done = multigan("apply", folder, tmp_path / "empty.txt", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "empty.txt is empty; expected a line of text in it; type a line: multigan apply RUN" in done.stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "in.txt").write_text("is it 3?\n")
    assert (
        multigan("apply", folder, tmp_path / "empty.txt", tmp_path / "in.txt", "--out", tmp_path / "out").returncode
        == 0
    )


def test_lines_are_printed_and_files_are_written_line_by_line(multigan, folder, tmp_path):
    (tmp_path / "in.txt").write_text("is it 3?\n\nis it 4?\n")
    printed = multigan("apply", folder, "is it 3?", "is it 4?")
    assert (printed.returncode, len(printed.stdout.splitlines())) == (0, 2)
    done = multigan("apply", folder, tmp_path / "in.txt", "--out", tmp_path / "out")
    assert done.returncode == 0
    (path,) = (tmp_path / "out").glob("*.txt")
    lines = path.read_text().splitlines()
    assert lines == [printed.stdout.splitlines()[0], "", printed.stdout.splitlines()[1]]
    assert read(path)["digital_source_type"] == COMPOSITE
    rows = json.loads(multigan("apply", folder, "is it 3?", "--beam", 2, "--json").stdout)["lines"]
    assert rows[0]["input"] == "is it 3?"


def test_an_empty_line_is_a_line(multigan, folder):
    for given in ("", "  "):
        done = multigan("apply", folder, given)
        assert (done.returncode, done.stdout) == (0, "\n"), done.stderr
        assert "1 of 1 output: empty text; the line is empty" in done.stderr


def test_empty_outputs_are_told_from_those_of_empty_lines():
    assert _empty(2, 2, 37) == "2 of 37 outputs: empty text; the lines are empty"
    assert _empty(3, 2, 37) == "3 of 37 outputs: empty text; of 2 the lines are empty"
    assert _empty(1, 0, 37) == "1 of 37 outputs: empty text"


def test_the_help_says_what_becomes_of_files_of_lines(multigan, folder, tmp_path):
    said = " ".join(multigan("apply", "--help").stdout.replace("│", " ").split())
    assert "Of texts a file of lines becomes texts-NAME.txt" in said
    (tmp_path / "tr.en").write_text("is it 3?\n")
    assert multigan("apply", folder, tmp_path / "tr.en", "--out", tmp_path / "out").returncode == 0
    assert [path.name for path in (tmp_path / "out").glob("*.txt")] == ["texts-tr.txt"]


def test_lines_that_were_cut_are_named(multigan, folder, tmp_path):
    (tmp_path / "in.txt").write_text("is it 3?\n" + "is it 4? " * 30 + "\n")
    assert (
        "1 line is longer than the generator reads, and cut: in.txt:2"
        in multigan("apply", folder, tmp_path / "in.txt", "--out", tmp_path / "out").stderr
    )
    assert "and cut: line 1" in multigan("apply", folder, "is it 4? " * 30).stderr


def test_outputs_of_files_of_one_name_do_not_replace_each_other(multigan, folder, tmp_path):
    (tmp_path / "x").mkdir()
    files = [tmp_path / "news.2024.txt", tmp_path / "news.2025.txt", tmp_path / "x" / "news.2024.txt"]
    for k, file in enumerate(files):
        file.write_text(f"is it {k}?\n")
    done = multigan("apply", folder, *files, "--out", tmp_path / "out", "--json")
    made = json.loads(done.stdout)["files"]
    assert (done.returncode, len(made), len(set(made))) == (0, 3, 3)
    assert len(list((tmp_path / "out").glob("*.txt"))) == 3


def test_what_is_wrong_is_said(multigan, folder, tmp_path):
    (tmp_path / "in.txt").write_text("x\n")
    for arguments, words in (
        (["inn.txt"], "did you mean 'in.txt'?"),
        (["."], "is a folder; expected a line"),
        (["is it?", "--n", 2], "type --sample"),
        (["is it?", "--beam", 2, "--sample"], "type --temperature 0, or leave --beam away"),
        (["is it?", "--top-p", 0.9, "--temperature", 0], "top_p = 0.9 at temperature 0, which draws nothing"),
        (["is it?", "--candidates", 8, "--temperature", 0], "--candidates 8 at --temperature 0, which draws nothing"),
        (["is it?", "--sample", "--temperature", 0], "--sample at --temperature 0, which draws nothing"),
        (["is it?", "--candidates", 1], "--candidates 1, of which none can be chosen; expected 2 or more"),
    ):
        done = multigan("apply", folder, *arguments, cwd=tmp_path)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr

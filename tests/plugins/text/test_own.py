"""MultiGAN's own texts among those of a person."""

import json

from multigan.doctor.inspect import inspect_data
from multigan.plugins.text import modality
from multigan.plugins.text.read import read_files
from multigan.provenance.labels import label, write_jsonl, write_text

LABEL = label("g", "0" * 64, "text/surnames", 0)


def lines(reading):
    return [line.text for line in reading.lines()]


def test_files_and_rows_are_left_out_and_said_in_the_same_words(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    write_text(tmp_path / "texts-7.txt", "made\n\nmade too\n", LABEL)
    write_jsonl(tmp_path / "texts-8.jsonl", [{"text": "made", "name": "8-0"}], LABEL)
    rows = [
        {"text": "three"},
        {"text": "made", "provenance": LABEL},
        {"text": "four", "provenance": {"source": "mine"}},
    ]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    data = modality.load(str(tmp_path))
    assert len(data.items) == 4
    assert ([file.name for file in data.files], data.root) == (["a.txt", "b.jsonl"], tmp_path)
    said = "4 texts made by MultiGAN itself, left out"
    named = ("b.jsonl: 1", "texts-7.txt: 2", "texts-8.jsonl: 1")
    assert f"{said}: {', '.join(named)}" in data.report
    found = {one.name: one for one in inspect_data(tmp_path).findings}
    assert (found["synthetic"].severity, found["synthetic"].what) == ("note", said)
    assert found["synthetic"].evidence == named


def test_where_there_are_no_others_they_are_what_is_wanted(tmp_path):
    write_text(tmp_path / "texts-7.txt", "made\nmade too\n", LABEL)
    for place in (tmp_path, tmp_path / "texts-7.txt"):
        data = modality.load(str(place))
        assert len(data.items) == 2
        said = "2 texts made by MultiGAN itself, trained on all the same, as there are no others"
        assert f"{said}: texts-7.txt: 2" in data.report
        (found,) = [one for one in inspect_data(place).findings if one.name == "synthetic"]
        assert (found.severity, found.what) == ("warning", said)


def test_the_file_beside_a_text_is_no_data_and_no_fault(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    write_text(tmp_path / "texts-7.txt", "made\n", LABEL)
    (tmp_path / "texts-7.txt").rename(tmp_path / "moved.txt")
    (tmp_path / "theirs.json").write_text('{"text": "three"}')
    found = {one.name: one for one in inspect_data(tmp_path).findings}
    assert (found["sidecars"].severity, found["sidecars"].evidence) == ("note", ("texts-7.txt.json",))
    assert found["unread-format"].evidence == ("theirs.json",)
    assert "1 file may be texts of a format that is not read (theirs.json)" in modality.load(str(tmp_path)).report


def test_scores_are_of_what_was_made(tmp_path):
    (tmp_path / "a.txt").write_text("one\n")
    write_text(tmp_path / "texts-7.txt", "made\n", LABEL)
    reading = read_files(tmp_path)
    assert lines(reading) == ["one", "made"]
    assert [one.name for one in reading.findings()] == ["sidecars"]

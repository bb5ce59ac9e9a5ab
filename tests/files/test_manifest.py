import json

import pytest

from multigan.files.manifest import list_at, read_manifest

SUFFIXES = (".png", ".jpg")


@pytest.fixture
def folder(tmp_path):
    for name in ("a/1.png", "a/2.png", "b/1.jpg", "b/2.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_columns_are_found_by_their_names_in_any_order_and_case(folder):
    texts = {
        "x.csv": "id,Target,Input\n7,b/1.jpg,a/1.png\n8,b/2.jpg, a/2.png\n9,b/3.jpg,a/1.png\n",
        "x.tsv": "Target\tInput\nb/1.jpg\ta/1.png\nb/2.jpg\ta/2.png\nb/3.jpg\ta/1.png\n",
    }
    rows = [{"Target": f"b/{k}.jpg", "Input": f"a/{j}.png"} for k, j in ((1, 1), (2, 2), (3, 1))]
    texts["x.jsonl"] = "\n".join(map(json.dumps, rows)) + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text)
        found = read_manifest(folder / name, SUFFIXES)
        assert (found.source, found.target, len(found.rows)) == ("Input", "Target", 3)
        first = 1 if name.endswith("jsonl") else 2  # below the header
        ones, twos = (f"line {first + k}" for k in range(2))
        assert found.files("Input") == {folder / "a/1.png": ones, folder / "a/2.png": twos}
        assert found.files("Target") == {folder / "b/1.jpg": ones, folder / "b/2.jpg": twos}
        assert found.pairs() == [(folder / "a/1.png", folder / "b/1.jpg"), (folder / "a/2.png", folder / "b/2.jpg")]
        (lost,) = found.lost()
        assert lost.evidence == (f"{name}:{first + 2}: b/3.jpg is not there",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "name,text\na,b\n"),
        ("x.csv", "input,output\nhow are you,fine\n"),
        ("x.csv", "a,b,input\na/1.png,b/1.jpg,a/2.png\n"),
        ("x.csv", ""),
        ("x.csv", "input,target\n"),
        ("x.jsonl", "[1]\n"),
        ("x.jsonl", "no json\n"),
        ("x.jsonl", "[" * 100_000 + "\n"),
        ("x.csv", "text\na, with, commas\n"),
        ("x.txt", "input,target\na/1.png,b/1.jpg\n"),
    ],
)
def test_other_files_are_no_lists_of_pairs(folder, name, text):
    (folder / name).write_text(text)
    assert read_manifest(folder / name, SUFFIXES) is None
    assert read_manifest(folder / "none.csv", SUFFIXES) is None


def test_rows_without_a_partner_are_named_by_their_lines(folder):
    rows = ['"a/1.png",b/1.jpg', '"a/1.png","b/2.jpg"', "a/2.png,", "", "a/3.png,b/2.jpg", "a/2.png,b/2.jpg"]
    (folder / "x.csv").write_text("input,target\n" + "\n".join(rows) + "\n")
    found = read_manifest(folder / "x.csv", SUFFIXES)
    assert found.blank == (4,)
    assert {one.name: one.evidence for one in found.lost()} == {
        "row-without-file": ("x.csv:6: a/3.png is not there",),
        "row-again": ("x.csv:3: a/1.png stands in line 2", "x.csv:7: b/2.jpg stands in line 3"),
        "row-without-name": ("x.csv:4",),
    }
    assert found.pairs() == [(folder / "a/1.png", folder / "b/1.jpg")]


def test_a_folder_holds_a_list(folder):
    text = "input,target\na/1.png,b/1.jpg\n"
    assert list_at(folder, SUFFIXES) is None
    for name in ("train", "test"):
        (folder / name).mkdir()
        (folder / name / "pairs.csv").write_text(text.replace("a/", "../a/").replace("b/", "../b/"))
    (folder / "notes.csv").write_text("name,text\na,b\n")
    assert list_at(folder, SUFFIXES).path == folder / "train/pairs.csv"
    (folder / "train").rename(folder / "more")
    assert list_at(folder, SUFFIXES) is None  # either may be meant
    (folder / "pairs.csv").write_text(text)
    assert list_at(folder, SUFFIXES).path == folder / "pairs.csv"
    assert list_at(folder / "pairs.csv", SUFFIXES) == list_at(folder, SUFFIXES)

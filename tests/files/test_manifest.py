import json

import pytest

from multigan.files.manifest import read_manifest

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
        assert found.files("Input") == {folder / "a/1.png": "row 1", folder / "a/2.png": "row 2"}
        assert found.files("Target") == {folder / "b/1.jpg": "row 1", folder / "b/2.jpg": "row 2"}


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

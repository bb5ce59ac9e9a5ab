import pytest

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.text.manners import sees_two, unite
from multigan.plugins.text.vocabulary import Vocabulary


def two(target, source=None, swap=False, given=None, **options):
    return unite(str(target), source, options={"tokens": "word", **options}, given=given or {}, swap=swap)


def texts(data):
    vocabulary = Vocabulary.from_meta(data.spec.meta)
    return [vocabulary.decode(row) for row in data.items.ids.tolist()]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plain.txt").write_text("the old dog\nthe cat\nthe cat\n")
    (tmp_path / "royal.txt").write_text("ye hound aged runs\nye puss\n")
    (tmp_path / "README.txt").write_text("about them\n")
    return tmp_path


def test_a_folder_of_two_files(folder):
    target, source = two(folder)
    assert texts(target) == ["ye hound aged runs", "ye puss"]
    assert texts(source) == ["the old dog", "the cat", "the cat"]
    assert target.spec == source.spec
    assert "plain.txt as input and royal.txt as target" in target.report[0]
    assert source.items.groups.tolist() == [0, 1, 1]
    assert [file.name for file in target.files] == ["royal.txt"]
    assert texts(two(folder, swap=True)[0])[0] == "the old dog"


def test_two_places_and_sub_folders(folder):
    assert texts(two(folder / "plain.txt", str(folder / "royal.txt"))[1])[1] == "ye puss"
    for name in ("a", "b"):
        (folder / "sub" / name).mkdir(parents=True)
        (folder / "sub" / name / "x.txt").write_text(f"line {name}\n")
    assert texts(two(folder / "sub")[0]) == ["line b"]


def test_embedded_sets_come_in_two():
    target, source = two("chronicle", n=50)
    assert target.report[0].startswith("plain as input and chronicle as target")
    assert target.items.take(source.items.groups[:2], Draw(0)).shape == (2, target.spec.shape[0])
    assert texts(two("chronicle", swap=True, n=50)[0]) == texts(source)


def test_what_it_cannot_is_said(folder, tmp_path):
    (folder / "third.txt").write_text("x\n")
    with pytest.raises(DataError, match="holds no two sets of texts"):
        two(folder)
    with pytest.raises(DataError, match="one vocabulary for both sets"):
        two(folder / "plain.txt", str(folder / "royal.txt"), given={"vocab": 9})
    with pytest.raises(DataError, match="chronicl"):
        two("chronicl", "plain")


def test_two_files_are_seen(folder):
    assert sees_two(folder) == "two files, plain.txt and royal.txt"
    assert sees_two(folder / "plain.txt") == ""
    (folder / "third.txt").write_text("x\n")
    assert sees_two(folder) == ""

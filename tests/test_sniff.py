import pytest

from multigan.errors import DataError
from multigan.sniff import sniff


@pytest.mark.parametrize(
    ("names", "recipe"),
    [
        (["a.png", "b.JPG", "x/c.webp"], "image/folder"),
        (["a.wav", "b.flac"], "audio/folder"),
        (["poems.txt"], "text/file"),
        (["t-images-idx3-ubyte.gz", "t-labels-idx1-ubyte.gz"], "image/folder"),
        (["a.txt.gz"], "text/file"),
    ],
)
def test_endings_pick_the_recipe(tmp_path, names, recipe):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert sniff(tmp_path).recipe == recipe


def test_a_mixed_folder_goes_by_majority_and_says_so(tmp_path):
    for name in ("a.png", "b.png", "readme.txt"):
        (tmp_path / name).write_bytes(b"x")
    choice = sniff(tmp_path)
    assert choice.recipe == "image/folder"
    assert "2 image files and 1 other files, which are left out" in choice.reason


def test_one_file(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    assert sniff(tmp_path / "a.txt").recipe == "text/file"


def test_nothing_to_train_on_counts_what_is_there(tmp_path):
    with pytest.raises(DataError, match="no files"):
        sniff(tmp_path)
    for name in ("a.pdf", "b.pdf", "c"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(DataError, match=r"2 \.pdf, 1 no ending"):
        sniff(tmp_path)

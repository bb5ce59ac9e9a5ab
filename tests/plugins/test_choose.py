import os

import pytest

from multigan.core.errors import DataError
from multigan.plugins.choose import sniff


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
    assert "2 image files and 1 other file, left out" in choice.reason


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


def test_what_is_left_out_is_said(tmp_path):
    for name in ("a.PNG", "b.png", "notes.txt", ".hidden.png", "run/recipe.toml", "run/run.json", "run/x.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    reason = sniff(tmp_path).reason
    assert "2 image files and 1 other file, left out: 1 .txt" in reason
    assert reason.endswith("; 1 left out (a run's folder): run; 1 left out (hidden): .hidden.png")


def test_what_is_no_data_is_one_clear_error(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "bare").touch()
    for name in ("pipe.png", "zero.png"):
        with pytest.raises(DataError, match="is no data: no regular file"):
            sniff(tmp_path / name)
    with pytest.raises(DataError, match="has no ending"):
        sniff(tmp_path / "bare")
    run = tmp_path / "run"
    run.mkdir()
    (run / "recipe.toml").touch()
    (run / "run.json").touch()
    (run / "a.png").touch()
    with pytest.raises(DataError, match="is no data: a run's folder"):
        sniff(run)
    (run / "recipe.toml").unlink()
    (run / "a.png").rename(run / ".a.png")
    with pytest.raises(DataError, match=r"1 \.json; 1 left out \(hidden\): \.a\.png"):
        sniff(run)


def test_a_name_that_a_recipe_cannot_hold_is_refused_first(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "a.png").touch()
    with pytest.raises(DataError, match="no UTF-8"):
        sniff(folder)


def test_a_json_file_that_is_named_itself_is_texts(tmp_path):
    (tmp_path / "strs.json").write_text('["a", "b"]')
    assert sniff(tmp_path / "strs.json").recipe == "text/file"
    with pytest.raises(DataError):
        sniff(tmp_path)

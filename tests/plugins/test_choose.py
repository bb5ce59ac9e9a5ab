import os

import pytest
from PIL import Image

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


def pictures(folder, names, sides=("one", "two")):
    for side in sides:
        (folder / side).mkdir(parents=True)
        for name in names:
            Image.new("RGB", (8, 8), "red").save(folder / side / f"{name}.png")


def test_a_list_in_the_folder_says_which_pictures_are_pairs(tmp_path):
    pictures(tmp_path / "train", "abcd")
    rows = ["input,target", *(f"one/{a}.png,two/{b}.png" for a, b in ("ab", "bc", "cd", "dx"))]
    (tmp_path / "train" / "pairs.csv").write_text("\n".join(rows))
    choice = sniff(tmp_path)
    assert choice.recipe == "image/pairs"
    assert choice.reason == f"{tmp_path / 'train' / 'pairs.csv'} lists 3 pairs in 4 rows, input as input"


def test_a_list_beside_pairs_by_name_is_mentioned(tmp_path):
    pictures(tmp_path, "abcd", ("A", "B"))
    (tmp_path / "pairs.csv").write_text("input,target\nA/a.png,B/b.png\n")
    choice = sniff(tmp_path)
    assert choice.recipe == "image/pairs"
    assert f"4 pairs by name; {tmp_path / 'pairs.csv'} beside them is not read: name it" in choice.reason


def test_lists_with_odd_headers_are_not_taken_for_texts(tmp_path):
    (tmp_path / "x.csv").write_text("img_in,img_out\na.png,b.png\n")
    with pytest.raises(DataError, match="rename img_in to input and img_out to target"):
        sniff(tmp_path / "x.csv")


def test_one_side_alone_gets_a_hint_and_beside_an_empty_one_is_refused(tmp_path):
    pictures(tmp_path, "abcd", ["trainA"])
    choice = sniff(tmp_path)
    assert choice.recipe == "image/folder"
    assert "trainA/ is named like one of two sets: put trainB/ beside it" in choice.reason
    (tmp_path / "trainB").mkdir()
    with pytest.raises(DataError, match="trainB/ beside it none"):
        sniff(tmp_path)


def test_one_of_two_sets_of_sounds_beside_an_empty_one_is_refused_and_sides_of_pairs_are_folders(tmp_path):
    for name in ("sets/trainA", "sets/testB", "pairs/noisy"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "1.wav").write_bytes(b"")
    (tmp_path / "pairs/clean").mkdir()
    assert "put trainB/ beside it" in sniff(tmp_path / "sets").reason
    (tmp_path / "sets/trainB").mkdir()
    with pytest.raises(DataError, match="trainB/ beside it none"):
        sniff(tmp_path / "sets")
    assert sniff(tmp_path / "pairs").recipe == "audio/folder"


def test_a_broken_list_of_pairs_in_a_folder_is_not_passed_by(tmp_path):
    for side in ("x", "y"):
        (tmp_path / side).mkdir()
        for k in range(3):
            Image.new("RGB", (8, 8), (k, 0, 0)).save(tmp_path / side / f"{k}.png")
    rows = [f'{{"input": "x/{k}.png", "target": "y/{k}.png"}}' for k in range(3)]
    (tmp_path / "pairs.jsonl").write_text("\n".join([*rows, "{broken"]))
    with pytest.raises(DataError, match=r"pairs\.jsonl:4: no JSON object"):
        sniff(tmp_path)
    (tmp_path / "pairs.jsonl").write_text("\n".join(rows))
    assert sniff(tmp_path).recipe == "image/pairs"


@pytest.mark.parametrize(
    ("header", "recipe"),
    [("text\treply", "text/pairs"), ("en\tde", "text/pairs"), ("id\tbody", "text/file"), ("day\tquote", "text/file")],
)
def test_two_columns_are_pairs_where_their_names_say_so(tmp_path, header, recipe):
    (tmp_path / "a.tsv").write_text("\n".join([header, *(f"{k}\ta line {k}" for k in range(9))]))
    assert sniff(tmp_path / "a.tsv").recipe == recipe


def dates(folder):
    path = folder / "pairs.tsv"
    path.write_text("the 6th of March 1971\t1971-03-06\nMay 3, 2021\t2021-05-03\n1 June 1999\t1999-06-01\n")
    return path


def test_two_columns_without_a_header_are_pairs(tmp_path):
    assert sniff(dates(tmp_path)).recipe == "text/pairs"


def test_columns_named_on_both_sides_mean_pairs(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("1\tone thing\tx\n2\tanother\ty\n")
    assert sniff(path).recipe == "text/file"
    choice = sniff(path, ["train.seed=1", "input.column=3", "data.column = 2"])
    assert choice.recipe == "text/pairs"
    assert "3 as input and 2 as target" in choice.reason


def test_one_named_column_of_pairs_is_trained_alone_and_the_pairs_are_told(tmp_path):
    choice = sniff(dates(tmp_path), ["data.column=1"])
    assert choice.recipe == "text/file"
    assert "column 1 alone, nothing else is read (as pairs, two columns" in choice.reason
    assert "--recipe text/pairs" in choice.reason

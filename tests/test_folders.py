from multigan.folders import beside, class_folders, files_in, imbalance, sort_out


def names(path):
    return {found.name for found in class_folders(path, files_in(path), "pictures")}


def test_slips_in_depth(tmp_path):
    for name in ("data/cat/1.png", "data/dog/2.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == {"one-level-too-high"}
    assert names(tmp_path / "data") == set()
    (tmp_path / "data" / "cow").mkdir()
    assert names(tmp_path / "data") == {"empty-class"}


def test_imbalance():
    assert [found.name for found in imbalance({"a": 100, "b": 10, "c": 2}, "sounds")] == ["tiny-class", "imbalance"]
    assert imbalance({"a": 90, "b": 10}, "sounds") == []


def test_files_are_sorted_out_by_their_endings_in_any_case(tmp_path):
    for name in ("b/2.PNG", "a.png", "c.txt", "none", ".hidden.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    wanted, others = sort_out(tmp_path, (".png", ".jpg"))
    assert [file.name for file in wanted] == ["a.png", "2.PNG"]
    assert [file.name for file in others] == ["c.txt", "none"]
    assert sort_out(tmp_path / "c.txt", (".png",)) == ([], [tmp_path / "c.txt"])


def test_what_lies_beside_a_path_that_is_not_there(tmp_path):
    (tmp_path / "cats").mkdir()
    (tmp_path / "dogs.zip").touch()
    assert sorted(beside(tmp_path / "cat")) == ["cats", "dogs.zip"]
    assert beside(tmp_path / "nowhere" / "cat") == []

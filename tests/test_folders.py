from multigan.folders import class_folders, files_in, imbalance


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

from multigan.files.listing import (
    absent,
    as_lines,
    beside,
    broken_links,
    class_folders,
    class_of,
    files_in,
    imbalance,
    sort_out,
)


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


def lay(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_two_spellings_of_one_name_are_one_class_and_said(tmp_path):
    lay(tmp_path, "caf\xe9/1.png", "cafe\u0301/2.png", "cat/3.png", "cat /4.png", "Dog/5.png", "dog/6.png")
    files = files_in(tmp_path)
    assert {class_of(tmp_path, file) for file in files} == {"caf\xe9", "cat", "cat ", "Dog", "dog"}
    found = class_folders(tmp_path, files, "pictures")
    assert [(one.name, one.count) for one in found] == [("class-twice", 1), ("classes-alike", 2)]
    assert found[0].evidence == (r"'cafe\u0301' and 'caf\xe9'",)
    assert as_lines(found)[1].endswith("('Dog' and 'dog', 'cat' and 'cat ')")


def test_a_folder_of_runs_and_a_link_to_a_class_are_no_empty_classes(tmp_path):
    lay(tmp_path, "set/a/1.png", "store/2.png", "set/runs/set-1/recipe.toml", "set/runs/set-1/run.json", "set/none/.x")
    (tmp_path / "set" / "b").symlink_to("../store")
    files = [file for file in files_in(tmp_path / "set") if file.suffix == ".png"]
    assert [class_of(tmp_path / "set", file) for file in files] == ["a", "b"]
    (found,) = class_folders(tmp_path / "set", files, "pictures")
    assert (found.name, found.evidence) == ("empty-class", ("none",))


def test_a_link_to_nothing_is_a_finding(tmp_path):
    (tmp_path / "a.png").symlink_to("gone.png")
    assert [found.name for found in broken_links(tmp_path)] == ["broken-link"]


def test_a_link_to_itself_is_there_and_is_not_what_was_meant(tmp_path):
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    assert absent(loop) == f"'{loop}' is a link that leads nowhere"
    assert absent(tmp_path / "none") == f"there is no '{tmp_path / 'none'}'"
    assert beside(loop) == []

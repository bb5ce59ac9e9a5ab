import pytest
from safetensors.torch import load_file
from torch import ones

from multigan.core.errors import RunError
from multigan.core.tensor_file import save_tensors
from multigan.files.keeping import keeping, may_replace, same_folder, write_whole
from multigan.provenance.labels import refuse_others, write_json, write_text

LABEL = {"seed": "1", "created": "then"}


def put(path, text):
    write_whole(path, lambda to: to.write_text(text))


def test_files_are_replaced_where_nobody_asked_to_keep_them(tmp_path):
    put(tmp_path / "a", "old")
    put(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"


def test_another_content_is_refused_and_the_call_takes_back_what_it_made(tmp_path):
    (tmp_path / "b").write_text("mine")
    with keeping(overwrite=False):
        put(tmp_path / "a", "new")
        with pytest.raises(RunError, match=r"b exists already, with other content.*--overwrite"):
            put(tmp_path / "b", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("b", "mine")]


def test_the_same_content_is_left_alone_and_what_the_call_made_may_change(tmp_path):
    (tmp_path / "a").write_text("same")
    before = (tmp_path / "a").stat()
    with keeping(overwrite=False):
        put(tmp_path / "a", "same")
        put(tmp_path / "b", "first")
        put(tmp_path / "b", "second")
    after = (tmp_path / "a").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "b").read_text() == "second"


def test_overwriting_is_asked_for(tmp_path):
    (tmp_path / "a").write_text("old")
    with keeping(overwrite=True):
        put(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"
    with keeping(overwrite=False), may_replace():
        put(tmp_path / "a", "newer")
    assert (tmp_path / "a").read_text() == "newer"


def test_folders_and_broken_links_are_kept_too(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("folder", "link"):
        with keeping(overwrite=False), pytest.raises(RunError, match=name):
            put(tmp_path / name, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "link"]


def test_what_will_be_refused_is_refused_before_time_is_spent(tmp_path):
    write_text(tmp_path / "a.txt", "x", LABEL)
    with keeping(overwrite=False):
        refuse_others(tmp_path / "a", {**LABEL, "created": "now"})
        with pytest.raises(RunError, match=r"a\.txt exists"):
            refuse_others(tmp_path / "a", {**LABEL, "seed": "2"})
    refuse_others(tmp_path / "a", {**LABEL, "seed": "2"})
    (tmp_path / "b.png").write_bytes(b"someone's")
    with keeping(overwrite=False), pytest.raises(RunError, match=r"b\.png exists"):
        refuse_others(tmp_path / "b", LABEL)


def test_folders_are_compared_to_the_byte(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name / "in").mkdir(parents=True)
        write_json(tmp_path / name / "in" / "x.json", {"a": 1})
    assert same_folder(tmp_path / "one", tmp_path / "other")
    write_json(tmp_path / "other" / "in" / "x.json", {"a": 2})
    assert not same_folder(tmp_path / "one", tmp_path / "other")
    (tmp_path / "one" / "more").touch()
    assert not same_folder(tmp_path / "one", tmp_path / "other")


def test_tensor_files_have_the_same_bytes_each_time(tmp_path):
    metadata = {str(number): "x" * number for number in range(20)}
    for name in ("a", "b"):
        save_tensors({"z": ones(3)}, tmp_path / name, dict(sorted(metadata.items(), reverse=name == "b")))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert load_file(tmp_path / "a")["z"].tolist() == [1, 1, 1]

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from multigan.core.atomic import (
    mirror_folder,
    or_copy,
    recover_folders,
    remove_files,
    replace_file,
    replace_folder,
    staged,
    try_writing,
    writing,
)
from multigan.core.errors import RunError, WriteError


class Killed(BaseException):
    pass


def put(text):
    return lambda into: (into / "a").write_text(text)


def test_a_failed_write_leaves_the_old_folder(tmp_path):
    target = tmp_path / "thing"
    replace_folder(target, put("old"))

    def full_disk(into):
        (into / "a").write_text("new")
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError, match="No space left"):
        replace_folder(target, full_disk)
    assert (target / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


def test_a_stop_while_a_folder_is_filled_leaves_the_old_one_alone(tmp_path):
    target = tmp_path / "thing"
    replace_folder(target, put("old"))

    def stopped(into):
        (into / "a").write_text("new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_folder(target, stopped)
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]
    assert (target / "a").read_text() == "old"


@pytest.mark.parametrize("call", range(12))
def test_a_kill_at_any_call_to_the_system_loses_nothing(tmp_path, monkeypatch, call):
    """Stops before the n-th flush or rename; what is then found under the name is whole: the old or the new."""
    target = tmp_path / "thing"
    replace_folder(target, put("old"))
    left = [call]

    def counted(function):
        def run(*args, **options):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return function(*args, **options)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", counted(os.fsync))
        patch.setattr(type(target), "rename", counted(type(target).rename))
        patch.setattr("multigan.core.atomic.shutil.rmtree", counted(__import__("shutil").rmtree))
        try:
            replace_folder(target, put("new"))
            ended = True
        except Killed:
            ended = False
    recover_folders(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]
    assert (target / "a").read_text() in (("new",) if ended else ("old", "new"))
    assert ended or call < 6


def test_what_only_exists_as_old_comes_back_before_the_next_write(tmp_path):
    (tmp_path / ".old-thing").mkdir()
    (tmp_path / ".old-thing" / "a").write_text("old")

    def full_disk(into):
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError):
        replace_folder(tmp_path / "thing", full_disk)
    assert (tmp_path / "thing" / "a").read_text() == "old"


def test_recovering_tells_what_came_back_and_leaves_others_alone(tmp_path):
    for name in (".old-a", ".old-b", "b", ".new-c", "d"):
        (tmp_path / name).mkdir()
    assert recover_folders(tmp_path) == [tmp_path / "a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "d"]
    assert recover_folders(tmp_path / "missing") == []


def test_a_mirror_is_a_copy_or_nothing(tmp_path):
    source, target = tmp_path / "source", tmp_path / "elsewhere" / "target"
    mirror_folder(source, target)
    assert not target.exists()
    replace_folder(source, put("new"))
    replace_folder(target, lambda into: (into / "stale").write_text("old"))
    mirror_folder(source, target)
    assert [(path.name, path.read_text()) for path in target.iterdir()] == [("a", "new")]
    assert (source / "a").read_text() == "new"
    (source / "a").unlink()
    source.rmdir()
    mirror_folder(source, target)
    assert not target.exists()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "m"
    replace_file(path, "old\n")

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(WriteError, match="No space"):
        replace_file(path, "new\n")
    assert path.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_a_disk_without_room_is_found_before_work(tmp_path, no_room):
    try_writing(tmp_path / "m")
    with no_room(), pytest.raises(WriteError, match="cannot write"):
        try_writing(tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_one_clear_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunError, match="Permission denied"):
        replace_folder(tmp_path / "thing", put("new"))
    tmp_path.chmod(0o700)


def test_several_may_replace_one_file_at_once(tmp_path):
    contents = [letter * 20_000 for letter in "abcdefgh"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: replace_file(tmp_path / "m", content), contents * 4))
    assert (tmp_path / "m").read_text() in contents
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_only_files_that_match_are_removed_and_a_folder_only_when_empty(tmp_path):
    for name in ("a-1", "a-2", "b"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text("x")
    (tmp_path / "in" / "a-link").symlink_to(tmp_path / "in" / "b")
    (tmp_path / "in" / "a-folder").mkdir()
    remove_files(tmp_path / "in", ["a-*"])
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["a-folder", "a-link", "b"]
    (tmp_path / "in" / "a-link").unlink()
    (tmp_path / "in" / "a-folder").rmdir()
    remove_files(tmp_path / "in", ["*"])
    remove_files(tmp_path / "missing", ["*"])
    assert list(tmp_path.iterdir()) == []


def test_several_may_replace_one_folder_at_once(tmp_path):
    contents = [letter * 2_000 for letter in "abcdefgh"]

    def attempt(content):
        try:
            replace_folder(tmp_path / "p", put(content))
        except WriteError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(attempt, contents * 4))
    assert "" in said
    assert all("another process wrote" in line for line in said if line)
    assert (tmp_path / "p" / "a").read_text() in contents
    replace_folder(tmp_path / "p", put("last"))
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_what_a_killed_process_was_filling_is_cleared_and_nothing_else(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [
        f".new-p-{gone.pid}-01234567",
        f".new-p-{os.getpid()}-01234567",
        f".new-p-q-{gone.pid}-01234567",
        ".new-p-x",
    ]
    for name in left:
        (tmp_path / name).mkdir()
    replace_folder(tmp_path / "p", put("new"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["p", *left[1:]])


FULL = """
import resource, sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from multigan.run.background import Background
from multigan.core.atomic import replace_file, replace_folder
from multigan.run.ledger import Ledger
from multigan.run.writers import TensorBoard
from multigan.core.errors import WriteError

folder = Path(sys.argv[1])
said, ledger = [], Ledger(folder / "metrics.jsonl")
board = Background(TensorBoard(folder / "tb"), said.append)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
deeds = [
    lambda: replace_folder(folder / "nets", lambda into: save_file({"w": torch.zeros(2000)}, into / "w")),
    lambda: [ledger.append({"step": step, "phase": "y" * 100}) for step in range(50)],
]
for deed in deeds:
    try:
        deed()
    except WriteError as error:
        print(error)
for step in range(200):
    board.write(step, {"loss": 1.0})
board.close()
print(*said)
print(len(ledger.rows) > 3, *sorted(path.name for path in folder.iterdir()))
"""


def test_what_the_system_will_not_take_is_said_in_one_way(tmp_path):
    """A limit on the size of files refuses as a full disk does."""
    command = [sys.executable, "-W", "error", "-c", FULL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    nets, metrics, board, left = done.stdout.splitlines()
    assert nets.startswith(f"cannot write {tmp_path / 'nets'}: ")
    assert metrics.startswith(f"cannot write {tmp_path / 'metrics.jsonl'}: File too large")
    assert "TensorBoard failed and is off" in board
    assert left == "True metrics.jsonl tb"


def test_an_error_that_is_no_failure_to_write_stays_what_it_is(tmp_path):
    with pytest.raises(ValueError, match="mine"), writing(tmp_path):
        raise ValueError("mine")
    with pytest.raises(WriteError, match="No such file or directory"), writing(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b").write_text("x")


def test_a_staged_file_gets_its_name_at_the_end_of_the_block_or_goes(tmp_path):
    target = tmp_path / "a.bin"
    with staged(target) as first:
        first.write_bytes(b"one")
        assert not target.exists()
    with pytest.raises(FileNotFoundError), staged(target) as second:
        second.rename(tmp_path / "elsewhere" / "b")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.bin", b"one")]


def test_what_cannot_be_written_is_known_before_the_work(tmp_path):
    try_writing(tmp_path / "found.json")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WriteError, match=r"cannot write .*found\.json"):
        try_writing(tmp_path / "gone" / "found.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"cannot write .*found\.json"):
        try_writing(tmp_path / "file" / "found.json")


def test_where_nothing_can_be_written_a_copy_is_named(tmp_path):
    with pytest.raises(WriteError, match=r"or work on a copy: cp -r .*gone ELSEWHERE && chmod -R u.w ELSEWHERE"):
        try_writing(tmp_path / "gone" / "evaluation.json")


@pytest.mark.parametrize(
    ("number", "fix"), [(errno.EROFS, "make that disk writable"), (errno.EACCES, "type chmod -R u+w 'my run'")]
)
def test_a_run_that_is_read_only_can_be_opened_or_copied(number, fix):
    with pytest.raises(WriteError) as caught, writing(Path("my run/report.html")):
        raise OSError(number, os.strerror(number))
    told = or_copy(caught.value, Path("my run"))
    assert told.fix == f"{fix}, or work on a copy: cp -r 'my run' ELSEWHERE && chmod -R u+w ELSEWHERE"


LONG = "x" * 251 + ".txt"  # as long as a name can be


def test_names_as_long_as_they_can_be_are_written(tmp_path):
    replace_file(tmp_path / LONG, "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(LONG, "new")]


def test_a_folder_of_a_long_name_is_replaced_and_comes_back(tmp_path):
    target = tmp_path / LONG
    for text in ("old", "new"):
        replace_folder(target, put(text))
    assert [(path.name, (path / "a").read_text()) for path in tmp_path.iterdir()] == [(LONG, "new")]
    target.rename(tmp_path / f".old-{sha256(LONG.encode()).hexdigest()[:16]}")  # a kill between two renames

    def full_disk(into):
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError):
        replace_folder(target, full_disk)
    assert (target / "a").read_text() == "new"

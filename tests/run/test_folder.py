import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from multigan.core.atomic import writing
from multigan.core.errors import DivergedError, RunError, WriteError, unwritten
from multigan.core.signals import Interrupted
from multigan.engine.distributed import World
from multigan.recipe.recipe import load_recipe
from multigan.run.folder import new_run, old_run
from multigan.run.lock import LOCK

ALONE = World()


@pytest.fixture(scope="module")
def recipe():
    return load_recipe("points/ring", ["train.samples=64", "train.batch=32"])


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def fail(error, where, recipe, *names):
    """A run that wrote files of these names and failed."""
    with new_run(where, recipe, ALONE) as folder:
        assert folder == where
        assert (folder / "recipe.toml").is_file()
        put(folder, *names)
        raise error


THEIRS = {
    "a young run by its names": ["recipe.toml", "samples/samples-0000000000.png", "tensorboard/x", "metrics.jsonl"],
    "samples": ["samples/kick.wav"],
    "hidden": [".hidden"],
    "checkpoints": ["checkpoints/.new-step-1/notes", "healthy/x"],
}


@pytest.mark.parametrize("names", THEIRS.values(), ids=THEIRS)
def test_a_folder_that_holds_something_is_refused_and_keeps_all_of_it(tmp_path, recipe, names):
    put(tmp_path, *names)
    (tmp_path / "empty").mkdir()
    before = tree(tmp_path)
    with (
        pytest.raises(RunError, match="exists already, and nothing in it was touched"),
        new_run(tmp_path, recipe, ALONE),
    ):
        pass
    assert tree(tmp_path) == before


def test_the_folder_that_one_works_in_is_refused_too(tmp_path, recipe, monkeypatch):
    put(tmp_path, "samples/kick.wav")
    monkeypatch.chdir(tmp_path)
    for where in (".", "samples", "samples/.."):
        with pytest.raises(RunError, match="exists already"), new_run(where, recipe, ALONE):
            pass
    assert tree(tmp_path) == {"samples": None, "samples/kick.wav": b"samples/kick.wav"}


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, OSError])
def test_a_call_that_fails_early_removes_what_it_made_and_only_that(tmp_path, recipe, error):
    (tmp_path / "given").mkdir()
    put(tmp_path, "runs/mine.txt")
    before = tree(tmp_path)
    written = ["samples/samples-0000000000.png", "metrics.jsonl", "checkpoints/.new-step-000000001/state.json"]
    written += ["tensorboard/events.out.tfevents.1", "generator-mle/config.json", "healthy/step-000000000/state.json"]
    written += ["log.txt", "verdict.json", ".new-report.html-12345678"]
    for where in ("given", "new", "runs/a", "deep/er/run"):
        with pytest.raises(error):
            fail(error, tmp_path / where, recipe, *written)
    assert tree(tmp_path) == before


def test_what_somebody_else_put_into_a_young_run_stays(tmp_path, recipe):
    run = tmp_path / "run"
    theirs = ["notes.md", "samples/kick.wav", "tensorboard/x", "generator-mle/.git/HEAD", "checkpoints/step-mine/a"]
    run.mkdir()
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError, run, recipe, *theirs, "metrics.jsonl", "generator-mle/config.json")
    left = {name for name, content in tree(run).items() if content is not None}
    assert left == set(theirs)


def test_what_is_worth_keeping_is_kept_when_a_run_fails(tmp_path, recipe):
    for name in ("checkpoints/step-000000008/state.json", "generator-best/config.json"):
        folder = tmp_path / name.partition("/")[0]
        with pytest.raises(ZeroDivisionError):
            fail(ZeroDivisionError, folder, recipe, name)
        assert set(tree(folder)) >= {name, "recipe.toml", "samples"}
        assert not (folder / LOCK).exists()
    with pytest.raises(DivergedError), new_run(tmp_path / "nan", recipe, ALONE):
        raise DivergedError("nan")
    assert (tmp_path / "nan" / "recipe.toml").exists()


def test_calls_at_once_get_folders_of_their_own(tmp_path, recipe, monkeypatch):
    monkeypatch.chdir(tmp_path)
    together = Barrier(8)

    def begin(number):
        together.wait()
        with new_run(None, recipe, ALONE, "ring") as folder:
            together.wait()
            (folder / "samples" / f"of-{number}").touch()
        return folder

    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(begin, range(8)))
    assert sorted(folders) == [Path(f"runs/ring-{n}") for n in range(1, 9)]
    assert all(len(list((folder / "samples").iterdir())) == 1 for folder in folders)


def test_calls_at_once_on_one_folder_leave_one_of_them_working(tmp_path, recipe):
    together, ended = Barrier(8), []

    def begin(number):
        together.wait()
        try:
            with new_run(tmp_path / "run", recipe, ALONE) as folder:
                (folder / "samples" / f"of-{number}").touch()
                together.wait()
        except RunError as error:
            ended.append(str(error))
            together.wait()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))
    assert len(ended) == 7
    assert len(list((tmp_path / "run" / "samples").iterdir())) == 1
    assert (tmp_path / "run" / "recipe.toml").stat().st_size > 0


def test_a_resume_owns_the_run_and_leaves_it_as_it_is(tmp_path, recipe):
    with new_run(tmp_path / "run", recipe, ALONE) as folder:
        with pytest.raises(RunError, match="in use by process"), old_run(folder, ALONE):
            pass
        with pytest.raises(RunError, match="in use by process"), new_run(folder, recipe, ALONE):
            pass
    before = tree(folder)
    with pytest.raises(ZeroDivisionError), old_run(folder, ALONE):
        raise ZeroDivisionError
    assert tree(folder) == before


def test_what_cannot_be_written_says_what_stands_and_one_thing_to_type(tmp_path, recipe):
    fault = WriteError("cannot write x: No space left on device", "space", "free space")
    with pytest.raises(WriteError, match="nothing was left behind: free space, then give the same command"):
        fail(fault, tmp_path / "run", recipe)
    with pytest.raises(WriteError, match=r"generator-best is whole and stays.*start again with another --out"):
        fail(fault, tmp_path / "best", recipe, "generator-best/config.json")
    run = tmp_path / "a run"
    with pytest.raises(WriteError, match=f"step-000000008 is whole: free space, then type .* --resume '{run}'"):
        fail(fault, run, recipe, "checkpoints/step-000000008/state.json")
    with pytest.raises(WriteError, match="step-000000008 is whole"), old_run(run, ALONE):
        raise fault


def test_what_may_not_be_written_asks_for_the_right_and_not_for_space(tmp_path, recipe):
    with pytest.raises(WriteError) as caught, writing(tmp_path / "x"):
        raise PermissionError(errno.EACCES, "Permission denied")
    assert (caught.value.expected, caught.value.fix) == unwritten(caught.value.__cause__)
    run = tmp_path / "run"
    with pytest.raises(WriteError, match="whole: give yourself the right to write there, then type") as of_run:
        fail(caught.value, run, recipe, "checkpoints/step-000000008/state.json")
    assert "space" not in str(of_run.value)


def test_an_interruption_says_whether_the_run_can_go_on(tmp_path, recipe):
    with pytest.raises(Interrupted) as caught:
        fail(Interrupted(15), tmp_path / "run", recipe)
    assert (caught.value.signal, caught.value.folder) == (15, None)
    with pytest.raises(Interrupted) as caught:
        fail(KeyboardInterrupt, tmp_path / "run", recipe, "checkpoints/step-000000008/state.json")
    assert (caught.value.signal, caught.value.folder) == (2, tmp_path / "run")


def test_things_in_the_way_are_one_clear_error(tmp_path, recipe):
    put(tmp_path, "file")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "real").mkdir()
    (tmp_path / "to-real").symlink_to(tmp_path / "real")
    for where, words in [("file", "is a file"), ("file/run", "cannot write"), ("link", "is a file")]:
        with pytest.raises(RunError, match=words), new_run(tmp_path / where, recipe, ALONE):
            pass
    with new_run(tmp_path / "to-real", recipe, ALONE):
        assert os.listdir(tmp_path / "real")
    assert (tmp_path / "to-real").is_symlink()


@pytest.mark.parametrize("name", ["run.json", "verdict.json", "report.html", "budget.json"])
def test_a_folder_with_the_name_of_a_file_is_refused_before_anything_is_trained(tmp_path, name):
    put(tmp_path, "recipe.toml")
    (tmp_path / name).mkdir()
    with pytest.raises(RunError, match=rf"{name} is a folder; .*mv .*{name}.old"), old_run(tmp_path, ALONE):
        pytest.fail("the block was entered")
    (tmp_path / name).rmdir()
    with old_run(tmp_path, ALONE):
        pass

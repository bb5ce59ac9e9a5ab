"""Whatever goes wrong inside, people get one line and a file."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RAISED = {
    "bug": "raise TypeError('wrong\\nway \\x1b[31m')",
    "mute": "raise Mute",
    "deep": "deep()",
    "memory": "raise MemoryError",
    "torch-memory": "__import__('torch').empty(2**60)",
    "unicode": "'\\udcff'.encode()",
    "import": "import no_such_module_at_all",
    "base": "raise BaseException('odd')",
    "generator-exit": "raise GeneratorExit",
    "group": "raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])",
}

PROGRAM = """
import sys
sys.argv = ["multigan", *{arguments!r}]
import multigan.recipe.recipe

class Mute(Exception):
    def __str__(self):
        raise ValueError("no words")

def deep():
    deep()

def broken(*given, **options):
    {statement}

multigan.recipe.recipe.load_recipe = multigan.recipe.recipe.recipe_names = broken
from multigan.cli import main
main()
"""


def broken_verb(statement, *arguments, cwd, env=None):
    """`multigan recipes show x` with a fault inside it."""
    program = PROGRAM.format(statement=statement, arguments=[*map(str, arguments)] or ["recipes", "show", "x"])
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MULTIGAN_CACHE": str(cwd / "cache"), **(env or {})},
        check=False,
        timeout=120,
    )


def only_fault(folder):
    (path,) = folder.glob("fault-*.txt")
    return path


@pytest.mark.parametrize("name", RAISED)
def test_one_line_a_file_and_exit_code_one(tmp_path, name):
    done = broken_verb(RAISED[name], cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    path = only_fault(tmp_path / "cache" / "faults")
    assert line.startswith("multigan: ")
    assert str(path) in line
    assert "\x1b" not in line
    assert ("the memory is full" in line) == ("memory" in name)
    text = path.read_text()
    assert "Traceback (most recent call last)" in text
    assert "in broken" in text
    assert "command: multigan recipes show x" in text
    assert f"Python {sys.version.split()[0]}" in text
    assert "torch 2" in text


def test_the_file_lies_in_the_run_that_was_named(tmp_path, run):
    folder = shutil.copytree(run, tmp_path / "run")
    for words in (["train", "--resume", folder], ["train", f"--resume={folder}"], ["doctor", folder]):
        done = broken_verb("raise TypeError('wrong')", *words, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        path = only_fault(folder)
        assert str(path) in done.stderr
        path.unlink()


def test_where_the_cache_cannot_be_made_the_file_is_temporary(tmp_path):
    (tmp_path / "taken").write_text("")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"MULTIGAN_CACHE": str(tmp_path / "taken" / "cache"), "TMPDIR": str(temporary)}
    done = broken_verb("raise TypeError('wrong')", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert str(only_fault(temporary)) in done.stderr


def test_without_any_place_for_the_file_the_line_is_said(tmp_path):
    program = textwrap.dedent("""
        import multigan.cli.faults as faults
        faults._folders = lambda arguments: iter(())
        raise SystemExit(faults.fault(TypeError("wrong"), ["x"]))
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("multigan: this is a fault in MultiGAN or a plugin: TypeError: wrong")
    assert "nowhere" in done.stderr


def test_the_handler_itself_never_raises(tmp_path):
    program = textwrap.dedent("""
        import multigan.cli.faults as faults
        faults.record = None
        raise SystemExit(faults.fault(TypeError("wrong"), ["x"]))
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_threads_and_objects_that_are_cleared_away_show_no_traceback(tmp_path):
    statement = (
        "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join(); "
        "K = type('K', (), {'__del__': lambda self: {}['gone']}); k = K(); del k; return ['x']"
    )
    done = broken_verb(statement, "recipes", "ls", cwd=tmp_path)
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError" in done.stderr
    texts = [path.read_text() for path in (tmp_path / "cache" / "faults").glob("fault-*.txt")]
    assert any("ZeroDivisionError" in text for text in texts)


def test_python_callers_get_the_error_itself():
    from multigan.recipe.recipe import load_recipe

    with pytest.raises(TypeError):
        load_recipe("points/ring", 3)


def test_every_process_of_a_launcher_says_one_line(tmp_path):
    plugin = tmp_path / "odd.py"
    plugin.write_text("def mine(D, real, fake, cond, draw):\n    raise TypeError('wrong way')\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "multigan"),
            *("train", "points/ring", "--out", str(tmp_path / "run"), "--set", "game.penalties=[{name='mine'}]"),
            *("--set", "train.samples=640"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
            "MULTIGAN_PLUGINS": "multigan.penalties:mine=odd:mine",
            "MULTIGAN_CACHE": str(tmp_path / "cache"),
        },
    )
    assert done.returncode == 1
    ours = [line for line in done.stderr.splitlines() if line.startswith("multigan: ")]
    assert ours
    assert all("TypeError: wrong way" in line for line in ours)
    # The launcher, which may live below ROOT, has a traceback of its own.
    assert f'File "{ROOT / "multigan"}' not in done.stderr
    texts = [path.read_text() for path in (tmp_path / "cache" / "faults").glob("*.txt")]
    assert len(texts) == len(ours)
    assert all("wrong way" in text and "of 2" in text for text in texts)

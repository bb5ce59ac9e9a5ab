"""Every command of the README runs as it is printed, in its order, in a copy of the project.

Only two things are not as printed: what installs is held to its form and not run (`.venv/bin` stands for what it
makes), and the default tier shortens whatever trains; `-m slow` trains at full length.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INSTALL = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install -q (\.|'\.\[test\]') && (\.venv/bin/.+)")
EXTRAS = re.compile(r"pip install -q '\.\[[a-z,]+\]'")
TRAINS = re.compile(r"multigan (train|bench modes)\b(?!.* --resume)")
SHORT = "--set train.samples=128 --set train.batch=32 --set train.sheets=1"
HANDED_OUT = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "mkdocs.yml",
    "pyproject.toml",
    "benchmarks",
    "docs",
    "examples",
    "multigan",
    "recipes",
    "tests",
]


def lines_of(text):
    """Lines of shell in the fenced blocks of a page, without comments, in order."""
    blocks = [body for language, body in FENCE.findall(text) if language in ("", "sh", "bash", "console")]
    lines = [line for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    shell = [" ".join(line.split("  #")[0].split()) for line in lines]
    return [line for line in shell if re.match(r"(\.venv/bin/|\. |multigan |torchrun |pip |python3? )", line)]


LINES = lines_of((ROOT / "README.md").read_text(encoding="utf-8"))
RUN = [line for line in LINES if not EXTRAS.fullmatch(line)]


def make_clone(folder, root=ROOT):
    """A copy of the project as it is handed out, with a reader's files in it and what an install would have made."""
    folder.mkdir()
    for name in HANDED_OUT:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, folder / name)
    bin_folder = folder / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "activate").write_text(f'PATH="{bin_folder}:$PATH"\n')
    for name, module in {"multigan": "multigan", "torchrun": "torch.distributed.run"}.items():
        (bin_folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        (bin_folder / name).chmod(0o755)
    _give_files(folder)
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return make_clone(tmp_path_factory.mktemp("readme") / "clone")


@pytest.fixture(scope="module")
def clone_at_length(tmp_path_factory):
    return make_clone(tmp_path_factory.mktemp("readme-at-length") / "clone")


def _give_files(folder):
    rng = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / "my-photos" / name).mkdir(parents=True)
        for number in range(50):
            pixels = rng.integers(0, 255, (20, 24, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / "my-photos" / name / f"{number}.png")
    for number in range(40):
        pixels = rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)
        for side, kept in (("input", pixels // 64 * 64), ("target", pixels)):
            (folder / "my-pairs" / side).mkdir(parents=True, exist_ok=True)
            Image.fromarray(kept).save(folder / "my-pairs" / side / f"{number}.png")
    words = ["the", "moon", "sea", "a", "stone", "some", "light", "we", "go", "you", "stay"]
    poems = [" ".join(rng.choice(words, 5)) for _ in range(200)]
    (folder / "my-poems.txt").write_text("\n".join(poems) + "\n")
    (folder / "my-samples").mkdir()
    for number in range(40):
        soundfile.write(folder / "my-samples" / f"{number}.wav", rng.normal(0, 0.1, 8000).astype("float32"), 16_000)


def shortened(line):
    """The line with the length of what trains set down; nothing else of it changes."""
    if "--minutes" in line:
        return re.sub(r"--minutes \d+", "--minutes 0.4", line)
    if not TRAINS.search(line):
        return line
    return f"{line} {SHORT}{' --set phases=[]' if 'poems' in line else ''}"


def call(clone, line):
    """One line in a shell in which those before it were typed, as arguments of `subprocess`."""
    script = line if line.startswith(".venv/") else f". .venv/bin/activate && {line}"
    own = {"PYTHONPATH": str(ROOT), "MULTIGAN_CACHE": str(clone / ".cache"), "OMP_NUM_THREADS": "1"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MULTIGAN")}
    environment = {**clean, **own, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    return ["bash", "-c", script], {"cwd": clone, "env": environment, "text": True}


def run(clone, printed, how):
    line = how(printed)
    if printed.startswith("python3 -m venv"):
        line = how(INSTALL.fullmatch(printed)[2])
    if "-m pytest" in line:
        return  # this very suite
    if " demo " in line:
        _demo(clone, line)
        return
    command, options = call(clone, line)
    done = subprocess.run(command, **options, capture_output=True, timeout=3600, check=False)
    allowed = (0, 1) if " doctor my-" in line else (0,)  # 1 = warnings: the files of this test are few and poor
    assert done.returncode in allowed, f"{line}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
    assert "Traceback" not in done.stderr


def _demo(clone, line):
    """It serves until it is stopped: here as soon as it says where."""
    command, options = call(clone, line.replace("multigan demo", "exec multigan demo"))
    with subprocess.Popen(command, **options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as going:
        said = ""
        for told in going.stdout:
            said += told
            if "http://127.0.0.1" in told:
                break
        going.terminate()
    assert "http://127.0.0.1" in said, said


def test_the_lines_are_found():
    assert len(LINES) > 25
    assert lines_of("```\nmultigan a b   # why\nx = 1\n```\n```python\nmultigan c\n```\n") == ["multigan a b"]


def test_there_are_two_commands_for_a_machine_with_nothing():
    made = [INSTALL.fullmatch(line) for line in LINES if "venv" in line and "pip" in line]
    assert [found[1] for found in made] == [".", "'.[test]'"]


def test_the_command_is_on_the_path_before_it_is_used_by_its_name():
    first = next(k for k, line in enumerate(LINES) if line.startswith("multigan "))
    assert ". .venv/bin/activate" in LINES[:first]


def test_what_the_first_commands_left_in_the_checkout_is_not_copied(tmp_path):
    used = tmp_path / "used"
    for name in HANDED_OUT:
        (used / name).mkdir(parents=True)
    for left in ("drawn", "runs/digits", "my-photos/cats", "my-pairs/input"):
        (used / left).mkdir(parents=True)
        (used / left / "0.png").touch()
    clone = make_clone(tmp_path / "clone", used)
    assert not (clone / "drawn").exists()
    assert not (clone / "runs").exists()
    assert len(list((clone / "my-photos" / "cats").iterdir())) == 50


def test_what_is_handed_out_is_what_is_tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("the project was not cloned")
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = {line.split("/")[0] for line in told.splitlines()}
    assert {name for name in tracked if not name.startswith(".")} == set(HANDED_OUT)


@pytest.mark.parametrize("line", RUN)
def test_a_command_runs_as_printed(clone, line):
    run(clone, line, shortened)


def test_the_working_folder_holds_what_was_asked_for_and_no_more(clone):
    made = {path.name for path in clone.iterdir()} - set(HANDED_OUT)
    asked = {word.split("/")[0] for line in RUN for word in shlex.split(line)}
    assert made - asked - {".venv"} == {".cache"}


@pytest.mark.slow
@pytest.mark.parametrize("line", RUN)
def test_a_command_runs_at_full_length(clone_at_length, line):
    run(clone_at_length, line, lambda printed: printed)

"""The command line as a user meets it: real processes, exit codes, no tracebacks."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 240  # that a command may take
SHORT = ["--set", "train.samples=2000", "--set", "train.batch=100", "--set", "train.sheets=1"]


@pytest.fixture(scope="session")
def multigan():
    """`multigan(*arguments, cwd=..., env=...)` runs the command and refuses tracebacks."""
    warm = runpy.run_path(str(Path(__file__).with_name("warm.py")))["Warm"](SECONDS)

    def call(*arguments, cwd=None, env=None):
        words, variables = [str(word) for word in arguments], {**os.environ, **(env or {})}
        if warm.takes(variables):
            done = warm.call(words, cwd, variables)
        else:
            command, whole = [sys.executable, "-m", "multigan", *words], {"capture_output": True, "text": True}
            done = subprocess.run(command, **whole, cwd=cwd, env=variables, timeout=SECONDS, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    yield call
    warm.close()


@pytest.fixture(scope="session")
def told_best():
    """`told_best(run)`: what verbs say of the best generator of a run, where it is not the last one too."""

    def line(folder):
        best, last = (
            json.loads((folder / name / "config.json").read_text())["weights_sha256"]
            for name in ("generator-best", "generator")
        )
        return "" if best == last else f"using the best generator of {folder}; for the last one type --which last\n"

    return line


@pytest.fixture(scope="session")
def run(multigan, tmp_path_factory):
    """A trained ring."""
    folder = tmp_path_factory.mktemp("cli") / "ring"
    done = multigan("train", "points/ring", "--out", folder, *SHORT)
    assert done.returncode == 0, done.stderr
    assert f"multigan generate {folder}" in done.stderr
    return folder

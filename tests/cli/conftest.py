"""The command line as a user meets it: real processes, exit codes, no tracebacks."""

import os
import subprocess
import sys

import pytest

SHORT = ["--set", "train.samples=2000", "--set", "train.batch=100", "--set", "train.sheets=1"]


def call(*arguments, cwd=None, env=None):
    done = subprocess.run(
        [sys.executable, "-m", "multigan", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=240,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="session")
def multigan():
    """`multigan(*arguments, cwd=..., env=...)` runs the command and refuses tracebacks."""
    return call


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A trained ring."""
    folder = tmp_path_factory.mktemp("cli") / "ring"
    done = call("train", "points/ring", "--out", folder, *SHORT)
    assert done.returncode == 0, done.stderr
    assert f"multigan generate {folder}" in done.stderr
    return folder

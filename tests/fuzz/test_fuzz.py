"""Damaged and hostile files: each is read or refused in words; none ends in a traceback, hangs or fills memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CASES = {
    "image": 450,
    "audio": 350,
    "text": 450,
    "idx": 200,
    "config": 250,
    "state": 120,
    "recipe": 200,
    "overrides": 200,
    "label": 200,
}
LONGEST_S = 300


def run(kind, first, count):
    command = [sys.executable, str(HERE / "worker.py"), kind, str(first), str(count)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, f"the worker died: {done.stderr[-2000:]}"
    return json.loads(done.stdout.splitlines()[-1])


def test_there_are_enough_cases():
    assert sum(CASES.values()) >= 2000


@pytest.mark.parametrize("kind", CASES)
def test_no_damage_ends_in_a_traceback(kind):
    seen = run(kind, 0, CASES[kind])
    assert seen["faults"] == []
    # Damage that is always refused, or never, would test nothing.
    assert seen["read"] > CASES[kind] // 50
    assert seen["refused"] > 0

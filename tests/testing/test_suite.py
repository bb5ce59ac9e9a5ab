"""The pytest class: one test a check, run by pytest itself in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import multigan
from multigan.testing import CHECKS, ModalityTests

WANTED = "render or round_trip or contract"
ROOT = Path(multigan.__file__).parent.parent
TESTS = """
import torch
from multigan.plugins.points import PointsModality
from multigan.testing import ModalityTests

class Lossy(PointsModality):
    def render(self, fake, spec):
        return fake.round().tolist()[1:]

class TestPoints(ModalityTests):
    modality = "points"

class TestLossy(ModalityTests):
    modality = Lossy()
    expected_failures = {"round-trip": "points are rounded"}
"""


def test_one_test_a_check():
    names = {name.removeprefix("test_").replace("_", "-") for name in dir(ModalityTests) if name.startswith("test_")}
    assert names == set(CHECKS)


def test_pytest_shows_failures_by_name_and_declared_ones_as_xfailed(tmp_path):
    (tmp_path / "test_mine.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py", "-k", WANTED]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert re.search(r"TestLossy.test_render _+\n.*7 samples of 8 fakes", done.stdout), done.stdout
    assert "TestPoints::test" not in done.stdout
    assert "1 xfailed" in done.stdout

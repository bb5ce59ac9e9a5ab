"""The packages in `examples/`: small adapters, no part of the engine edited, and their conformance.

Their own tests run in processes of their own, as a user would run them; here each is only tried out quickly. A package
that is installed is tried out as it is installed, by its entry points; else its files.
"""

import ast
import os
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = sorted(path.parent for path in (ROOT / "examples").glob("*/pyproject.toml"))
NEEDS = {"molecules": "rdkit", "series": "matplotlib"}
INSTALLED = {one.name for one in distributions()}
LONGEST = 150


def source_of(package):
    return package / "src" / f"multigan_{package.name}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_adapter_is_short_and_leans_on_public_modules_only(package):
    adapter = (source_of(package) / "__init__.py").read_text()
    assert adapter.count("\n") <= LONGEST
    for path in source_of(package).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith(("multigan.engine", "multigan.build", "multigan.cli")) for name in names), (
                path
            )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_package_is_whole(package):
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert (package / project["readme"]).is_file()
    assert project["entry-points"]["multigan.modalities"] == {package.name: f"multigan_{package.name}:modality"}


def run(package, *arguments):
    if package.name in NEEDS:
        pytest.importorskip(NEEDS[package.name], reason=f"pip install {NEEDS[package.name]}")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    if f"multigan-{package.name}" in INSTALLED:
        command += ["-o", "pythonpath="]  # not the files in src
    return subprocess.run(command, cwd=package, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_package_keeps_the_contract(package):
    done = run(package, "-k", "contract or round_trip or to_real or save_load or hand or scores")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_all_tests_of_the_package_pass(package):
    done = run(package)
    assert done.returncode == 0, done.stdout + done.stderr

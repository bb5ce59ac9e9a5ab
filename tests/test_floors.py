"""The law of the house: imports go down its floors, every room stands on one, and there is no circle."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "multigan"


@pytest.fixture(scope="module")
def house():
    spec = importlib.util.spec_from_file_location("house", ROOT / "benchmarks" / "house.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def arrows(house):
    return house.arrows_of(PACKAGE)


def test_every_room_stands_on_one_floor(house):
    rooms = {house.room_of(path, PACKAGE) for path in PACKAGE.rglob("*.py")}
    placed = [room for floor in house.FLOORS for room in floor]
    assert sorted(rooms) == sorted(placed)


def test_imports_go_down(house, arrows):
    assert [f"{one.file}:{one.line} {one.start} -> {one.end}" for one in house.climbs_of(arrows)] == []


def test_there_is_no_circle(house, arrows):
    assert house.circles_of(arrows) == []


def test_plugins_import_no_other_plugin():
    strays = []
    for path in sorted((PACKAGE / "plugins").glob("*/*.py")):
        own = f"multigan.plugins.{path.parent.name}"
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("multigan.plugins."):
                other = (PACKAGE / Path(*node.module.split(".")[1:3])).is_dir() and not node.module.startswith(own)
                strays += [f"{path}:{node.lineno}"] if other else []
    assert strays == []


@pytest.mark.parametrize(
    "climb", ["from multigan import cli", "from multigan.training import train", "import multigan.cli"]
)
def test_a_climb_is_found_wherever_it_stands(house, tmp_path, climb):
    for room in ("core", "cli"):
        (tmp_path / "multigan" / room).mkdir(parents=True)
    (tmp_path / "multigan" / "training.py").write_text("")
    (tmp_path / "multigan" / "cli" / "lines.py").write_text("from multigan.core import words\n")
    (tmp_path / "multigan" / "core" / "words.py").write_text(f"def late():\n    {climb}\n")
    found = house.arrows_of(tmp_path / "multigan")
    assert [(one.file, one.line) for one in house.climbs_of(found)] == [("core/words.py", 2)]
    assert house.circles_of(found) == ([] if "training" in climb else [("cli", "core")])


def test_the_plan_can_be_printed():
    command = [sys.executable, str(ROOT / "benchmarks" / "house.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "climbs             0\n" in done.stdout


def test_a_generator_is_loaded_without_what_trains_it():
    """Floors allow it to know the engine; whoever uses a generator should not wait for that."""
    names = "{name.split('.')[1] for name in sys.modules if name.startswith('multigan.')}"
    code = f"import sys, multigan.generator.generator; print(*{names})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"engine", "games", "losses", "training", "cli", "doctor"} & set(done.stdout.split())

"""Documentation that is checked: names, errors, files and snippets."""

import re
from pathlib import Path

import pytest

from multigan.core import errors
from multigan.recipe.recipe import find_recipe

ROOT = Path(__file__).parent.parent


def test_every_error_has_a_place_in_the_docs():
    text = (ROOT / "docs" / "errors.md").read_text()
    missing = [name for name in errors.__all__ if name.endswith("Error") and f"`{name}`" not in text]
    assert missing == []


@pytest.mark.parametrize("page", ["README.md", "docs/tour.md", "CONTRIBUTING.md"])
def test_files_that_are_named_exist(page):
    text = (ROOT / page).read_text()
    named = re.findall(r"`((?:multigan|docs|tests|benchmarks|recipes)/[\w/.-]*)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_recipes_in_the_readme_exist():
    for name in re.findall(r"`((?:image|text|audio|points)/[a-z-]+)`", (ROOT / "README.md").read_text()):
        assert find_recipe(name).is_file()


def test_the_readme_has_its_two_commands():
    text = (ROOT / "README.md").read_text()
    assert "<!-- test command -->" in text
    assert "multigan train image/digits" in text


def test_nothing_speaks_of_machines_or_their_paths():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "multigan").rglob("*.py")]
    for page in pages:
        assert not re.search(r"/root/|/work/|/home/\w+/", page.read_text()), page


def test_snippets_in_the_readme_are_python():
    for snippet in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL):
        compile(snippet, "README.md", "exec")


def test_the_tour_matches_the_tree():
    """Every room of the package is on the tour, and every file that the tour names by its bare name exists."""
    text = (ROOT / "docs" / "tour.md").read_text()
    rooms = [path for path in (ROOT / "multigan").iterdir() if not path.name.startswith("_")]
    missing = [path.name for path in rooms if not re.search(rf"\b{re.escape(path.stem)}\b", text)]
    assert missing == []
    files = {path.name for path in (ROOT / "multigan").rglob("*.py")}
    assert [name for name in re.findall(r"`(\w+\.py)`", text) if name not in files] == []


def test_every_check_of_the_kit_is_in_its_page_with_what_it_catches():
    from multigan.testing import CHECKS

    text = (ROOT / "docs" / "conformance.md").read_text()
    for name, check in CHECKS.items():
        assert f"| `{name}` | {check.__doc__.strip()}" in text, name


def test_the_mutants_of_the_kit_are_in_its_page():
    text, tests = (
        (ROOT / "docs" / "conformance.md").read_text(),
        (ROOT / "tests" / "testing" / "test_kit.py").read_text(),
    )
    table = tests[tests.index("MUTANTS = {") : tests.index("\ndef mutant")]
    names = re.findall(r'^    "([^"]+)": \(', table, re.MULTILINE)
    assert len(names) >= 20
    assert [name for name in names if name not in text] == []

"""The documentation site: every page has a place, every public name an entry, and it builds without a warning."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

import multigan

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONFIG = (ROOT / "mkdocs.yml").read_text()
PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def hook():
    spec = importlib.util.spec_from_file_location("awaited", DOCS / "awaited.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nav_pages():
    nav = CONFIG.split("\nnav:\n")[1].split("\nextra:")[0]
    return re.findall(r"^ +- .+?: (\S+\.md)$", nav, re.MULTILINE)


def awaited():
    return re.search(r"awaited: \[(.*)\]", CONFIG)[1].split(", ")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_place(page):
    assert page in nav_pages(), f"add '- Title: {page}' to a section of nav in mkdocs.yml"


def test_every_place_has_a_page():
    assert [page for page in nav_pages() if page not in PAGES and page not in awaited()] == []
    assert [page for page in awaited() if page not in nav_pages()] == []


def test_no_page_has_two_places():
    assert len(set(nav_pages())) == len(nav_pages())


def test_awaited_pages_are_left_out_until_they_are_there(tmp_path):
    class Config:
        docs_dir = str(tmp_path)
        extra: ClassVar = {"awaited": ["a.md", "b.md"]}
        nav: ClassVar = [{"A": "a.md"}, {"More": [{"B": "b.md"}]}, {"C": [{"D": "d.md"}, "e.md"]}]

    (tmp_path / "a.md").touch()
    # d.md and e.md are missing too, and stay: only what is awaited is left out.
    assert hook().on_config(Config()).nav == [{"A": "a.md"}, {"C": [{"D": "d.md"}, "e.md"]}]


@pytest.mark.parametrize("name", multigan.__all__)
def test_every_public_name_has_an_entry(name):
    entries = re.findall(r"^::: (\S+)$", (DOCS / "api.md").read_text(), re.MULTILINE)
    assert f"multigan.{name}" in entries, f"add '::: multigan.{name}' to docs/api.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed: pip install '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_it_builds_and_every_page_is_in_it(site):
    assert [page for page in PAGES if not (site / page).with_suffix(".html").is_file()] == []


def test_every_public_name_is_rendered(site):
    html = (site / "api.html").read_text()
    assert [name for name in multigan.__all__ if f'id="multigan.{name}"' not in html] == []


def test_no_request_goes_elsewhere(site):
    loads = r"<(?:script|img|iframe|source)[^>]*src=[\"']?(?:https?:)?//[^\"'> ]+|<link[^>]*href=[\"']?(?:https?:)?//[^\"'> ]+"
    assert {found for page in site.rglob("*.html") for found in re.findall(loads, page.read_text())} == set()
    styles = [sheet.read_text() for sheet in site.rglob("*.css")]
    assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", "".join(styles))


def test_a_table_is_a_table(site):
    # A pipe inside a code span splits a cell: all rows of a table must have as many cells as its head.
    for page in site.rglob("*.html"):
        for table in re.findall(r"<table>.*?</table>", page.read_text(), re.DOTALL):
            assert "<thead>" in table, page

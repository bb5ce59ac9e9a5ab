"""The documentation site: every page has a place, every public name an entry, and it builds without a warning."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

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
    nav = [{"A": "a.md"}, {"More": [{"B": "b.md"}]}, {"C": [{"D": "d.md"}, "e.md"]}]
    config = SimpleNamespace(docs_dir=str(tmp_path), extra={"awaited": ["a.md", "b.md"]}, nav=nav)
    (tmp_path / "a.md").touch()
    # d.md and e.md are missing too, and stay: only what is awaited is left out.
    assert hook().on_config(config).nav == [{"A": "a.md"}, {"C": [{"D": "d.md"}, "e.md"]}]


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
    loads = r"<(?:(?:script|img|iframe|source)[^>]*src|link[^>]*href)=[\"']?(?:https?:)?//[^\"'> ]+"
    assert {found for page in site.rglob("*.html") for found in re.findall(loads, page.read_text())} == set()
    styles = [sheet.read_text() for sheet in site.rglob("*.css")]
    assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", "".join(styles))


def source_of(page):
    """A page without its fenced blocks, code spans and comments."""
    text = re.sub(r"^```.*?^```$|<!--.*?-->", "", (DOCS / page).read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "code", text)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "api.md"])
def test_every_table_is_drawn_as_one(site, page):
    heads = re.findall(r"^\|(?=.*-)[-:| ]+\|$", source_of(page), re.MULTILINE)
    assert (site / page).with_suffix(".html").read_text().count("<table>") == len(heads)


@pytest.mark.parametrize("page", PAGES)
def test_rows_of_a_table_have_as_many_cells_as_its_head(page):
    # Cells beyond those of the head are dropped without a word.
    for table in re.findall(r"(?:^\|.*\|$\n?)+", source_of(page), re.MULTILINE):
        rows = [row.replace("\\|", "") for row in table.splitlines()]
        assert {row.count("|") for row in rows} == {rows[0].count("|")}, rows[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_list_begins_after_an_empty_line(page):
    # Else Markdown, unlike GitHub, makes one paragraph of it.
    lines = source_of(page).splitlines()
    item = re.compile(r"(?:[-*]|\d{1,2}\.) ")
    glued = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if item.match(line) and before.strip() and not item.match(before) and not before.startswith(" ")
    ]
    assert glued == []

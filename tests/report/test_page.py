import pytest

from multigan.core.errors import RunError
from multigan.core.html import Html, tag
from multigan.report.page import Section, page, write_page


def test_a_page_has_a_policy_that_forbids_everything_from_outside():
    html = page("<t>", tag("h1", "x"), [Section("a", "A & B", Html("<p>body</p>"))], Html("foot"))
    assert "default-src 'none'" in html
    assert "<title>&lt;t&gt;</title>" in html
    assert 'href="#a"' in html
    assert 'id="a"' in html
    assert "A &amp; B" in html


def test_names_that_are_no_utf8_are_written_as_escapes(tmp_path):
    path = write_page(tmp_path / "p.html", "odd \udcff name")
    assert path.read_text(encoding="utf-8") == "odd \\udcff name"
    assert [p.name for p in tmp_path.iterdir()] == ["p.html"]


def test_a_folder_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(RunError, match="cannot write"):
        write_page(tmp_path / "none" / "p.html", "x")

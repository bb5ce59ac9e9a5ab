"""The frame of a page: one file without scripts that asks nothing of any network."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.html import Html, tag
from multigan.files.keeping import write_whole
from multigan.report.style import CSS

__all__ = ["Section", "page", "write_page"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; base-uri 'none'"


class Section(NamedTuple):
    """A part of a page.

    Attributes:
        slug: its address within the page.
        title: its heading.
        body: HTML.
    """

    slug: str
    title: str
    body: Html


def page(title: str, head: Html, sections: Sequence[Section], foot: Html) -> str:
    """A whole HTML document.

    Args:
        title: of the window.
        head: everything above the sections.
        sections: in order; each gets an entry in the list of contents.
        foot: below.
    """
    links = [tag("li", tag("a", section.title, href=f"#{section.slug}")) for section in sections]
    parts = [
        tag("section", tag("h2", s.title, id=f"{s.slug}-title"), s.body, id=s.slug, aria_labelledby=f"{s.slug}-title")
        for s in sections
    ]
    body = tag(
        "body",
        tag("a.skip", "Skip to the contents", href="#contents"),
        tag("header", head, tag("nav", tag("ul", *links), aria_label="contents")),
        tag("main", *parts, id="contents"),
        tag("footer", foot),
    )
    top = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Html(CSS)),
    )
    return f"<!doctype html>\n{tag('html', top, body, lang='en')}\n"


def write_page(path: Path, html: str) -> Path:
    """Write it whole or not at all; what is no UTF-8 (odd file names) is written as escapes.

    Raises:
        WriteError: it cannot be written.
    """
    write_whole(path, lambda to: to.write_bytes(html.encode("utf-8", "backslashreplace")))
    return path

"""A hook of mkdocs: places in the navigation for pages that are still to be written.

`extra.awaited` in mkdocs.yml lists them. A page of that list which does not exist is left out of the navigation; any
other missing page stays the error that `mkdocs build --strict` makes of it.
"""

from pathlib import Path
from typing import Any

__all__ = ["on_config", "without"]


def on_config(config: Any) -> Any:
    """Called by mkdocs before it reads the pages."""
    missing = {page for page in config.extra["awaited"] if not (Path(config.docs_dir) / page).is_file()}
    config.nav = without(config.nav, missing)
    return config


def without(nav: Any, pages: set[str]) -> Any:
    """A navigation without some pages; the order of the others stays.

    Args:
        nav: a list of `page` and `{title: page or list}`, as in mkdocs.yml.
        pages: what is left out.

    Example:
        >>> without([{"A": "a.md"}, {"More": [{"B": "b.md"}, {"C": "c.md"}]}], {"b.md"})
        [{'A': 'a.md'}, {'More': [{'C': 'c.md'}]}]
    """
    if isinstance(nav, list):
        kept = [without(entry, pages) for entry in nav]
        return [entry for entry in kept if entry not in (None, {})]
    if isinstance(nav, dict):
        pairs = {title: without(inner, pages) for title, inner in nav.items()}
        return {title: inner for title, inner in pairs.items() if inner not in (None, [])}
    return None if nav in pages else nav

"""BibTeX of the methods that a recipe uses."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from multigan.core.registry import pick

__all__ = ["WORKS", "bibtex", "works"]

WORKS = Path(__file__).with_name("works.bib")
"""Entries with an empty line between them, sorted by key; the keys are those of `cite = [...]` in recipes."""


@cache
def works() -> Mapping[str, str]:
    """Every entry by its key."""
    entries = WORKS.read_text(encoding="utf-8").strip().split("\n\n")
    return {entry[entry.index("{") + 1 : entry.index(",")]: entry for entry in entries}


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX entries, sorted by key.

    Args:
        keys: such as `"goodfellow2014"`.

    Raises:
        UnknownNameError: a key that is not in `works.bib`.

    Example:
        >>> print(bibtex(["lim2017"]))
        @misc{lim2017,
          author = {Lim, Jae Hyun and Ye, Jong Chul},
          title = {{Geometric GAN}},
          howpublished = {arXiv:1705.02894},
          year = {2017},
        }
    """
    return "\n\n".join(pick("work", works(), key) for key in sorted(set(keys)))

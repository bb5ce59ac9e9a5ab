"""Where a key of a recipe was said: a line of a file, or an override; errors about keys are told so here alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from multigan.core.errors import MultiGANError
from multigan.core.later import tell_later
from multigan.core.plain import one_line
from multigan.recipe.lines import line_of

__all__ = ["Key", "Origin", "Said", "Text", "called", "located", "locating", "names_of", "settable", "shown_key"]

Key = Sequence[str | int]
"""Names of tables and keys from the top, and numbers of entries in lists: `("phases", 0, "turns")`."""
FACTS = "run.json"
"""Beside the recipe of a run: it says which version wrote both."""
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Text:
    """A recipe's file as it was read.

    Attributes:
        path: as it was given.
        text: what stands in it.
        table: what tomllib makes of that.
    """

    path: Path
    text: str
    table: Mapping[str, Any]


@dataclass(frozen=True)
class Origin:
    """What a recipe was made of. No part of what it says: all origins are equal.

    Attributes:
        texts: its file, and the one that it extends.
        sets: the key and the words of each override, in order.
        table: all of it put together.
    """

    texts: tuple[Text, ...] = field(default=(), compare=False)
    sets: tuple[tuple[tuple[str | int, ...], str], ...] = field(default=(), compare=False)
    table: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def origin(self) -> "Origin":
        """Itself: what is refused before there is a recipe has been said somewhere as well."""
        return self

    def place(self, key: Key) -> str:
        """`--set KEY=VALUE` where an override gave what stands at `key`, else `FILE:LINE`, else "".

        The line is that of the key, or of the nearest table above it that a file mentions.
        """
        if given := next((words for at, words in reversed(self.sets) if _begins(key, at)), ""):
            return f"--set {given}"
        text = self._holder(key)
        if text is None or _depth(text.table, key) < len(key):
            if given := next((words for at, words in reversed(self.sets) if _begins(at, key)), ""):
                return f"--set {given}"
            if text is None:
                return ""
        line = line_of(text.text, key)
        return f"{text.path}:{line}" if line else str(text.path)

    def _holder(self, key: Key) -> Text | None:
        """The file whose word counts: lists are from one file whole, else the first that goes deepest."""
        names = [part for k, part in enumerate(key) if all(isinstance(above, str) for above in key[: k + 1])]
        return max(self.texts, key=lambda text: _depth(text.table, names), default=None)


class Said(Protocol):
    """Anything that knows where its keys were said."""

    @property
    def origin(self) -> Origin:
        """What it was made of."""
        ...


S = TypeVar("S", bound=Said)


@contextmanager
def locating(recipe: Said) -> Iterator[None]:
    """Errors about a key of the recipe say where it stands; those of a recipe that was read from no file, which.

    Of the recipe of a run that a later version wrote, they say that it did.
    """
    try:
        yield
    except MultiGANError as error:
        if error.key and not error.place:
            place, key = recipe.origin.place(error.key), shown_key(error.key, recipe.origin.table)
            named = key in error.given or place.startswith("--set ")
            error.found_at(": ".join(filter(None, [place, "" if named else key])))
            if recipe.origin.texts and not place.startswith("--set "):
                tell_later(error, recipe.origin.texts[0].path.with_name(FACTS))
        raise


def located(function: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """`locating` for a function whose first argument is the recipe."""

    @wraps(function)
    def wrapped(recipe: S, /, *args: P.args, **options: P.kwargs) -> R:
        with locating(recipe):
            return function(recipe, *args, **options)

    return wrapped


def shown_key(key: Key, table: Any) -> str:
    """A key as `--set` takes it: entries of lists by their names, or by their numbers where that cannot be typed.

    Args:
        key: of the recipe.
        table: the whole recipe.

    Example:
        >>> shown_key(("phases", 0, "lr"), {"phases": [{"name": "warm"}]})
        'phases.warm.lr'
    """
    parts = []
    for k, part in enumerate(key):
        entries, found = table, str(part)
        table = _below(table, part)
        if isinstance(part, int) and isinstance(entries, list | tuple):
            if not isinstance(table, Mapping) and k == len(key) - 1:
                break  # one value of a list, which is set whole
            found = called(names_of(entries), part) if part < len(entries) else found
        parts.append(found)
    return one_line(".".join(parts))


def called(names: Sequence[str], k: int) -> str:
    """How `--set` calls an entry of a list: by its name, or by its number where no or no other name would do."""
    return names[k] if settable(names[k]) and names.count(names[k]) == 1 else str(k)


def names_of(entries: Sequence[Any]) -> list[str]:
    """The name of each entry of a list, "" where it is no table or its name is no text."""
    names = [entry.get("name") if isinstance(entry, Mapping) else "" for entry in entries]
    return [name if isinstance(name, str) else "" for name in names]


def settable(name: str) -> bool:
    """Whether `--set list.NAME.key=value` can name an entry."""
    return bool(name) and not set(name) & set(".=") and name == one_line(name).strip()


def _below(table: Any, part: str | int) -> Any:
    try:
        return table[part]
    except (TypeError, KeyError, IndexError):
        return None


def _depth(table: Any, key: Key) -> int:
    """How many parts of the key there are in the table."""
    for k, part in enumerate(key):
        inside = part in table if isinstance(table, Mapping) else isinstance(table, list) and isinstance(part, int)
        if not inside or (isinstance(part, int) and part >= len(table)):
            return k
        table = table[part]
    return len(key)


def _begins(key: Key, start: Key) -> bool:
    """Whether `key` is `start` or below it."""
    return tuple(key[: len(start)]) == tuple(start)

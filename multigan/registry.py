"""Names to things: one registry class, filled by the package itself and by plugins' entry points."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from multigan.errors import PluginError, UnknownNameError, did_you_mean

__all__ = ["Broken", "Registry"]

T = TypeVar("T")


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be loaded: it is named and skipped, never fatal."""

    name: str
    origin: str
    reason: str


class Registry(Generic[T]):
    """A mapping from names to things, with aliases, lazy built-ins and entry points.

    Args:
        kind: what it holds, in the singular, for messages (`"loss"`).
        group: entry-point group that plugins use (`"multigan.losses"`). The environment variable
            `MULTIGAN_PLUGINS="group:name=module:object,..."` adds plugins that are not installed.
        builtin: name to `"module:attribute"`, imported when first asked for.
        aliases: other names for the same things.
    """

    def __init__(
        self,
        kind: str,
        group: str,
        builtin: Mapping[str, str] | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.kind, self.group = kind, group
        self._targets: dict[str, str] = dict(builtin or {})
        self._loaded: dict[str, T] = {}
        self._points: dict[str, EntryPoint] | None = None
        self.aliases: dict[str, str] = dict(aliases or {})
        self.broken: dict[str, Broken] = {}

    def register(self, name: str, thing: T) -> T:
        """Add `thing` under `name`; a name that is taken is an error."""
        if name in self._targets or name in self._loaded or name in self.aliases:
            raise PluginError(f"{self.kind} '{name}' exists already", "a new name", "rename yours")
        self._loaded[name] = thing
        return thing

    def get(self, name: str) -> T:
        """The thing called `name` (or the alias `name`).

        Raises:
            UnknownNameError: nothing has that name; the message suggests the nearest.
            PluginError: a plugin offers it but does not load.
        """
        name = self.aliases.get(name, name)
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def names(self) -> list[str]:
        """All names, sorted, without aliases and without plugins already known to be broken."""
        known = {*self._targets, *self._loaded, *self._entry_points()}
        return sorted(known - set(self.broken))

    def items(self) -> Iterator[tuple[str, T]]:
        """Load everything that loads; what does not is recorded in `broken` and skipped."""
        for name in self.names():
            try:
                yield name, self.get(name)
            except PluginError:
                continue

    def __contains__(self, name: object) -> bool:
        return name in self.aliases or name in self.names()

    def _load(self, name: str) -> T:
        if name in self._targets:
            module, _, attribute = self._targets[name].partition(":")
            loaded: T = getattr(import_module(module), attribute)
            return loaded
        point = self._entry_points().get(name)
        if point is None:
            hint = did_you_mean(name, [*self.names(), *self.aliases])
            raise UnknownNameError(f"there is no {self.kind} '{name}'", "", hint)
        try:
            thing: T = point.load()
        # A plugin may fail in any way while importing; none may take the host down.
        except (Exception, SystemExit) as error:
            reason = f"{type(error).__name__}: {error}"
            self.broken[name] = Broken(name, point.value, reason)
            raise PluginError(
                f"the plugin for {self.kind} '{name}' ({point.value}) does not load: {reason}",
                "a package that imports",
                "repair or uninstall it",
            ) from error
        return thing

    def _entry_points(self) -> dict[str, EntryPoint]:
        if self._points is None:
            found = [*entry_points(group=self.group), *_development_points(self.group)]
            taken = {*self._targets, *self.aliases}
            for point in found:
                if point.name in taken:
                    self.broken[f"{point.name} ({point.value})"] = Broken(
                        point.name, point.value, "its name belongs to a built-in"
                    )
            self._points = {point.name: point for point in found if point.name not in taken}
        return self._points


def _development_points(group: str) -> list[EntryPoint]:
    """Plugins under development, from MULTIGAN_PLUGINS="multigan.losses:mine=my_module:my_loss,..."."""
    entries = [entry for entry in os.environ.get("MULTIGAN_PLUGINS", "").split(",") if entry.strip()]
    points = []
    for entry in entries:
        where, _, value = entry.strip().partition("=")
        entry_group, _, name = where.rpartition(":")
        if entry_group == group:
            points.append(EntryPoint(name=name, value=value, group=group))
    return points

"""Names to things: one registry class, filled by the package itself and by plugins' entry points."""

import os
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from multigan.core.errors import PluginError, UnknownNameError, did_you_mean
from multigan.core.plain import words_of

__all__ = ["API", "Broken", "Origin", "Registry", "callable_only", "pick", "unread_entries", "within"]

T = TypeVar("T")

API = 2
"""The version of the contract between MultiGAN and its plugins: a plugin says `multigan_api = 2`."""

CHANGES = {
    1: "write own_scores in place of metrics, import multigan.core.errors, multigan.core.draw, "
    "multigan.plugins.adapter and multigan.provenance.labels in place of multigan.errors, .draw, .modality and "
    f".provenance, then say multigan_api = {API}; docs/extend.md has the whole list"
}
"""What the authors of a plugin for an older contract have to do."""

MOVED = {"multigan.errors", "multigan.draw", "multigan.modality", "multigan.recipe", "multigan.provenance"}
"""Where the last contract had names that are elsewhere now."""

PATIENCE_S = 5.0
"""How long a listing of everything waits for one plugin; a plugin that is asked for by its name has all the time."""


@dataclass(frozen=True)
class Origin:
    """Where a thing comes from.

    Attributes:
        target: `"module:attribute"`.
        distribution: the installed package, or "" where it is built in or under development.
        version: of that package, or "".
    """

    target: str
    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        package = f"{self.distribution} {self.version}".strip()
        return f"{package}, {self.target}" if package else self.target


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be loaded: it is named and skipped, never fatal."""

    name: str
    origin: Origin
    reason: str


def callable_only(name: str, thing: object) -> None:
    """The check for registries of functions and builders.

    Raises:
        PluginError: `thing` cannot be called.
    """
    if not callable(thing):
        raise PluginError(f"'{name}' is {type(thing).__name__}", "something that can be called", "name the function")


def pick(kind: str, known: Mapping[str, T], name: str) -> T:
    """The thing called `name` of a closed set, to which no plugin adds and whose order is its own.

    Args:
        kind: what it holds, in the singular, for the message (`"configuration"`).
        known: names to things.
        name: as typed.

    Raises:
        UnknownNameError: nothing has that name; the message suggests the nearest.
    """
    if name not in known:
        raise UnknownNameError(f"there is no {kind} '{name}'", "", did_you_mean(name, known))
    return known[name]


class Registry(Generic[T]):
    """A mapping from names to things, with aliases, lazy built-ins and entry points.

    A plugin that does not import, is of the wrong type, was made for another version of the contract or claims a name
    that is taken is kept in `broken` with the reason; nothing else is disturbed. Of two packages with one name, the
    first in alphabetical order has it; what is under development goes before what is installed.

    Args:
        kind: what it holds, in the singular, for messages (`"loss"`).
        group: entry-point group that plugins use (`"multigan.losses"`). The environment variable
            `MULTIGAN_PLUGINS="group:name=module:object,..."` adds plugins that are not installed.
        builtin: name to `"module:attribute"`, imported when first asked for.
        aliases: other names for the same things.
        check: `check(name, thing)` raises a `PluginError` for a plugin's thing of the wrong kind.
        declares: every plugin must say `multigan_api`; otherwise one that does not is taken for the present version.
    """

    def __init__(
        self,
        kind: str,
        group: str,
        builtin: Mapping[str, str] | None = None,
        aliases: Mapping[str, str] | None = None,
        *,
        check: Callable[[str, object], None] | None = None,
        declares: bool = False,
    ) -> None:
        self.kind, self.group, self.check, self.declares = kind, group, check, declares
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

    @contextmanager
    def lend(self, name: str, thing: T) -> Iterator[T]:
        """For a while, `name` is `thing`, whatever it was before: for checks of things that are not installed."""
        before = self._loaded.get(name)
        self._loaded[name] = thing
        try:
            yield thing
        finally:
            if before is None:
                del self._loaded[name]
            else:
                self._loaded[name] = before

    def get(self, name: str) -> T:
        """The thing called `name` (or the alias `name`).

        Raises:
            UnknownNameError: nothing has that name; the message suggests the nearest.
            PluginError: a plugin offers it but does not load.
        """
        name = self.aliases.get(name, name)
        if name not in self._loaded:
            with redirect_stdout(sys.stderr):  # what a plugin prints while importing is no result of a verb
                self._loaded[name] = self._load(name)
        return self._loaded[name]

    def names(self) -> list[str]:
        """All names, sorted, without aliases and without plugins already known to be broken."""
        known = {*self._targets, *self._loaded, *self._entry_points()}
        return sorted(known - set(self.broken))

    def items(self) -> Iterator[tuple[str, T]]:
        """Load everything that loads; what does not, or not in time, is recorded in `broken` and skipped."""
        for name in self.names():
            if name in self._loaded or name in self._targets:
                yield name, self.get(name)
                continue
            with redirect_stdout(sys.stderr):  # here: in a thread that hangs it would never end
                found = within(PATIENCE_S, lambda name=name: self._found(name))
            if found is None:
                origin = self.origin(name)
                self.broken[name] = Broken(name, origin, f"it did not answer within {PATIENCE_S:g} s while importing")
            for thing in found or ():
                yield name, thing

    def _found(self, name: str) -> tuple[T, ...]:
        try:
            self._loaded[name] = self._load(name)
        except PluginError:
            return ()
        except KeyboardInterrupt as error:  # no key reaches this thread: the plugin raised it
            self.broken[name] = Broken(name, self.origin(name), words_of(error))
            return ()
        return (self._loaded[name],)

    def origin(self, name: str) -> Origin:
        """Where a name leads, without loading it; an empty target for what was registered by hand."""
        name = self.aliases.get(name, name)
        point = self._entry_points().get(name)
        return Origin(self._targets.get(name, "")) if point is None else _origin(point)

    def is_plugin(self, name: str) -> bool:
        """Whether `name` comes from outside this package."""
        return self.aliases.get(name, name) not in self._targets

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
            _check_target(point)
            thing: T = point.load()
            _check_api(thing, sys.modules.get(point.module), required=self.declares)
            if self.check is not None:
                self.check(name, thing)
        except KeyboardInterrupt:
            raise
        # A plugin may fail in any way while importing; none may take the host down.
        except BaseException as error:
            reason = _reason(error)
            self.broken[name] = Broken(name, _origin(point), reason)
            raise PluginError(
                f"the plugin for {self.kind} '{name}' ({_origin(point)}) does not load: {reason}",
                "a package that imports and keeps the contract",
                "repair or uninstall it",
            ) from error
        return thing

    def _entry_points(self) -> dict[str, EntryPoint]:
        if self._points is None:
            self._points = {}
            taken = dict.fromkeys([*self._targets, *self.aliases], "a built-in")
            for point in [*_development_points(self.group), *sorted(_installed(self.group), key=_package)]:
                if point.name in taken:
                    reason = f"its name belongs to {taken[point.name]}"
                    self.broken[f"{point.name} ({_origin(point)})"] = Broken(point.name, _origin(point), reason)
                    continue
                self._points[point.name] = point
                taken[point.name] = str(_origin(point))
        return self._points


def within(seconds: float, call: Callable[[], T]) -> T | None:
    """What `call` returns, or None where that takes longer; it is then left behind in a thread that ends with us.

    Args:
        seconds: how long to wait.
        call: must raise nothing.
    """
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(call()), daemon=True)
    thread.start()
    thread.join(seconds)
    return results[0] if results else None


def _check_target(point: EntryPoint) -> None:
    """Python's own words for an entry without a module or attribute are about its parser."""
    module, _, attribute = point.value.partition(":")
    if not module.strip() or not attribute.strip() or point.pattern.match(point.value) is None:
        raise PluginError(f"its entry leads to '{point.value}'", "module:attribute", "correct the entry point")


def _check_api(thing: object, module: object, *, required: bool) -> None:
    """What a plugin, and the module that it is in, say of the contract that they were made for.

    Both are asked, since an adapter inherits the present version from the base of adapters.
    """
    said = [getattr(one, "multigan_api", None) for one in (module, thing)]
    declared = [one for one in said if one is not None]
    if not declared and required:
        raise PluginError("it does not say which contract it was made for", f"multigan_api = {API}", "add that line")
    for one in declared:
        if one != API:
            fix = CHANGES.get(one) if isinstance(one, int) else None
            raise PluginError(
                f"it was made for multigan_api = {one!r}",
                f"multigan_api = {API}",
                fix or "install a version of the plugin, or of MultiGAN, that fits",
            )


def _reason(error: BaseException) -> str:
    """Why a plugin does not load; where it looks for a module of ours that has moved, with what to change."""
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == __name__.partition(".")[0]:
        return str(_not_ours(error))
    return str(error) if type(error) is PluginError else words_of(error)


def _not_ours(error: ImportError) -> PluginError:
    """For an import from MultiGAN that fails: only what the last contract had there is a sign of its age."""
    if error.name in MOVED:
        given = f"it was made for multigan_api = {API - 1}: {words_of(error)}"
        return PluginError(given, f"multigan_api = {API}", CHANGES[API - 1])
    if isinstance(error, ModuleNotFoundError):
        return PluginError(f"there is no module '{error.name}'", "a module of MultiGAN", "correct the import")
    name = re.search("'([^']+)'", error.msg)  # Python 3.12 has it as an attribute
    given = f"there is no '{name[1]}' in {error.name}" if name else words_of(error)
    return PluginError(given, "a name that it has", "correct the import; docs/api.md has all public names")


def _package(point: EntryPoint) -> tuple[str, str]:
    return (_origin(point).distribution, point.value)


def _origin(point: EntryPoint) -> Origin:
    try:
        name, version = (point.dist.name, point.dist.version) if point.dist is not None else ("", "")
    except Exception:  # damaged metadata
        name = version = ""
    return Origin(point.value, name or "", version or "")


def _installed(group: str) -> list[EntryPoint]:
    try:
        return list(entry_points(group=group))
    # Another package's damaged metadata is no reason to fail: without it there are only the built-ins.
    except Exception:
        return []


def _development_points(group: str) -> list[EntryPoint]:
    """Plugins under development, from MULTIGAN_PLUGINS="multigan.losses:mine=my_module:my_loss,..."."""
    return [EntryPoint(name, value, group) for _, of, name, value in _entries() if of == group and name and value]


def unread_entries(groups: Collection[str]) -> list[str]:
    """Entries of MULTIGAN_PLUGINS that no registry reads, each as it stands there with the reason.

    Args:
        groups: of all registries.
    """
    unread = []
    for entry, group, name, value in _entries():
        if not (group and name and value):
            unread.append(f"'{entry}' is no group:name=module:object")
        elif group not in groups:
            unread.append(f"'{entry}': there is no group '{group}'; {did_you_mean(group, groups)}")
    return unread


def _entries() -> list[tuple[str, str, str, str]]:
    """Entry, group, name and target of each part of MULTIGAN_PLUGINS; empty where it has none."""
    found = []
    for entry in filter(None, map(str.strip, os.environ.get("MULTIGAN_PLUGINS", "").split(","))):
        where, _, value = entry.partition("=")
        group, _, name = where.rpartition(":")
        found.append((entry, group.strip(), name.strip(), value.strip()))
    return found

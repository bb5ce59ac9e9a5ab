"""Whose fault a fault is: the plugin in whose code an error arose, found in the traceback."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple

from multigan.core.registry import Origin, Registry
from multigan.extend.installed import REGISTRIES

__all__ = ["Blame", "blame"]


class Blame(NamedTuple):
    """A plugin and a place in it.

    Attributes:
        kind: key of `REGISTRIES`.
        name: under which it is registered.
        origin: where it comes from.
        place: `"file.py:31"`.
        others: what else lies in the same module, `("penalty 'mine'",)`: then nobody knows which of them it was.
    """

    kind: str
    name: str
    origin: Origin
    place: str
    others: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The plugin, or the package with all that it may have been."""
        if not self.others:
            return f"the {self.called} ({self.origin})"
        package = self.origin.distribution or _package(self.origin.target)
        return f"the package '{package}' ({', '.join([self.called, *self.others])})"

    @property
    def called(self) -> str:
        """Kind and name."""
        return f"{self.kind} '{self.name}'"

    @property
    def target(self) -> str:
        """What `multigan check` takes."""
        return self.origin.distribution or self.name


def blame(error: BaseException) -> Blame | None:
    """The plugin whose code is nearest to where an error arose, or None where no plugin's code is on the way.

    Packages are told apart by their top module, and plugins of one package by the module that they are in, where the
    error arose in one of these. Nothing is imported: a plugin that raised is there already.

    Args:
        error: with its traceback.
    """
    plugins = defaultdict[str, list[Blame]](list)
    for plugin in _plugins():
        plugins[_package(plugin.origin.target)].append(plugin)
    found = None
    for frame in _frames(error.__traceback__):
        module = str(frame.tb_frame.f_globals.get("__name__", ""))
        package = _package(module)
        if package in plugins and package != "multigan":
            near = [one for one in plugins[package] if one.origin.target.partition(":")[0] == module]
            first, *rest = near or plugins[package]
            place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"
            found = first._replace(place=place, others=tuple(one.called for one in rest))
    return found


def _package(target: str) -> str:
    """The top module of `module:attribute`."""
    return target.partition(":")[0].partition(".")[0]


def _plugins() -> Iterator[Blame]:
    for kind, where in REGISTRIES.items():
        module, _, attribute = where.partition(":")
        registry: Registry[object] | None = getattr(sys.modules.get(module), attribute, None)
        for name in registry.names() if registry is not None else ():
            if registry is not None and registry.is_plugin(name):
                yield Blame(kind, name, registry.origin(name), "")


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next

"""Whose fault a fault is: the plugin in whose code an error arose, found in the traceback."""

import sys
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
    """

    kind: str
    name: str
    origin: Origin
    place: str

    @property
    def target(self) -> str:
        """What `multigan check` takes."""
        return self.origin.distribution or self.name


def blame(error: BaseException) -> Blame | None:
    """The plugin whose code is nearest to where an error arose, or None where no plugin's code is on the way.

    Packages are told apart by their top module. Nothing is imported: a plugin that raised is there already.

    Args:
        error: with its traceback.
    """
    plugins = {plugin.origin.target.partition(":")[0].partition(".")[0]: plugin for plugin in _plugins()}
    found = None
    for frame in _frames(error.__traceback__):
        package = str(frame.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in plugins and package != "multigan":
            file = frame.tb_frame.f_code.co_filename
            found = plugins[package]._replace(place=f"{file}:{frame.tb_lineno}")
    return found


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

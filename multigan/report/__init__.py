"""A run as a page that people would rather look at than read; runs beside each other."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multigan.report.compare import Comparison
    from multigan.report.write import write_report

__all__ = ["Comparison", "write_report"]

_HOMES = {"Comparison": "compare", "write_report": "write"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'multigan.report' has no attribute '{name}'")
    return getattr(import_module(f"multigan.report.{_HOMES[name]}"), name)

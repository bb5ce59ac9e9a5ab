"""A run as a page that people would rather look at than read; runs beside each other."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multigan.report.write import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    if name == "write_report":
        from multigan.report.write import write_report

        return write_report
    raise AttributeError(f"module 'multigan.report' has no attribute '{name}'")

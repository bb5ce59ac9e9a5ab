"""The version of this package: one place, imported by all who write it down."""

__all__ = ["__version__"]

__version__ = "0.1.0"

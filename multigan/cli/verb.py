"""What every verb asks of its numbers before it starts."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand

from multigan.recipe.numbers import complaint

__all__ = ["Verb"]


class Verb(TyperCommand):
    """A command whose numbers are finite, and of 64 bits where they are whole; others are refused with exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Look at what was typed, then run the verb."""
        for parameter, value in _given(self, ctx):
            if wanted := complaint(value, value):
                raise typer.BadParameter(f"expected {wanted}", ctx=ctx, param=parameter)
        return super().invoke(ctx)


def _given(command: TyperCommand, ctx: typer.Context) -> Iterator[tuple[Any, Any]]:
    for parameter in command.params:
        value = ctx.params.get(parameter.name or "")
        for one in value if isinstance(value, list | tuple) else [value]:
            yield parameter, one

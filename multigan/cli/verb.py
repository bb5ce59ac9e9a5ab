"""What every verb asks of its options before it starts, and what it says of those that are wrong."""

from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand

from multigan.core.plain import one_line
from multigan.recipe.numbers import complaint

__all__ = ["Verb"]


class Verb(TyperCommand):
    """A command whose numbers are finite, and of 64 bits where they are whole; others are refused with exit code 2."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed; what is wrong with a number is said with the number, and what would have been right."""
        typed = list(args)
        self._refuse_without_value(ctx, typed)
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            given, wanted = _typed(typed, error.param), _wanted(error.param)
            if given and wanted:
                error.message = f"{given} was given; {wanted}"
            raise
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Look at what was typed, then run the verb."""
        for parameter, value in _given(self, ctx):
            if found := complaint(value, value):
                wanted = _wanted(parameter) or f"expected {found}"
                raise typer.BadParameter(f"{value} was given; {wanted}", ctx=ctx, param=parameter)
        return super().invoke(ctx)

    def _refuse_without_value(self, ctx: Any, typed: Sequence[str]) -> None:
        """An option that needs a value must not take the next option for one."""
        options = {name: one for one in self.params for name in getattr(one, "opts", ()) if name.startswith("--")}
        for word, after in zip(typed, [*typed[1:], ""], strict=False):
            if word == "--":
                return
            one = options.get(word)
            if one is not None and not _is_flag(one) and after.partition("=")[0] in options:
                what = getattr(one, "metavar", None) or "VALUE"
                ctx.fail(f"{word} needs a value, and {after.partition('=')[0]} follows; type {word} {what}")


def _is_flag(parameter: Any) -> bool:
    return bool(getattr(parameter, "is_flag", False) or getattr(parameter, "count", False))


def _typed(words: Sequence[str], parameter: Any) -> str:
    """What was typed for an option, or "" where that is not known."""
    for word, after in zip(words, [*words[1:], ""], strict=False):
        name, equals, value = word.partition("=")
        if name in getattr(parameter, "opts", ()):
            return one_line(value if equals else after)[:80]
    return ""


def _wanted(parameter: Any) -> str:
    """The numbers that an option takes, and one of them to type; "" where it takes no number."""
    kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if kind not in (int, float) or not getattr(parameter, "opts", ()):
        return ""
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    noun = "a whole number" if kind is int else "a finite number"
    bounds = {
        (True, True): f" from {least} to {most}",
        (True, False): f" of at least {least}",
        (False, True): f" of at most {most}",
    }.get((least is not None, most is not None), "")
    example = next(one for one in (1, least, most) if one is not None and _inside(one, least, most))
    return f"expected {noun}{bounds}; type for example {parameter.opts[0]} {example:g}"


def _inside(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _given(command: TyperCommand, ctx: typer.Context) -> Iterator[tuple[Any, Any]]:
    for parameter in command.params:
        value = ctx.params.get(parameter.name or "")
        for one in value if isinstance(value, list | tuple) else [value]:
            yield parameter, one

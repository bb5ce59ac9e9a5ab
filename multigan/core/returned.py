"""What a plugin's program returned, refused in words where it enters: kind, name and module, given and expected.

The checks of tensors look at types and shapes alone, never at values: they cost a training step microseconds.
"""

from functools import partial
from inspect import Parameter, signature
from typing import NamedTuple

from torch import Tensor, nn

from multigan.core.errors import PluginError

__all__ = ["Maker", "check_taken", "per_sample", "refuse", "same_shape", "shown"]

FIX = "see docs/extend.md"


class Maker(NamedTuple):
    """Whose program it is.

    Attributes:
        kind: such as `"view"`.
        name: as in the recipe; "" = that of the program itself.
        program: the function, class or object.
    """

    kind: str
    name: str
    program: object

    def __str__(self) -> str:
        program = self.program
        while isinstance(program, partial):
            program = program.func
        named = program if hasattr(program, "__qualname__") else type(program)
        name = getattr(named, "__qualname__", "")
        return f"{self.kind} '{self.name or name}' ({named.__module__}:{name})"


def refuse(maker: Maker, given: str, expected: str) -> PluginError:
    """The error that says what a program did and what was expected of it."""
    return PluginError(f"{maker} {given}", expected, FIX)


def shown(value: object) -> str:
    """What a value is, in a word: the shape of a tensor, else its type."""
    if isinstance(value, Tensor):
        return f"a tensor {tuple(value.shape)}"
    return "None" if value is None else type(value).__name__


def per_sample(found: object, count: int, maker: Maker) -> Tensor:
    """The same, where it is one number a sample: `(count,)`.

    Raises:
        PluginError: it is something else.
    """
    if isinstance(found, Tensor) and found.shape == (count,):
        return found
    raise refuse(maker, f"gives {shown(found)}", f"one number a sample: a tensor ({count},)")


def same_shape(found: object, like: Tensor, maker: Maker) -> Tensor:
    """The same, where it is a tensor of the shape of `like`.

    Raises:
        PluginError: it is something else.
    """
    if isinstance(found, Tensor) and found.shape == like.shape:
        return found
    raise refuse(maker, f"gives {shown(found)}", f"a tensor {tuple(like.shape)}, the shape that it was given")


def check_taken(called: object, names: tuple[str, ...], maker: Maker) -> None:
    """What is to be called can be, with so many arguments in order and any by name; what Python cannot tell passes.

    Args:
        called: a function, or what has a call; of a net, its `forward`.
        names: of the arguments, for the message.
        maker: whose it is.

    Raises:
        PluginError: it cannot be called, or not with those.
    """
    wanted = f"({', '.join(names)})"
    if not callable(called):
        raise refuse(maker, f"gives {shown(called)}", f"what is called as {wanted}")
    try:
        takes = signature(called.forward if isinstance(called, nn.Module) else called)
    except (TypeError, ValueError):  # compiled
        return
    by_name = {one.name: None for one in takes.parameters.values() if one.kind is Parameter.KEYWORD_ONLY}
    try:
        takes.bind(*names, **by_name)
    except TypeError:
        plain = [one.replace(annotation=Parameter.empty) for one in takes.parameters.values()]
        bare = takes.replace(parameters=plain, return_annotation=Parameter.empty)
        raise refuse(maker, f"takes {bare}", wanted) from None

"""How long a run trains, phase by phase, and how each is changed: for people, before time is spent."""

from shlex import quote

from multigan.core.counted import counted
from multigan.core.plain import one_line
from multigan.recipe.origin import settable
from multigan.recipe.recipe import Recipe

__all__ = ["length_lines"]


def length_lines(recipe: Recipe) -> list[str]:
    """One line for each phase, where there are several: `train.samples` is the length of the last one alone."""
    if not recipe.phases:
        return []
    lines = [
        f"first {counted(phase.samples, 'sample')} in {one_line(phase.name)}{_how(phase.name)}"
        for phase in recipe.phases
    ]
    return [*lines, f"then {counted(recipe.train.samples, 'sample')} of the game (--set train.samples=N)"]


def _how(name: str) -> str:
    return f" (--set {quote(f'phases.{name}.samples=N')})" if settable(name) else " ([[phases]] in the recipe's file)"

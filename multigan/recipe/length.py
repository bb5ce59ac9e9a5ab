"""How long a run trains, phase by phase, and how each is changed: for people, before time is spent."""

from collections.abc import Sequence

from multigan.core.counted import counted
from multigan.core.errors import RecipeError
from multigan.core.plain import one_line
from multigan.core.shell import typed
from multigan.recipe.origin import settable
from multigan.recipe.recipe import Recipe

__all__ = ["dealt", "for_longer", "length_lines", "lengths_of", "with_lengths"]


def lengths_of(recipe: Recipe) -> tuple[int, ...]:
    """Samples of every phase; the last is the game's."""
    return (*(phase.samples for phase in recipe.phases), recipe.train.samples)


def with_lengths(recipe: Recipe, lengths: Sequence[int]) -> Recipe:
    """The recipe with phases of other lengths."""
    phases = [phase.model_copy(update={"samples": n}) for phase, n in zip(recipe.phases, lengths[:-1], strict=True)]
    train = recipe.train.model_copy(update={"samples": lengths[-1]})
    return recipe.model_copy(update={"phases": tuple(phases), "train": train})


def dealt(samples: int, shares: Sequence[float]) -> tuple[int, ...]:
    """So many samples among phases, in proportion to `shares`; each gets at least one, and the last what is left over.

    Raises:
        RecipeError: there are fewer samples than phases.

    Example:
        >>> dealt(500, (100_000, 60_000))
        (312, 188)
    """
    if samples < len(shares):
        raise RecipeError(
            f"{counted(samples, 'sample')} for {counted(len(shares), 'phase')}", "one for each", "type --samples N"
        )
    whole = sum(shares) or 1
    rest = samples - len(shares)
    each = [1 + int(rest * share / whole) for share in shares[:-1]]
    return (*each, samples - sum(each))


def for_longer(folder: str, done: int, times: int = 2) -> str:
    """What to type for a run of `times` the samples that it has seen, all phases together; 2 = as long again.

    What is added goes to phases that are not over yet: to the last one, where a run has ended.

    Args:
        folder: the run directory.
        done: samples of all phases that it has seen.
        times: as many in all, those that are done included.
    """
    return f"multigan train --resume {typed(folder)} --samples {times * max(1, done)}"


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
    return f" (--set {typed(f'phases.{name}.samples=N')})" if settable(name) else " ([[phases]] in the recipe's file)"

"""The file that builds a run's generator: pinned by its hash, copied into the run, and found there again."""

from pathlib import Path

from multigan.core.errors import under
from multigan.nets.foreign import check_weights, foreign_builder
from multigan.nets.programs import COPY, is_program, offer, pinned, refuse_unpinned, text_of
from multigan.recipe.options import bind
from multigan.recipe.origin import located
from multigan.recipe.recipe import Recipe

__all__ = ["COPY", "keep_copy", "offer_copy", "refuse_unpinned_program", "with_pinned_program"]


@located
def with_pinned_program(recipe: Recipe) -> Recipe:
    """The recipe with a net that means the same whatever becomes of its file; what it begins with is looked at.

    Raises:
        RecipeError: there is no such file, or its weights cannot be used; with the place where the recipe says it.
    """
    if not is_program(recipe.G.net):
        return recipe
    with under("G", "net"):
        name = pinned(recipe.G.net)
    with under("G"):
        check_weights(name, bind(foreign_builder(name), recipe.G.options, "G"))
    return recipe.model_copy(update={"G": recipe.G.model_copy(update={"net": name})})


@located
def refuse_unpinned_program(recipe: Recipe) -> Recipe:
    """The recipe of a run that exists, where it names the file that the run kept.

    Raises:
        RecipeError: it names one by its path alone, which training never writes.
    """
    with under("G", "net"):
        refuse_unpinned(recipe.G.net)
    return recipe


def keep_copy(folder: Path, recipe: Recipe) -> None:
    """Write the file that builds G into a run's folder, where one does."""
    if is_program(recipe.G.net):
        (folder / COPY).write_text(text_of(recipe.G.net), encoding="utf-8")


def offer_copy(folder: Path) -> None:
    """Have a run's copy at hand; it is used only where it is trusted."""
    if (folder / COPY).is_file():
        offer((folder / COPY).read_text(encoding="utf-8"))

"""What a recipe leaves open and its data decides."""

from collections.abc import Mapping

from multigan.recipe.recipe import Recipe

__all__ = ["with_data_options"]


def with_data_options(recipe: Recipe, settled: Mapping[str, object]) -> Recipe:
    """The recipe with options of its data as they came out; the same recipe where none was open.

    Args:
        recipe: of a run.
        settled: `Data.settled`.
    """
    if not settled:
        return recipe
    options = {**recipe.data.options, **settled}
    return recipe.model_copy(update={"data": recipe.data.model_copy(update={"options": options})})

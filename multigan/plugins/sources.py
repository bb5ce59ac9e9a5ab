"""What a source names: an embedded set before anything else, then a folder or a file."""

from pathlib import Path

from multigan.core.errors import under
from multigan.plugins import modalities
from multigan.recipe.origin import located
from multigan.recipe.recipe import Recipe

__all__ = ["place_of", "shadowed", "with_absolute_source"]


def place_of(modality: str, source: str | Path) -> str:
    """A source that means the same in any working folder.

    Names of embedded sets stay: `digits` is the embedded set wherever it is typed, `./digits` a folder. What lies on
    this machine becomes an absolute path, anything else stays for the loader to judge.

    Args:
        modality: whose source it is.
        source: as typed; a `Path` is a place in any case.
    """
    if not isinstance(source, Path) and source in modalities.get(modality).embedded:
        return source
    path = Path(source).expanduser()
    return str(path.resolve()) if path.exists() else str(source)


@located
def with_absolute_source(recipe: Recipe) -> Recipe:
    """The recipe with sources that mean the same in any working folder.

    Raises:
        UnknownNameError: there is no such modality; with the place where the recipe says it.
    """
    with under("modality"):
        modalities.get(recipe.modality)
    source = place_of(recipe.modality, recipe.data.source)
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"source": source})})
    if recipe.input is None or recipe.input.source is None:
        return recipe
    other = place_of(recipe.modality, recipe.input.source)
    return recipe.model_copy(update={"input": recipe.input.model_copy(update={"source": other})})


def shadowed(recipe: Recipe) -> tuple[str, ...]:
    """A line where a folder here has the name of the embedded set that is used."""
    source = recipe.data.source
    if source not in modalities.get(recipe.modality).embedded or not Path(source).exists():
        return ()
    return (f"'{source}' is the built-in data of that name; for what lies here type --set data.source=./{source}",)

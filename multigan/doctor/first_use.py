"""What to type first with a generator that is done: draw from it, give it files, give it a line, talk with it."""

from multigan.core.shell import typed
from multigan.plugins import modalities
from multigan.plugins.abilities import Answers, able
from multigan.recipe.recipe import Recipe

__all__ = ["first_use", "verb_for"]


def verb_for(recipe: Recipe) -> str:
    """`generate`, `apply` (files), `line` (texts, each with a likeliest output) or `chat` (texts that are drawn)."""
    if recipe.input is None:
        return "generate"
    if not able(modalities.get(recipe.modality), Answers):
        return "apply"
    temperature = recipe.G.options.get("temperature", 0.0)
    return "chat" if isinstance(temperature, int | float) and temperature > 0 else "line"


def first_use(folder: str, verb: str, which: str = "") -> tuple[str, str]:
    """A command, and in a few words what it is for.

    Args:
        folder: the run directory, as a person would type it.
        verb: see `verb_for`.
        which: of its generators; "" = the one that verbs take.
    """
    run = typed(folder) + (f" --which {which}" if which else "")
    if verb == "chat":
        return f"multigan chat {run}", f"type lines and see what it writes (a file of lines: multigan apply {run} FILE)"
    if verb == "line":
        return f'multigan apply {run} "a line of yours"', "use it on your lines, or name a file of lines"
    if verb == "apply":
        return f"multigan apply {run} FILES --out results/", "use it on your files"
    return f"multigan generate {run} --n 16 --seed 0 --out samples/", "draw from it"

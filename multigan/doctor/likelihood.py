"""Whether a kept generator was made by likelihood alone, before any game: decided here for all who use it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import MultiGANError
from multigan.engine.phases import Phase
from multigan.generator.folder import CONFIG, KEPT, read_config
from multigan.recipe.recipe import Recipe, load_recipe

__all__ = ["kept_note", "likelihood_left", "likelihood_note"]


def likelihood_note(folder: str | Path, kept: str, config: Mapping[str, Any]) -> str:
    """A line for people where adversarial training has no part in a generator of a run, else "".

    Args:
        folder: the run directory; what is none has no such generator.
        kept: which of its generators it is, a key of `multigan.generator.generator.KEPT`.
        config: the JSON beside its weights.
    """
    folder = Path(folder)
    seen = config.get("samples_seen")
    if kept not in KEPT or not isinstance(seen, int) or not (folder / "recipe.toml").is_file():
        return ""
    until = _before_the_game(load_recipe(str(folder / "recipe.toml")))
    if not 0 < seen <= until:
        return ""
    after = {
        "best": "no later one came nearer to reals, so adversarial training has no part in it",
        "mle": "adversarial training began with it",
    }.get(kept, "")
    if _seen(folder, "last") <= until:
        after = "adversarial training has not begun"
    return f"the {kept} generator is of the likelihood phase alone ({counted(seen, 'sample')}): {after}"


def kept_note(folder: Path, kept: str) -> str:
    """`likelihood_note` of a generator that lies in a run directory; "" where there is none."""
    config = _config(folder, kept)
    return likelihood_note(folder, kept, config) if config else ""


def likelihood_left(folder: Path) -> int | None:
    """Samples of likelihood that a run has yet to train before its game; None where its recipe has no such phase."""
    until = _before_the_game(load_recipe(str(folder / "recipe.toml")))
    seen = (_config(folder, "last") or {}).get("samples_seen")
    return max(until - (seen if isinstance(seen, int) else 0), 0) if until else None


def _before_the_game(recipe: Recipe) -> int:
    """Samples of the whole run after which G first plays against D; 0 where no likelihood comes before that."""
    total, likely = 0, False
    for table in recipe.phases:
        phase = Phase(table.name, tuple(table.turns), table.samples, {}, ("g",))
        if "g" in phase.turns:
            break
        total += phase.iterations(recipe.train.batch) * phase.step_samples(recipe.train.batch)
        likely = likely or "mle" in phase.turns
    return total if likely else 0


def _seen(folder: Path, kept: str) -> int:
    seen = (_config(folder, kept) or {}).get("samples_seen")
    return seen if isinstance(seen, int) else 2**63


def _config(folder: Path, kept: str) -> Mapping[str, Any] | None:
    path = folder / KEPT[kept] / CONFIG
    try:
        return read_config(path)[0] if path.is_file() else None
    except MultiGANError:  # whoever loads it says what is wrong
        return None

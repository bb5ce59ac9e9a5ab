"""What fits into some minutes on this machine: lengths of phases, and width and batch where they are open."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multigan.core.counted import counted
from multigan.core.plain import one_line
from multigan.engine.phases import LAST as GAME
from multigan.pace.deadline import fitting
from multigan.recipe.length import lengths_of, with_lengths
from multigan.recipe.recipe import Recipe, Train
from multigan.terminal.bar import spoken

__all__ = ["Chosen", "Measure", "choose", "free_keys", "looked_at", "set_lengths"]

Measure = Callable[[Recipe, int], float]
"""Seconds of one real sample in a phase (by its number) of a recipe."""
SIZES = ("width", "hidden")
"""Options of nets that say how wide they are."""
LARGEST_BATCH = 64
CHEAPER = 0.6
"""Of the cost of a sample: what twice the batch must come down to. Then there are nearly as many updates as before."""
FEW = 1 / 16
"""Of the recipe's samples: with fewer, nets of half the width are tried."""
NARROWER = 0.6
"""Of the cost of a sample: what half the width must come down to."""
A_MINUTE = {"vitals": 4, "sheets": 2, "checkpoints": 2}
"""Of a budget, how often a run is looked at, at most: else a short one would be nothing else."""
SPARE = 0.9
"""Of the time: what the first lengths are chosen for. The rest is for measurements."""
DRAWN = {"vitals": 256, "sheets": 64}
"""How many samples one look takes, about."""
FEWEST = {"vitals": 4, "sheets": 1}
"""Looks that a run gets though they cost more than that: with fewer measurements nothing is said of it."""
LAST = "train.samples"
"""The length of the last phase."""
MOST = 0.25
"""Of the time: where the fewest looks would take more, there is one: what is slow to draw gets trained too."""


@dataclass(frozen=True)
class Chosen:
    """What a budget makes of a recipe.

    Attributes:
        recipe: with other lengths, and perhaps another width and batch.
        costs: seconds of a sample in each phase.
        line: what was chosen and why, for people.
        fixed: numbers of phases that are as long as they were set.
    """

    recipe: Recipe
    costs: tuple[float, ...]
    line: str
    fixed: tuple[int, ...] = ()


def choose(
    recipe: Recipe,
    seconds: float,
    measure: Measure,
    free: Collection[str],
    kept: Collection[str] = (),
    last_phase: str = GAME,
) -> Chosen:
    """Fit a recipe into some seconds.

    Phases keep their proportions, counted in samples; one whose length was set keeps that, and the others share what
    is left, as long as that is something. The last one follows the clock whatever was set.

    Twice the batch is taken, up to 64, where a sample then costs at most .6 of what it did: that is so where a machine
    is not busy with a batch. Half the width is taken where the time is enough for less than a sixteenth of the recipe's
    samples and a sample of the narrower nets costs at most .6.

    Args:
        recipe: as it would be trained without a budget.
        seconds: until everything should be over.
        measure: what a sample costs.
        free: keys of the recipe that nobody has set: of `train.batch`, `G.width` and the like.
        kept: those that somebody has set and that are lengths, see `set_lengths`.
        last_phase: what the last phase is called, `multigan.engine.phases.Phase.told`.
    """
    last = len(recipe.phases)
    cost, why = measure(recipe, last), list[str]()
    while "train.batch" in free and 2 * recipe.train.batch <= LARGEST_BATCH:
        larger = recipe.model_copy(update={"train": recipe.train.model_copy(update={"batch": 2 * recipe.train.batch})})
        other = measure(larger, last)
        if other > CHEAPER * cost:
            break
        recipe, cost = larger, other
        why = [f"batches of {recipe.train.batch}, since the machine has room for them"]
    narrower = _narrower(recipe, free)
    if narrower is not None and SPARE * seconds / cost < FEW * recipe.train.samples:
        other = measure(narrower, last)
        if other <= NARROWER * cost:
            why.append(f"nets of half the width, which see {cost / other:.1f} times as many samples")
            recipe, cost = narrower, other
    costs = (*(measure(recipe, number) for number in range(last)), cost)
    own = lengths_of(recipe)
    fixed = tuple(k for k, phase in enumerate(recipe.phases) if f"phases.{phase.name}.samples" in kept)
    taken = {k: own[k] * costs[k] for k in fixed}
    dropped = sum(taken.values()) >= SPARE * seconds
    why += _not_kept(recipe, kept, taken if dropped else {}, last_phase)
    fixed = () if dropped else fixed
    fitted = with_lengths(recipe, fitting(SPARE * seconds, 0, 0, own, costs, fixed))
    return Chosen(fitted, costs, _line(fitted, seconds, costs, why, fixed, last_phase), fixed)


def _not_kept(recipe: Recipe, kept: Collection[str], dropped: Mapping[int, float], last_phase: str) -> list[str]:
    """What of the lengths that were set is not kept, and why: the last one, and what takes longer than there is."""
    said = [
        f"phases.{phase.name}.samples = {phase.samples} would take {spoken(dropped[k])} and gives its proportion alone"
        for k, phase in enumerate(recipe.phases)
        if k in dropped
    ]
    if LAST in kept:
        said.append(f"{LAST} = {recipe.train.samples} is not kept: {_called(last_phase)} takes what time there is")
    return [one_line(each) for each in said]


def set_lengths(overrides: Sequence[str]) -> frozenset[str]:
    """Those of the overrides that set how long a phase is: their keys, as `phases.fit.samples` and `train.samples`.

    Args:
        overrides: `"table.key=value"`.
    """
    keys = (override.partition("=")[0].strip() for override in overrides)
    return frozenset(key for key in keys if key == LAST or (key.startswith("phases.") and key.endswith(".samples")))


def free_keys(recipe: object, for_files: str, overrides: Sequence[str]) -> frozenset[str]:
    """Keys that a budget may choose: those of the recipes that are picked for files, unless they were set.

    Args:
        recipe: as it was given to `train`; a recipe in memory or a file is somebody's own, and nothing in it is open.
        for_files: name of the recipe that its modality picks for files.
        overrides: `"table.key=value"`.
    """
    if recipe != for_files:
        return frozenset()
    given = [override.partition("=")[0].strip() for override in overrides]
    keys = ("train.batch", *(f"{player}.{size}" for player in ("G", "D") for size in SIZES))
    return frozenset(key for key in keys if not any(f"{key}.".startswith(f"{name}.") for name in given))


def looked_at(recipe: Recipe, minutes: float, fake_seconds: float = 0.0) -> Recipe:
    """The recipe with fewer measurements, sheets and checkpoints in few minutes.

    Where it has the usual numbers, at most four measurements a minute, and two sheets and checkpoints; no fewer than
    for one minute. Where G is slow to draw from, whatever the recipe says, no more than what `SPARE` leaves them time
    for, half to measurements and half to sheets.

    Args:
        recipe: as it would be trained without a budget.
        minutes: the budget.
        fake_seconds: what drawing a sample takes; 0 = next to nothing.
    """
    fewer, spared = {}, (1 - SPARE) * 60 * minutes / 2
    for name, each in A_MINUTE.items():
        own = fewer[name] = getattr(recipe.train, name)
        if own == Train.model_fields[name].default:
            fewer[name] = min(own, max(each, int(each * minutes)))
        if name in DRAWN and fake_seconds:
            look = DRAWN[name] * fake_seconds
            fewest = FEWEST[name] if FEWEST[name] * look <= MOST * 60 * minutes else 1
            fewer[name] = min(fewer[name], max(fewest, int(spared / look)))
    return recipe.model_copy(update={"train": recipe.train.model_copy(update=fewer)})


def _narrower(recipe: Recipe, free: Collection[str]) -> Recipe | None:
    """Both nets at half their width, where both say how wide they are and nobody has set it."""
    changed: dict[str, Any] = {}
    for player, table in (("G", recipe.G), ("D", recipe.D)):
        sizes = [name for name in SIZES if type(table.options.get(name)) is int and f"{player}.{name}" in free]
        if sizes and table.options[sizes[0]] >= 2:
            options = {**table.options, sizes[0]: table.options[sizes[0]] // 2}
            changed[player] = table.model_copy(update={"options": options})
    return recipe.model_copy(update=changed) if len(changed) == 2 else None


def _called(last_phase: str) -> str:
    """The last phase in a sentence: a game, or what is done where nobody plays."""
    return "the game" if last_phase == GAME else f"the {last_phase}"


def _line(
    recipe: Recipe,
    seconds: float,
    costs: Sequence[float],
    why: Sequence[str],
    fixed: Collection[int],
    last_phase: str,
) -> str:
    lengths = lengths_of(recipe)
    parts = [
        f"{counted(n, 'sample, as set,', 'samples, as set,') if k in fixed else counted(n, 'sample')} "
        f"in {one_line(phase.name)} at {cost:.2g} s"
        for k, (phase, n, cost) in enumerate(zip(recipe.phases, lengths, costs, strict=False))
    ]
    parts.append(f"{counted(lengths[-1], 'sample')} of {_called(last_phase)} at {costs[-1]:.2g} s")
    rest = "; ".join(["the end follows the clock", *why])
    left = f"in the {spoken(seconds)} that are left" if seconds >= 1 else "though reading and trying took all the time"
    return f"about {', then '.join(parts)}, {left}; {rest}"

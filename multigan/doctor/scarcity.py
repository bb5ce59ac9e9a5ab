"""Signs of data that cannot teach: few items, all the same, learnt by heart, or with labels that tell nothing."""

import math
from collections.abc import Sequence

from multigan.core.counted import counted
from multigan.doctor.history import Circumstances, History
from multigan.doctor.outcome import CLEAR, ENOUGH, UNTOLD

__all__ = [
    "EARLY",
    "GAINING",
    "LEARNING",
    "MANY_EPOCHS",
    "REMEMBERED",
    "d_remembers",
    "labels_tell_nothing",
    "ripe",
    "same_items",
    "too_few_items",
]

REMEMBERED = 0.75  # chance that D prefers a trained item to a held-out one
LEARNING = 0.65  # the same, of a D that begins to; .5 is chance, and 32 held-out items are good for .06 either way
FEW_ITEMS = 64
LOOKED_AT = 1024  # items that are compared
MANY_EPOCHS = 50
GAINING = 0.1  # of the way to the floor in the last quarter
EARLY = 0.2  # share of the run before which only certain signs count


def same_items(history: History, facts: Circumstances) -> str | None:
    """All items are one and the same: there is nothing to learn but that one, and nothing to count distances in."""
    if not history.reals_same:
        return CLEAR
    items = int(history.last("items") or facts.items)
    looked = "" if items <= LOOKED_AT else " that were looked at"
    return (
        f"all {min(items, LOOKED_AT):,} items{looked} are the same (to what measures them): no distance can be told,"
        " as it is counted in how far reals are from each other"
    )


def too_few_items(history: History, facts: Circumstances) -> str | None:
    """A set so small that every item was seen often."""
    epochs = history.rows[-1]["samples"] / facts.items if history.rows and facts.items else 0.0
    if facts.items >= FEW_ITEMS or epochs < MANY_EPOCHS:
        return CLEAR
    return (
        f"{counted(facts.items, 'item was', 'items were')} seen {epochs:,.0f} times each: "
        f"no net learns a distribution from so few"
    )


def d_remembers(history: History, facts: Circumstances) -> str | None:
    """D prefers trained items to held-out ones: it learns the set by heart and its advice no longer generalises."""
    memory, sides = history.recent("D_memory"), [history.recent(f"logits_{of}") for of in ("real", "heldout", "fake")]
    if memory is None or None in sides or not ripe(history.phase, history, facts):
        return UNTOLD
    if memory < REMEMBERED or history.gain(0.25) > GAINING:  # what still comes nearer to unseen items is not limited
        return CLEAR
    real, heldout, fake = (value or 0.0 for value in sides)
    return (
        f"D prefers a trained item to a held-out one in {memory:.0%} of pairs"
        f" (mean logits: trained {real:.2f}, held-out {heldout:.2f}, fake {fake:.2f})"
    )


def labels_tell_nothing(history: History, facts: Circumstances) -> str | None:
    """Like items have unlike labels: conditions carry no information."""
    real, chance = history.last("labels_real"), history.last("labels_chance")
    if real is None or chance is None:
        return UNTOLD
    if real > chance + 3 * math.sqrt(chance * (1 - chance) / max(facts.items, 1)):
        return CLEAR
    return f"an item's nearest neighbour has its label in {real:.0%} of cases; by chance it would be {chance:.0%}"


def ripe(measured: Sequence[object], history: History, facts: Circumstances) -> bool:
    """Whether enough was measured: of the whole run for what fakes are, of the phase for how its game goes."""
    return len(measured) >= ENOUGH and history.progress(facts) >= EARLY

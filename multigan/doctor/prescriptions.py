"""What to type next for every verdict: real commands on the run's own recipe."""

from collections.abc import Mapping
from typing import Any

from multigan.augment.policy import SPEED_SAMPLES
from multigan.core.counted import counted
from multigan.core.plain import one_line
from multigan.core.shell import typed
from multigan.doctor.first_use import first_use
from multigan.doctor.history import Circumstances, History
from multigan.doctor.scarcity import LEARNING, MANY_EPOCHS
from multigan.doctor.signs import ALIKE_SPREAD, FEW_ANSWERS
from multigan.judge.bar import UNDECIDED
from multigan.recipe.length import for_longer
from multigan.recipe.origin import settable
from multigan.recipe.values import toml_value

__all__ = ["prescribe"]

BOTH = [{"name": "r1", "weight": "auto"}, {"name": "r2", "weight": "auto"}]
LONGER = {
    "too short to say": (10, "go on, for nine times as long again"),
    "phase-too-short": (2, "go on, for as long again"),
    "still far": (2, "go on, for as long again; where that does not help, with other nets or more data"),
    "still improving": (2, "go on, for as long again"),
}
"""Verdicts, and one sign, whose cure is more samples: how many times as many in all, and what to say of it."""
MANY_TIMES = 10
"""What a run gets that is no more of its recipe than one part in so many: twice as long would hardly show."""
LONGER_START = 4
"""Times as long for a phase that ended with one and the same answer to everything."""
HOT = 5e-3
"""A learning rate from which on Adam can throw weights to where they have no gradient."""
TOO_HOT, USUAL = 0.05, 1e-3
"""A rate of which a quarter is as hopeless, and one that few nets cannot bear."""
AT_ONCE = 0.01
"""Of a phase: what is best by then was best when it began. The phase before it ends with a whole batch."""


def prescribe(verdict: str, sign: str, history: History, facts: Circumstances) -> tuple[str, str]:
    """A command, and what it does.

    Args:
        verdict: its name.
        sign: key of its first sign, which decides between remedies; "" where there is none.
        history: the run's numbers.
        facts: its recipe.
    """
    if verdict == "diverged":
        return _train(
            facts, **_rates(facts, 0.25), guard={"action": "rollback"}
        ), "train again with a quarter of the step"
    if verdict == "collapsed":
        return _apart(history, facts)
    if verdict == "G starves":
        return _feed(sign, facts)
    if verdict == "D overpowers":
        return _train(facts, game=_firmer(facts)), "hold D back with a firmer penalty"
    if verdict == "memorising":
        return _stop_early(history, facts)
    if verdict == "data-limited":
        return _other_data(sign, facts) or _few(sign, history, facts)
    if history.progress(facts) < 1:
        return f"multigan train --resume {typed(facts.folder)}", "it is not finished: go on with it"
    if sign == "clipped":
        return _train(
            facts, optim={"G": {"lr": float(f"{facts.lr['G'] / 2:.3g}")}}
        ), "train again at half the rate of G"
    if verdict in LONGER:
        other = (
            _all_longer(facts) if sign == "too-short" else _judge(facts) if sign in ("unmeasured", "glanced") else None
        )
        return other or _longer(history, facts, *LONGER.get(sign, LONGER[verdict]))
    return _undecided(history, facts) if verdict == UNDECIDED else _use(facts)


def _undecided(history: History, facts: Circumstances) -> tuple[str, str]:
    """Who looked for longer settles it; where that was done, more training does."""
    if facts.evaluated:
        return _longer(history, facts, 2, "go on, for as long again, or use it as it is once you looked at its samples")
    return f"multigan evaluate {typed(facts.folder)}", "ask a judge that learns for longer"


def _few(sign: str, history: History, facts: Circumstances) -> tuple[str, str]:
    """Where items are too few: what there is already, else a shorter run."""
    return _as_it_is(sign, history, facts) or _best_is_kept(sign, history, facts) or _stop_early(history, facts)


def _other_data(sign: str, facts: Circumstances) -> tuple[str, str] | None:
    """Where it is not for lack of items that data cannot teach."""
    if sign == "labels":
        return _train(facts, game={"conditional": False}), "train without labels, or repair them"
    if sign == "same-items":
        return _train(facts, data={"source": "PATH"}), "train on items that differ"
    return None


def _apart(history: History, facts: Circumstances) -> tuple[str, str]:
    """A firmer D, where there is one; what its game began with, where fakes were as alike then."""
    before = history.before_phase()
    if before is not None and before.vitals and _alike(before) and len(before.phase) > 1:
        name, names = str(before.vitals[-1]["phase"]), [str(phase["name"]) for phase in facts.phases]
        if names.count(name) == 1 and settable(name):
            longer = LONGER_START * int(facts.phases[names.index(name)]["samples"])
            why = f"fakes were as alike when the game began: {LONGER_START} times as long in the phase {one_line(name)}"
            return _train(facts, phases={name: {"samples": longer}}, **_kept_game(facts)), why
    if not any("vitals/D_accuracy" in row for row in history.vitals):
        return _longer(history, facts, *LONGER["still improving"])
    return _train(facts, game=_firmer(facts)), "a firmer D stops rewarding one answer"


def _alike(history: History) -> bool:
    """Whether what was drawn last was one answer, or a few."""
    spread, variety = history.last("spread"), history.last("variety")
    return spread is not None and variety is not None and (spread < ALIKE_SPREAD or variety < FEW_ANSWERS)


def _all_longer(facts: Circumstances) -> tuple[str, str] | None:
    """Anew with every phase longer, where most of a run that is too short came before its last: going on is of that."""
    names = [str(phase["name"]) for phase in facts.phases]
    if facts.samples <= 2 * facts.last_phase_samples or len(set(names)) < len(names) or not all(map(settable, names)):
        return None
    times, _ = LONGER["too short to say"]
    phases = {name: {"samples": times * int(phase["samples"])} for name, phase in zip(names, facts.phases, strict=True)}
    last = {"samples": times * max(1, facts.last_phase_samples)}
    return _train(facts, phases=phases, train=last), "train again, ten times as long in every phase"


def _judge(facts: Circumstances) -> tuple[str, str]:
    if facts.apart:
        return f"multigan report {typed(facts.folder)}", "look at what it makes"
    return f"multigan evaluate {typed(facts.folder)}", "judge it by items that it never saw"


def _kept_game(facts: Circumstances) -> dict[str, Any]:
    """A game as long as it was: without a word it would grow with its phases."""
    return {"train": {"samples": facts.last_phase_samples}} if facts.last_phase_samples else {}


def _longer(history: History, facts: Circumstances, times: int, why: str) -> tuple[str, str]:
    """Go on to so many times what is done, all phases together, however it was rounded; the last one gets it all."""
    done = max(facts.samples, int(history.rows[-1]["samples"]) if history.rows else 0)
    why = why.replace("again", "again, all of it in the last phase", 1) if facts.phases else why
    if times < MANY_TIMES and MANY_TIMES * done <= facts.own_samples:
        times, share = MANY_TIMES, done / facts.own_samples
        own = f"the recipe as it ships has {counted(facts.own_samples, 'sample')}, this run {share:.1%} of them"
        why = why.replace("for as long again", f"for nine times as long again ({own})", 1)
    return for_longer(facts.folder, done, times), why + _by_heart(done, history, facts)


def _by_heart(done: int, history: History, facts: Circumstances) -> str:
    """What may come of going on with so few items that D is about to know them, "" where they are many."""
    each = done / facts.items if facts.items else 0.0
    if each < MANY_EPOCHS or (history.recent("D_memory") or 0.0) < LEARNING:
        return ""
    augment = f". Or show D more of those there are: {_augmented(done)}" if facts.augments else ""
    return (
        f". This may bring nothing: {counted(facts.items, 'item was', 'items were')} seen {each:,.0f} times each, and "
        "D learns them by heart. Whatever comes, the best generator is kept. With --minutes in place of --samples the "
        f"run ends itself where more is of no use. More items would help{augment}"
    )


def _best_is_kept(sign: str, history: History, facts: Circumstances) -> tuple[str, str] | None:
    """Where the kept generator is of the moment at which held-out items were nearest, to train until then is no news.

    None where the last alone is kept and is farther from them.
    """
    best, level = history.best(), sign == "D-remembers" and history.ends_level()
    if best is None or not (facts.other or level):
        return None
    if facts.other:
        kept = (
            f"The kept generator is that of {counted(best[1], 'sample')}, where held-out items were nearest. It "
            "need not be trained again; as short a run only saves time"
        )
    else:
        kept = "The kept generator is the last one, and held-out items were no nearer before, as far as so few can tell"
    if not facts.augments:
        return _use(facts)[0], f"use it. {kept}. More items are the cure"
    why = f"a new run in which D is shown more of the items. {kept}. More items are the other cure"
    return _train(facts, game={"views": [_view(max(facts.samples, best[1]))]}), why


def _view(samples: int) -> dict[str, Any]:
    """Augmentation of what D sees, whose strength can be reached within half of so many samples."""
    soon = {"speed_samples": max(1, samples // 2)} if samples < 2 * SPEED_SAMPLES else {}
    return {"name": "augment", "adaptive": True, **soon}


def _augmented(samples: int) -> str:
    return f"--set {typed(f'game.views={toml_value([_view(samples)], tight=True)}')} in a new run"


def _as_it_is(sign: str, history: History, facts: Circumstances) -> tuple[str, str] | None:
    """What so few items gave, where the end is the best of it and fakes are no copies: to train less would be worse."""
    best = history.best()
    if sign != "few-items" or best is None or best[1] < history.vitals[-1]["samples"]:
        return None
    if (history.last("nearest") or 0.0) < 1:
        return None
    items = counted(facts.items, "item")
    return _use(facts)[0], f"use it as it is: {items} hold no more, and none is copied; more data is the cure"


def _use(facts: Circumstances) -> tuple[str, str]:
    return first_use(str(facts.folder), facts.verb, facts.which)


def _feed(sign: str, facts: Circumstances) -> tuple[str, str]:
    rates = facts.lr
    for player, other in (("G", "D"), ("D", "G")):
        if sign == f"{player}-still":
            if rates[player] >= max(rates[other], HOT):  # no smaller than that of who moves: its net is saturated
                return _train(facts, **_rates(facts, 0.25)), "train again with a quarter of the step"
            rate = rates[other] if rates[other] > 1e-9 else 2e-4
            return _train(facts, optim={player: {"lr": rate}}), f"let {player} learn"
    if sign in ("undirected", "unordered"):
        return _train(
            facts, train={"n_critic": facts.n_critic + 1}
        ), "give D more turns, so that it has something to teach"
    return _train(facts, game=_firmer(facts)), "a loss and penalties whose gradient does not vanish"


def _firmer(facts: Circumstances) -> dict[str, Any]:
    """A relativistic loss with R1 and R2, or four times the weights that are there."""
    if not facts.penalties:
        return {"loss": "relativistic", "penalties": BOTH}
    return {"penalties": [_times_four(term) for term in facts.penalties]}


def _times_four(term: Mapping[str, Any]) -> dict[str, Any]:
    weight = term.get("weight", 1.0)
    return {**term, "weight": 4.0 * weight} if isinstance(weight, int | float) else {**term, "weight": 4.0}


def _rates(facts: Circumstances, factor: float) -> dict[str, Any]:
    lower = {player: rate * factor for player, rate in facts.lr.items()}
    # A part of a rate that is a thousand times too large is too large as well.
    return {
        "optim": {player: {"lr": float(f"{rate if rate <= TOO_HOT else USUAL:.3g}")} for player, rate in lower.items()}
    }


def _stop_early(history: History, facts: Circumstances) -> tuple[str, str]:
    """Train the phase that had the lowest distance until then, or half of it: its own budget would bring the same."""
    names = [str(phase["name"]) for phase in facts.phases]
    budgets = [*(int(phase["samples"]) for phase in facts.phases), facts.last_phase_samples]
    at, phase = history.best_place() or (0, "")
    number = names.index(phase) if phase in names else len(names)
    left = at - sum(budgets[:number])
    if number < len(names) and left >= budgets[number]:
        number, left = number + 1, 0
    begun, whole = left > AT_ONCE * budgets[number], left >= budgets[number]
    shorter = left if begun and not whole else max(1, budgets[number] // 2)
    place = "at its end" if whole else "" if begun else "as it began"
    why = f"{_nearest(history, place)}; more data is the cure"
    if number == len(names):
        return _train(facts, train={"samples": shorter}, **_kept(facts)), why
    phases: Any = {names[number]: {"samples": shorter}}
    if not settable(names[number]) or names.count(names[number]) > 1:
        phases = [{**phase, "samples": shorter} if k == number else phase for k, phase in enumerate(facts.phases)]
    return _train(facts, phases=phases), f"in the phase {one_line(names[number])}, {why}"


def _kept(facts: Circumstances) -> dict[str, Any]:
    """Phases as long as they were: without a word they would be shortened as much as the game is."""
    names = [str(phase["name"]) for phase in facts.phases]
    if not names:
        return {}
    if len({*names}) < len(names) or not all(map(settable, names)):
        return {"phases": list(facts.phases)}
    return {"phases": {name: {"samples": phase["samples"]} for name, phase in zip(names, facts.phases, strict=True)}}


def _nearest(history: History, half: str) -> str:
    """Why to stop early, or to train half as long; without held-out items the distance was to trained ones."""
    unseen = history.last("heldout_items")
    where = (
        "held-out items were nearest" if unseen else "the distance was lowest (to trained items: none were held out)"
    )
    if half == "at its end":  # half of it is no better, but the same again would be worse
        return f"half as long, for it learns items by heart, though {where} {half}"
    return f"half as long, as {where} {half}" if half else f"stop where {where}"


def _train(facts: Circumstances, **tables: Any) -> str:
    moved = {"data": {"source": facts.moved_to}} if facts.moved_to else {}
    sets = [f"--set {typed(f'{key}={toml_value(value, tight=True)}')}" for key, value in _flat({**moved, **tables})]
    return " ".join(["multigan train", typed(f"{facts.folder}/recipe.toml"), *sets])


def _flat(tables: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in tables.items():
        found += _flat(value, f"{above}{key}.") if isinstance(value, Mapping) else [(f"{above}{key}", value)]
    return found

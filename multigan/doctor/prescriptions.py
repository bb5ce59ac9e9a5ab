"""What to type next for every verdict: real commands on the run's own recipe."""

from collections.abc import Mapping
from shlex import quote
from typing import Any

from multigan.doctor.history import Facts, History
from multigan.recipe.values import toml_value

__all__ = ["prescribe"]

BOTH = [{"name": "r1", "weight": "auto"}, {"name": "r2", "weight": "auto"}]


def prescribe(verdict: str, sign: str, history: History, facts: Facts) -> tuple[str, str]:
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
        return _train(facts, game=_firmer(facts)), "a firmer D stops rewarding one answer"
    if verdict == "G starves":
        return _feed(sign, facts)
    if verdict == "D overpowers":
        return _train(facts, game=_firmer(facts)), "hold D back with a firmer penalty"
    if verdict == "memorising":
        return _stop_early(history, facts), "stop where held-out items were nearest; more data is the cure"
    if verdict == "data-limited":
        if sign == "labels":
            return _train(facts, game={"conditional": False}), "train without labels, or repair them"
        return _stop_early(history, facts), "stop where held-out items were nearest; more data is the cure"
    if verdict == "still improving":
        return _train(facts, train={"samples": 2 * max(facts.last_phase_samples, 1)}), "train anew, twice as long"
    return f"multigan generate {quote(str(facts.folder))} --n 16 --seed 0 --out samples/", "draw from it"


def _feed(sign: str, facts: Facts) -> tuple[str, str]:
    rates = facts.lr
    for player, other in (("G", "D"), ("D", "G")):
        if sign == f"{player}-still":
            rate = rates[other] if rates[other] > 1e-9 else 2e-4
            return _train(facts, optim={player: {"lr": rate}}), f"let {player} learn"
    if sign in ("undirected", "unordered"):
        return _train(
            facts, train={"n_critic": facts.n_critic + 1}
        ), "give D more turns, so that it has something to teach"
    return _train(facts, game=_firmer(facts)), "a loss and penalties whose gradient does not vanish"


def _firmer(facts: Facts) -> dict[str, Any]:
    """A relativistic loss with R1 and R2, or four times the weights that are there."""
    if not facts.penalties:
        return {"loss": "relativistic", "penalties": BOTH}
    return {"penalties": [_times_four(term) for term in facts.penalties]}


def _times_four(term: Mapping[str, Any]) -> dict[str, Any]:
    weight = term.get("weight", 1.0)
    return {**term, "weight": 4.0 * weight} if isinstance(weight, int | float) else {**term, "weight": 4.0}


def _rates(facts: Facts, factor: float) -> dict[str, Any]:
    return {"optim": {player: {"lr": float(f"{rate * factor:.3g}")} for player, rate in facts.lr.items()}}


def _stop_early(history: History, facts: Facts) -> str:
    best = history.best()
    return _train(facts, train={"samples": max(1, min(best[1] if best else facts.samples, facts.last_phase_samples))})


def _train(facts: Facts, **tables: Mapping[str, Any]) -> str:
    sets = [f"--set {_quoted(f'{key}={toml_value(value, tight=True)}')}" for key, value in _flat(tables)]
    return " ".join(["multigan train", quote(f"{facts.folder}/recipe.toml"), *sets])


def _flat(tables: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in tables.items():
        found += _flat(value, f"{above}{key}.") if isinstance(value, Mapping) else [(f"{above}{key}", value)]
    return found


def _quoted(setting: str) -> str:
    return f"'{setting}'" if any(mark in setting for mark in ' [{"') else setting

"""Which curves of a run are drawn together, and what they say."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from multigan.core.counted import counted
from multigan.core.html import Html, tag
from multigan.report.chart import chart
from multigan.report.series import series_of

__all__ = ["curves"]

FAMILIES: Sequence[tuple[str, Mapping[str, str], str]] = (
    ("Losses", {"loss/D": "D", "loss/G": "G"}, "means over the batch, without terms"),
    ("Pre-training loss", {"loss/mle": "likelihood"}, "nats per place of a text"),
    ("Fit", {"loss/fit": "matching terms"}, "of outputs and their targets, weighted"),
    ("Codes", {"kl": "far from noise", "loss/prior": "surprise of the prior"}, "nats for each number of a code"),
    (
        "D's logits",
        {"logits/real": "real", "logits/fake": "fake", "vitals/logits_heldout": "held out"},
        "how far apart: how well D tells them apart",
    ),
    (
        "Distance to reals",
        {
            "vitals/distance": "fakes",
            "vitals/distance_trivial": "one item repeated",
            "vitals/distance_floor": "other reals (floor)",
        },
        "energy distance in feature space; lower is nearer",
    ),
    (
        "Spread and variety",
        {"vitals/spread": "spread", "vitals/variety": "variety"},
        "of fakes over that of reals; 1 = as reals",
    ),
    (
        "D's accuracy",
        {"vitals/D_accuracy": "trained", "vitals/D_accuracy_heldout": "held out", "vitals/D_memory": "memory"},
        "0.5 = chance; memory above it: D knows its training items",
    ),
    (
        "Nearest trained item",
        {"vitals/nearest": "distance ratio", "vitals/nearer": "share nearer"},
        "of fakes against unseen reals; ratio near 0 and share near 1 = copies",
    ),
    ("Weights moved", {"vitals/G_moved": "G", "vitals/D_moved": "D"}, "relative change since the measurement before"),
)
HIDDEN = {
    "step", "samples", "phase", "seconds", "vitals/items", "vitals/heldout_items", "vitals/seconds",
    "vitals/logits_real", "vitals/logits_fake", "vitals/sign_real", "vitals/sign_fake", "vitals/sign_heldout",
    "vitals/distance_floor_deviation", "vitals/fake_finite", "vitals/G_gradient", "vitals/G_step", "vitals/D_step",
}  # fmt: skip
MOST = 24


def curves(rows: Sequence[Mapping[str, Any]]) -> Html:
    """Charts of everything that was logged: known families first, then others by the part of the key before `/`."""
    if not rows:
        return tag("p.note", "Nothing was logged: the run ended before its first line of metrics.jsonl.")
    logged = list(dict.fromkeys(key for row in rows for key in row))
    families = [(title, keys, note) for title, keys, note in FAMILIES if any(key in logged for key in keys)]
    known = {key for _, keys, _ in FAMILIES for key in keys} | HIDDEN
    families += _others([key for key in logged if key not in known])
    marks = _phase_changes(rows)
    note = tag("p.note", "Dotted vertical lines: a phase ended.") if marks else None
    drawn = [_family(rows, title, keys, note_, marks) for title, keys, note_ in families[:MOST]]
    left = len(families) - len(drawn)
    more = (
        tag("p.note", f"{counted(left, 'further group of keys is', 'further groups of keys are')} in metrics.jsonl.")
        if left
        else None
    )
    return Html("".join(part for part in (note, tag("div.grid", *drawn), more) if part))


def _family(
    rows: Sequence[Mapping[str, Any]], title: str, keys: Mapping[str, str], note: str, marks: Sequence[float]
) -> Html:
    found = [series_of(rows, key, name) for key, name in keys.items() if any(key in row for row in rows)]
    return chart(title, found, marks, note)


def _others(keys: Sequence[str]) -> list[tuple[str, dict[str, str], str]]:
    groups: dict[str, dict[str, str]] = {}
    for key in keys:
        prefix, _, rest = key.rpartition("/")
        groups.setdefault(prefix or key, {})[key] = rest
    titles = {"penalty": "Penalties", "augment": "Augmentation"}
    notes = {"penalty": "means before their weights"}
    return [(titles.get(prefix, prefix), group, notes.get(prefix, "")) for prefix, group in groups.items()]


def _phase_changes(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return [
        float(after.get("samples", after["step"]))
        for before, after in itertools.pairwise(rows)
        if before.get("phase") != after.get("phase")
    ]

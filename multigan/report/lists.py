"""The plain facts of a run as definition lists: environment, recipe, data, times, provenance."""

from collections.abc import Mapping, Sequence
from typing import Any

from multigan.core.html import Html, join, tag
from multigan.provenance.labels import SOURCE_TYPE

__all__ = ["duration", "environment", "key_facts", "lines", "provenance_note", "times"]

LONGEST = 40
UNKNOWN = "not known"
CENTURY = 100 * 366 * 24 * 3600.0
"""In seconds: no run takes longer."""
MOST = 1e12
"""Beyond any number that a run's record has: it was damaged."""


def key_facts(facts: Mapping[str, Any]) -> Html:
    """The few numbers at the head of a page; what is None is left out."""
    shown = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts.items() if value is not None]
    return tag("dl.facts", *shown)


def lines(found: Sequence[Any]) -> Html:
    """A list of at most 40 lines; the rest is counted."""
    more = [f"and {len(found) - LONGEST:,} more"] if len(found) > LONGEST else []
    return tag("ul", *(tag("li", line) for line in [*found[:LONGEST], *more]))


def environment(run: Mapping[str, Any], seed: int) -> Html:
    """Versions and the machine, as `run.json` has them."""
    names = {
        "multigan_version": "MultiGAN",
        "torch_version": "PyTorch",
        "python_version": "Python",
        "platform": "platform",
        "device": "device",
        "threads": "threads",
    }
    told = {name: UNKNOWN if _is_wild(run[key]) else run[key] for key, name in names.items() if key in run}
    return plain({**told, "seed of the run": seed, "seed of what is shown here": seed})


def times(seconds: Mapping[str, float], vitals: float, total: float | None) -> Html:
    """Time per phase, and of that the time for vitals."""
    told: dict[str, Any] = {f"phase {name}": duration(spent) for name, spent in seconds.items()}
    if vitals:
        told["of it measuring vitals"] = duration(vitals)
    if total is not None:
        told["last sitting in all"] = duration(total)
    return plain(told) if told else tag("p.note", "No times were logged.")


def plain(told: Mapping[str, Any]) -> Html:
    """A definition list."""
    return tag("dl.plain", *(join(tag("dt", name), tag("dd", value)) for name, value in told.items()))


def duration(seconds: float) -> str:
    """Seconds for people; what a damaged file has in their place, as NaN or less than nothing, is not known.

    Example:
        >>> duration(4000), duration(61), duration(2.34), duration(float("nan"))
        ('1 h 6 min', '1 min 1 s', '2.3 s', 'not known')
    """
    if not 0 <= seconds <= CENTURY:
        return UNKNOWN
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _is_wild(value: Any) -> bool:
    """Whether it is a number that no run has."""
    return isinstance(value, int | float) and not abs(value) <= MOST


def provenance_note(label: Mapping[str, str] | None) -> Html:
    """That everything shown is synthetic, and which weights made it."""
    weights = f" by the generator with weights {label['weights_sha256'][:16]}" if label else ""
    return tag(
        "p",
        f"All samples and interpolations on this page are synthetic: made{weights}. Pictures and sounds carry this as "
        "metadata (IPTC digital source type ",
        tag("code", SOURCE_TYPE.rsplit("/", 1)[-1]),
        "). Only what is called a training item comes from the training data.",
    )

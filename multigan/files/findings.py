"""What an inspection of data says: findings with a severity, evidence and a cure, and what was counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.plain import one_line

if TYPE_CHECKING:
    from multigan.core.types import Spec

__all__ = [
    "SEVERITIES",
    "Finding",
    "Severity",
    "Survey",
    "Tick",
    "finding",
    "listed",
    "refuse_hardly_any",
    "shown",
    "too_few",
]

Severity: TypeAlias = Literal["note", "warning", "fault"]
SEVERITIES: tuple[Severity, ...] = ("note", "warning", "fault")
NAMES = 5
FEW_ITEMS = 100
"""Below this, a generator mostly learns its items by heart; the loaders say so at the same number."""
HARDLY_ANY = 8
COLLECT = "collect some hundreds"

Tick: TypeAlias = Callable[[int, int], None]
"""`tick(done, total)`: called after each file, for a progress bar."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        severity: `"note"` is good to know; `"warning"` makes samples worse; `"fault"` is broken and wants mending.
        name: of the check, a stable slug such as `"unreadable"`.
        what: one sentence with its count.
        evidence: names of files, lines or classes with their figures, the first few; the last entry counts the rest.
        count: how many items it concerns.
        fix: what to do or type.
    """

    severity: Severity
    name: str
    what: str
    evidence: tuple[str, ...] = ()
    count: int = 0
    fix: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


class Survey(NamedTuple):
    """What a modality's inspection hands back.

    Attributes:
        counts: what was counted, name to value, in the order in which people want to read it.
        findings: in any order.
        items: how many samples training would draw from.
        spec: what one sample would be, or None where nothing can be trained on.
        classes: how many of the samples each class has, by its name.
    """

    counts: Mapping[str, str]
    findings: Sequence[Finding]
    items: int
    spec: "Spec | None" = None
    classes: Mapping[str, int] = MappingProxyType({})


@dataclass
class _Counted:
    """A list that is kept short while it is counted."""

    first: list[str] = field(default_factory=list)
    count: int = 0


def finding(severity: Severity, name: str, what: str, evidence: Iterable[str], fix: str) -> list[Finding]:
    """One finding about all of `evidence`, or none where it is empty.

    Args:
        severity: see `Finding`.
        name: of the check.
        what: the sentence; `{n}` becomes the count with thousands marked, `{s}` the plural's s.
        evidence: one entry an item; only the first few are kept.
        fix: what to do or type.

    Example:
        >>> finding("note", "odd", "{n} odd file{s}", ["a.png"], "look at them")[0].what
        '1 odd file'
    """
    kept = _Counted()
    for entry in evidence:
        kept.count += 1
        if kept.count <= NAMES:
            kept.first.append(entry)
    if not kept.count:
        return []
    sentence = what.replace("{n}", f"{kept.count:,}").replace("{s}", "" if kept.count == 1 else "s")
    return [Finding(severity, name, sentence, listed(kept.first, kept.count), kept.count, fix)]


def listed(first: Sequence[str], count: int) -> tuple[str, ...]:
    """The first few entries, and how many more there are."""
    kept = tuple(first[:NAMES])
    return (*kept, f"and {count - len(kept):,} more") if count > len(kept) else kept


def shown(name: str | Path, root: Path | None = None) -> str:
    """A file name for one line of print: relative to `root`, with line breaks and bytes that are no text escaped.

    Example:
        >>> shown("a" + chr(10) + "b.png") == "a" + chr(92) + "nb.png"
        True
    """
    path = Path(name)
    text = str(path.relative_to(root)) if root is not None and path != root and root in path.parents else str(name)
    return one_line(text)


def refuse_hardly_any(items: int) -> None:
    """Training refuses what the doctor calls a fault: statistics of so few are not finite.

    Raises:
        DataError: there are fewer than 8 samples.
    """
    for one in too_few(items, "samples", 1):
        if one.severity == "fault":
            raise DataError(one.what, f"at least {HARDLY_ANY}", one.fix)


def too_few(items: int, noun: str, batch: int) -> list[Finding]:
    """Whether there is enough to train on at all.

    Args:
        items: how many samples there are.
        noun: what they are, in the plural.
        batch: samples in a batch of the recipe.
    """
    if items >= FEW_ITEMS:
        return []
    said = counted(items, noun.removesuffix("s"))
    if items < HARDLY_ANY:
        return [Finding("fault", "too-few", f"only {said}: too few to train on", (), items, COLLECT)]
    repeated = f"; every batch of {batch} holds some of them more than once" if items < batch else ""
    what = f"only {said}: the generator will mostly learn them by heart{repeated}"
    return [Finding("warning", "too-few", what, (), items, "collect some hundreds, better thousands")]

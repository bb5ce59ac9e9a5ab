"""`data.json` of a run: the identity of its data, and what was changed between sittings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.core.counted import counted
from multigan.identity.fingerprint import Identity
from multigan.recipe.recipe import Recipe
from multigan.run.files import read_strict

__all__ = ["FILE", "Change", "Record", "placed", "read_record", "write_record"]

FILE = "data.json"
FORMAT = 1
Line = Annotated[str, Field(pattern=r"^[0-9a-f]{32} [0-9]{1,18} (?s:.)")]


@dataclass(frozen=True)
class Change:
    """That a run went on with other data.

    Attributes:
        samples: real samples seen until then.
        what: what differed, in words.
    """

    samples: int
    what: tuple[str, ...]

    def line(self) -> str:
        """For people."""
        return f"the data was changed after {counted(self.samples, 'sample')}: {'; '.join(self.what)}"


@dataclass(frozen=True)
class Record:
    """What a run knows of its data.

    Attributes:
        identity: of the data that it was last trained on.
        changes: oldest first; none in a run that can claim that what is held out was never trained on.
    """

    identity: Identity
    changes: tuple[Change, ...] = ()

    def warnings(self) -> list[str]:
        """One line for each change, without names of files: warnings may be published."""
        return [
            f"the data was changed after {counted(change.samples, 'sample')} ({FILE} says how); "
            f"what is held out now may have "
            "been trained on before"
            for change in self.changes
        ]

    def claim(self, reason: str, held_out: int) -> str:
        """The line that says what is held out, as far as it is true of the whole run."""
        if not self.changes or not held_out:
            return reason
        return (
            f"{held_out:,} of {counted(self.identity.items, 'item')} are held out from here on; "
            f"the data was changed during the "
            "run, so they may have been trained on before"
        )

    def changed_to(self, identity: Identity, samples: int, what: Sequence[str]) -> "Record":
        """The record of a run that goes on with `identity`; without words in `what` it is the same data."""
        changes = (*self.changes, Change(samples, tuple(what))) if what else self.changes
        return replace(self, identity=identity, changes=changes)


def read_record(folder: Path) -> Record | None:
    """The `data.json` of a run, or None where it was written by a version that kept none.

    Raises:
        RunError: it is damaged.
    """
    cure = "copy it again, or delete it: then nobody can tell whether the data is still the same"
    plain = read_strict(folder / FILE, _Plain, cure)
    if plain is None:
        return None
    changes = tuple(Change(change.samples, tuple(change.what)) for change in plain.changes)
    return Record(Identity.from_json(plain.identity.model_dump()), changes)


def write_record(folder: Path, record: Record) -> None:
    """Write `data.json`, whole or not at all.

    Raises:
        WriteError: it cannot be written.
    """
    changes = [{"samples": change.samples, "what": list(change.what)} for change in record.changes]
    plain = {"format": FORMAT, "identity": record.identity.to_json(), "changes": changes}
    replace_file(folder / FILE, strict_json.dumps(plain, indent=1) + "\n")


def placed(recipe: Recipe, source: str) -> Recipe:
    """The recipe with its data at another place."""
    return recipe.model_copy(update={"data": recipe.data.model_copy(update={"source": source})})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _PlainIdentity(_Strict):
    source: str
    items: NonNegativeInt
    shape: list[int]
    classes: list[str]
    meta: dict[str, Any]
    labels: str
    held_out: str
    files: list[Line]
    sample: list[Annotated[list[float], Field(min_length=2, max_length=2)]]
    taken: bool = False


class _PlainChange(_Strict):
    samples: NonNegativeInt
    what: list[str]


class _Plain(_Strict):
    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    identity: _PlainIdentity
    changes: list[_PlainChange]

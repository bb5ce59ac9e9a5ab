"""The JSON files of a run directory, which may be damaged or come from others: read by a layout, or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from multigan.core.errors import RunError
from multigan.core.later import by_later
from multigan.core.shell import typed

__all__ = ["out_of_the_way", "read_run_file", "read_strict"]

M = TypeVar("M", bound=BaseModel)


def _bounded(value: float) -> float:
    """What a float can hold; NaN and infinity are left to those who show them."""
    if isinstance(value, int) and abs(value) > 2**63:
        raise ValueError("is too large")
    return value


def _shallow(value: Any, depth: int = 0) -> Any:
    """JSON values with bounded numbers that are nested no deeper than people nest them."""
    if depth > 20:
        raise ValueError("is nested too deeply")
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in below:
        _shallow(inner, depth + 1)
    return _bounded(value) if isinstance(value, int) else value


Number: TypeAlias = Annotated[int | float, AfterValidator(_bounded)]
Text: TypeAlias = str | None
Free: TypeAlias = Annotated[Any, AfterValidator(_shallow)]


class _Known(BaseModel):
    """Keys that are read have their types; others are kept as they are, since versions differ."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, Free] = Field(init=False)


class _Extractor(_Known):
    name: Text = None
    sha256: Text = None


class _Run(_Known):
    seconds: Number | None = None
    interrupted_by: Text = None
    counts: dict[str, Number] | None = None
    extractor: _Extractor | None = None
    data: list[str] = []
    data_changes: list[str] = []


class _Verdict(_Known):
    name: Text = None
    evidence: list[str] = []
    signs: list[str] = []
    command: Text = None
    why: Text = None
    failure: Text = None


class _Score(_Known):
    key: str
    title: Text = None
    group: Text = None
    better: Text = None
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    floor: Number | None = None
    baseline: Number | None = None
    interval: Text = None
    floor_note: Text = None
    baseline_note: Text = None
    extractor: Text = None
    note: Text = None
    unit: Text = None
    n_fake: Number | None = None
    n_real: Number | None = None


class _Generator(_Known):
    which: Text = None
    weights_sha256: Text = None


class _Copying(_Known):
    told: bool = True
    why_not: Text = None
    memorising: bool = False


class _Evaluation(_Known):
    scores: list[_Score] = []
    verdict: list[str] = []
    warnings: list[str] = []
    flags: dict[str, str] | None = None
    extractor: _Extractor | None = None
    generator: _Generator | None = None
    copying: _Copying | None = None
    counts: dict[str, Number | Text] | None = None
    curves: dict[str, Free] | None = None


LAYOUTS: Mapping[str, type[_Known]] = {"run.json": _Run, "verdict.json": _Verdict, "evaluation.json": _Evaluation}


def read_run_file(folder: Path, name: str) -> dict[str, Any] | None:
    """A file that a run wrote about itself, as it was written; None where there is none.

    Args:
        folder: the run directory.
        name: `"run.json"`, `"verdict.json"` or `"evaluation.json"`.

    Raises:
        RunError: it is damaged: no JSON object, or a value of another kind than is written there; or it is a folder.
    """
    path = folder / name
    if path.is_dir():
        raise RunError(f"{path} is a folder", "the JSON that MultiGAN wrote", out_of_the_way(path))
    if not path.is_file():
        return None
    with by_later(folder / "run.json"):
        return _read(path, name)


def _read(path: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        LAYOUTS[name].model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "all of it"
        raise _damaged(path, f"{where[:80]!r}: {first['msg']}") from None
    except (OSError, ValueError, RecursionError) as error:
        empty = isinstance(error, ValueError) and not path.stat().st_size
        raise _damaged(path, "it is empty" if empty else str(error)) from error
    return dict(found)


def out_of_the_way(path: Path) -> str:
    """What to type where a folder has the name of a file that is to be written."""
    return f"move it away: mv {typed(path)} {typed(str(path) + '.old')}"


def _damaged(path: Path, why: str) -> RunError:
    anew = {"run.json": "train --resume", "verdict.json": "doctor", "evaluation.json": "evaluate"}[path.name]
    fix = f"type multigan {anew} {typed(path.parent)}, which writes it anew, or delete it"
    return RunError(f"{path} is damaged: {why}", "the JSON that MultiGAN wrote", fix)


def read_strict(path: Path, layout: type[M], cure: str) -> M | None:
    """A file that training alone writes, by a layout that knows all its keys; None where there is none.

    Args:
        path: the file.
        layout: what it holds.
        cure: what to do where it is damaged.

    Raises:
        RunError: it is damaged.
    """
    try:
        return layout.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, ValidationError) as error:
        why = "its layout is another" if isinstance(error, ValidationError) else str(error)
        raise RunError(f"{path} is damaged ({why})", "what training wrote", cure) from error

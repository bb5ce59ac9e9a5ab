"""Files of samples, of this or any other system, to scores."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from multigan.core.errors import DataError, RunError, UnknownNameError, did_you_mean
from multigan.files.listing import beside
from multigan.generator.generator import load
from multigan.plugins.text.evaluation import findings, text_scores
from multigan.plugins.text.frame import LEVELS
from multigan.plugins.text.likelihood import Mean, held_out_oracle_texts
from multigan.plugins.text.oracle import Oracle
from multigan.plugins.text.read import SUFFIXES, Reading, read_files
from multigan.plugins.text.remarks import report_lines

__all__ = ["numbers", "score_files"]

ORACLE_TEXTS = 2000


def score_files(  # noqa: PLR0913  (three files and how to compare them)
    samples: Path,
    reference: Path,
    train: Path | None = None,
    *,
    level: str = "word",
    most: int = 500,
    seed: int = 0,
    oracle: Path | None = None,
    column: str = "",
) -> dict[str, Any]:
    """Score a file of texts, or of ids with spaces between, against a file of real lines.

    Args:
        samples: one sample a line; an empty line is an empty sample, but empty lines at the end are none.
        reference: real lines that the system was not trained on; half of them are references, half make the floor.
        train: its training lines.
        level: `"word"` (ids too) or `"char"`.
        most: lines in every compared set.
        seed: of the choice of lines.
        oracle: a run (or generator folder) trained on the synthetic oracle: ids are scored under that oracle too.
        column: of CSV, TSV and JSONL files, as for training; empty = `text`, or the only one.

    Raises:
        UnknownNameError: no such level.
        DataError: a file cannot be read, or has too few lines.
    """
    if level not in LEVELS:
        raise UnknownNameError(f"there is no level '{level}'", "", did_you_mean(level, LEVELS))
    files = [file for file in (samples, reference, train) if file is not None]
    for file in files:
        _refuse_folder(file)
    read = {file: _read(file, column) for file in files}
    places, mine = _samples(read[samples])
    real, known = read[reference].texts(), None if train is None else read[train].texts()
    rows = text_scores(mine, real, known, level=level, most=most, seed=seed)
    if oracle is not None:
        rows.insert(0, _oracle_row([f"{samples}:{number}" for number in places], mine, oracle))
    shown = {row["key"]: row for row in rows}["bleu_4"]
    counts = {"samples": len(mine), "compared": shown["n_fake"], "references": shown["n_real"]}
    return {
        "file": str(samples),
        "reference": str(reference),
        "train": None if train is None else str(train),
        "level": level,
        "seed": seed,
        "counts": {**counts, "train": None if known is None else len(known)},
        "scores": rows,
        "findings": [*_said(read, samples), *findings(rows)],
    }


def numbers(text: str) -> list[float]:
    """Temperatures from `".5,1,1.5"`.

    Raises:
        DataError: not all are numbers above 0, or they are fewer than two.
    """
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = []
    if len(found) < 2 or not all(0 < number < float("inf") for number in found):
        raise DataError(f"temperatures '{text}'", "two or more numbers above 0", "type --temperatures .5,.7,1,1.3")
    return found


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        fix = "pictures and sounds of a run are judged by multigan evaluate RUN; lines go into one file"
        raise DataError(f"{path} is a folder: score reads texts", "a file of texts or ids, one sample a line", fix)


def _read(file: Path, column: str) -> Reading:
    if not file.is_file():
        raise DataError(f"there is no file '{file}'", " ".join(SUFFIXES), did_you_mean(file.name, beside(file)))
    reading = read_files(file, column)
    if reading.refused:
        raise reading.refused[0]
    reading.texts()  # says what was left out, where nothing is left
    return reading


def _said(read: Mapping[Path, Reading], samples: Path) -> list[str]:
    """What was left out or changed; an empty line among the samples is a sample, and not left out."""
    return [
        line
        for file, reading in read.items()
        for line in report_lines([one for one in reading.findings() if file != samples or one.name != "empty-lines"])
    ]


def _samples(reading: Reading) -> tuple[list[int], list[str]]:
    """Lines and texts; an empty line is an empty sample, but those at the end are none."""
    (file,) = reading.files
    texts = list(file.texts)
    while texts and not texts[-1]:
        texts.pop()
    return list(file.numbers[: len(texts)]), texts


def _oracle_row(places: Sequence[str], lines: Sequence[str], run: Path) -> dict[str, Any]:
    """Mean NLL of ids under the oracle of a run; its floor is that of fresh oracle texts."""
    spec = load(run).spec
    if "oracle" not in spec.meta:
        raise RunError(f"{run} was not trained on the oracle", "a run of text/oracle-small or the like")
    oracle = Oracle(**spec.meta["oracle"])
    nll, floor = (
        Mean.of(oracle.nll(_ids(places, lines, oracle))),
        oracle.nll(held_out_oracle_texts(oracle, ORACLE_TEXTS)),
    )
    return {
        "key": "nll_oracle",
        "title": "NLL under the oracle",
        "group": "quality",
        "better": "near floor",
        "note": "nats per token; below the floor = lost diversity",
        "value": nll.value,
        "low": nll.value - 1.96 * nll.error,
        "high": nll.value + 1.96 * nll.error,
        "interval": "95 %, 1.96 standard errors over texts",
        "floor": floor.mean().item(),
        "floor_note": f"{ORACLE_TEXTS} fresh texts of the oracle",
        "baseline": None,
        "baseline_note": None,
        "n_fake": len(lines),
        "n_real": None,
    }


def _ids(places: Sequence[str], lines: Sequence[str], oracle: Oracle) -> torch.Tensor:
    rows = []
    for place, line in zip(places, lines, strict=True):
        words = line.split()
        if len(words) != oracle.length or not all(w.isascii() and w.isdigit() and int(w) < oracle.vocab for w in words):
            expected = f"{oracle.length} ids from 0 to {oracle.vocab - 1} a line"
            raise DataError(f"{place} is no text of the oracle: '{line[:40]}'", expected, "correct that line")
        rows.append([int(word) for word in words])
    return torch.tensor(rows)

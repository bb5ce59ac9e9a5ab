"""Files of samples, of this or any other system, to scores."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from multigan.errors import DataError, RunError, UnknownNameError, did_you_mean
from multigan.folders import beside
from multigan.generator import load
from multigan.plugins.text.data import SUFFIXES, lines_of
from multigan.plugins.text.evaluation import findings, text_scores
from multigan.plugins.text.frame import LEVELS
from multigan.plugins.text.likelihood import Mean, held_out_oracle_texts
from multigan.plugins.text.oracle import Oracle

__all__ = ["numbers", "score_files"]

ORACLE_TEXTS = 2000


def score_files(
    samples: Path,
    reference: Path,
    train: Path | None = None,
    *,
    level: str = "word",
    most: int = 500,
    seed: int = 0,
    oracle: Path | None = None,
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

    Raises:
        UnknownNameError: no such level.
        DataError: a file cannot be read, or has too few lines.
    """
    if level not in LEVELS:
        raise UnknownNameError(f"there is no level '{level}'", "", did_you_mean(level, LEVELS))
    mine, real = _lines(samples), [line for line in _lines(reference) if line]
    known = None if train is None else [line for line in _lines(train) if line]
    rows = text_scores(mine, real, known, level=level, most=most, seed=seed)
    if oracle is not None:
        rows.insert(0, _oracle_row(samples, mine, oracle))
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
        "findings": findings(rows),
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


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        raise DataError(f"there is no file '{file}'", " ".join(SUFFIXES), did_you_mean(file.name, beside(file)))
    lines = [line.strip() for line in lines_of(file, "")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _oracle_row(file: Path, lines: Sequence[str], run: Path) -> dict[str, Any]:
    """Mean NLL of ids under the oracle of a run; its floor is that of fresh oracle texts."""
    spec = load(run).spec
    if "oracle" not in spec.meta:
        raise RunError(f"{run} was not trained on the oracle", "a run of text/oracle-small or the like")
    oracle = Oracle(**spec.meta["oracle"])
    nll, floor = Mean.of(oracle.nll(_ids(file, lines, oracle))), oracle.nll(held_out_oracle_texts(oracle, ORACLE_TEXTS))
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


def _ids(file: Path, lines: Sequence[str], oracle: Oracle) -> torch.Tensor:
    rows = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if len(words) != oracle.length or not all(w.isascii() and w.isdigit() and int(w) < oracle.vocab for w in words):
            expected = f"{oracle.length} ids from 0 to {oracle.vocab - 1} a line"
            raise DataError(f"{file}:{number} is no text of the oracle: '{line[:40]}'", expected, "correct that line")
        rows.append([int(word) for word in words])
    return torch.tensor(rows)

"""Text scores with their frames: floor, interval, trivial baselines, counts.

They are abilities of the modality: see `Scores`, `Likely` and `Curves` in `multigan.plugins.abilities`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.generators import Reading, Reweighted
from multigan.core.types import Spec
from multigan.plugins.text.blocks import RESAMPLES, Parts, all_scores
from multigan.plugins.text.frame import FEWEST, Frame, make_frame, tokenized
from multigan.plugins.text.likelihood import Mean, held_out_oracle_texts, mean_row, nll_of, oracle_scores, sampled_ids
from multigan.plugins.text.oracle import Oracle
from multigan.plugins.text.reweighted import reweighted_rows

__all__ = ["findings", "level_of", "model_rows", "own_rows", "text_scores"]

ORACLE_TEXTS = 2000


class _About(NamedTuple):
    title: str
    group: str
    better: str
    note: str
    unit: str = ""


HOW = {True: "95 % Wilson over lines", False: f"95 % bootstrap over lines, {RESAMPLES} resamples"}


def _abouts() -> dict[str, _About]:
    found = {
        "lm_nll": _About("NLL of samples", "quality", "near floor", "nats per token, by a model of the references"),
        "reverse_nll": _About("reverse NLL", "similarity", "lower", "nats per token, by a model of samples"),
    }
    for n in (2, 3, 4, 5):
        found[f"bleu_{n}"] = _About(f"BLEU-{n}", "quality", "higher", "smoothing 1; grows with the references")
        found[f"self_bleu_{n}"] = _About(f"self-BLEU-{n}", "diversity", "near floor", "smoothing 1; self excluded")
    for n in (1, 2, 3, 4):
        found[f"distinct_{n}"] = _About(f"distinct-{n}", "diversity", "near floor", "falls with the number of texts")
    found["unique"] = _About("unique", "diversity", "near floor", "share of different texts", "%")
    found["novel"] = _About("novel", "memorisation", "near floor", "share that is no training line", "%")
    found["longest_copy"] = _About("longest copied run", "memorisation", "near floor", "mean tokens, from one line")
    found["repeated_4"] = _About("4-grams of training", "memorisation", "near floor", "share", "%")
    return found


ABOUT = _abouts()


def text_scores(
    samples: Sequence[str],
    held_out: Sequence[str],
    train: Sequence[str] | None = None,
    *,
    level: str = "word",
    most: int = 500,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """All scores that need only texts.

    Half of the held-out lines are references; the floor of every score is that of the other half in the place of
    samples, in the same number. The baseline is text drawn from an n-gram model; `shuffled` is the score of the
    samples' own tokens shuffled over all of them.

    Args:
        samples: what is judged, at least 8 lines.
        held_out: real lines that were not trained on, at least 16.
        train: the training lines; without them nothing is said of copying, and the baseline knows only the references.
        level: `"word"` (white space between; ids too) or `"char"`.
        most: of all compared sets; fewer where there are fewer.
        seed: of the choice of lines and of the trivial texts.

    Raises:
        DataError: too few lines.
    """
    texts = tokenized(samples, level), tokenized(held_out, level), None if train is None else tokenized(train, level)
    frame = make_frame(*texts, level=level, most=most, seed=seed)
    sets = (frame.samples, frame.real, frame.trivial, frame.shuffled)
    scored = [all_scores(these, frame) for these in sets]
    return [_row(key, [found[key] for found in scored], frame, seed) for key in ABOUT if key in scored[0]]


def own_rows(samples: Sequence[str], real: Sequence[str], train: Sequence[str], spec: Spec) -> list[dict[str, Any]]:
    """`text_scores` for an evaluation: the level is the vocabulary's; too few lines give no rows, and no error."""
    if len(samples) < FEWEST or len(real) < 2 * FEWEST:
        return []
    return text_scores(samples, real, train or None, level=level_of(spec))


def level_of(spec: Spec) -> str:
    """Characters for vocabularies of characters, else words."""
    return "char" if spec.meta["vocabulary"]["kind"] == "character" else "word"


def model_rows(G: nn.Module, held_out: Tensor, spec: Spec, seed: int = 0) -> list[dict[str, Any]]:
    """Likelihoods under G of held-out ids `(n, length)`; against the oracle, of fresh oracle texts and G's own.

    A net without `logits` has no likelihood, and gets no rows. One whose samples have weights gets those of
    `multigan.plugins.text.reweighted`.
    """
    if isinstance(G, Reweighted):
        return reweighted_rows(G, held_out, spec, seed)
    if not isinstance(G, Reading):
        return []
    if "oracle" not in spec.meta:
        return [mean_row("nll_test", "held-out NLL", "similarity", "lower", Mean.of(nll_of(G, held_out)))]
    oracle = Oracle(**spec.meta["oracle"])
    scores = oracle_scores(
        G, oracle, held_out_oracle_texts(oracle, ORACLE_TEXTS, seed), sampled_ids(G, ORACLE_TEXTS, seed, 1.0)
    )
    floor = scores.floor.value
    return [
        mean_row("reverse_kl", "KL(G || oracle)", "quality", "lower", scores.reverse_kl, 0.0),
        mean_row("forward_kl", "KL(oracle || G)", "similarity", "lower", scores.forward_kl, 0.0),
        mean_row("nll_oracle", "NLL under the oracle", "quality", "near floor", scores.nll_oracle, floor),
        mean_row("nll_test", "held-out NLL", "similarity", "lower", scores.nll_test, floor),
        mean_row("own_entropy", "own entropy", "diversity", "near floor", scores.own_entropy, floor),
    ]


def findings(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the scores say in words: plain faults only, each with its number and the number for real text."""
    by_key = {row["key"]: row for row in rows}
    lines = []
    unique, nll, novel = by_key["unique"], by_key["lm_nll"], by_key.get("novel")
    own, reverse = by_key["self_bleu_4"], by_key["reverse_nll"]
    if unique["value"] < 0.9 * unique["floor"]:
        lines.append(f"repeats itself: {unique['value']:.1%} of the samples are unique, {unique['floor']:.1%} of reals")
    if novel is not None and novel["high"] < novel["floor"] - 0.1:
        mine, reals = 1 - novel["value"], 1 - novel["floor"]
        lines.append(f"copies: {mine:.1%} of the samples are training lines, {reals:.1%} of reals")
    if nll["value"] > 0.95 * nll["shuffled"]:
        frame = f"shuffled {nll['shuffled']:.2f}, reals {nll['floor']:.2f}"
        lines.append(f"no better than its own tokens shuffled: NLL {nll['value']:.2f}, {frame}")
    if nll["high"] < nll["floor"]:
        lines.append(
            f"likelier than reals: NLL {nll['value']:.2f}, reals {nll['floor']:.2f}: lost diversity, or peeking"
        )
    if own["low"] > own["floor"] and reverse["low"] > reverse["floor"]:
        lines.append(f"less diverse than reals: self-BLEU-4 {own['value']:.2f} against {own['floor']:.2f}")
    return lines or ["no plain fault: judge by the distances to the floor"]


def _row(key: str, parts: Sequence[Parts], frame: Frame, seed: int) -> dict[str, Any]:
    mine, real, trivial, shuffled = parts
    about, copying = ABOUT[key], ABOUT[key].group == "memorisation"
    low, high = mine.interval(seed) or (None, None)
    return {
        "key": key,
        **about._asdict(),
        "value": mine.value,
        "low": low,
        "high": high,
        "interval": None if low is None else HOW[mine.is_share],
        "floor": real.value,
        "floor_note": f"{counted(frame.n, 'real line')} in the place of samples",
        "baseline": trivial.value,
        "baseline_note": f"text of a {frame.order - 1}-gram model",
        "shuffled": shuffled.value,
        "n_fake": frame.n,
        "n_real": len(frame.train or []) if copying else len(frame.references),
    }

"""Quality against diversity over temperature, of a GAN and of the maximum-likelihood start that it was made from.

A GAN that writes better text than its start may only have lost diversity, which a lower temperature does to any
language model for nothing. So both are drawn at many temperatures and compared where their quality is the same.

Source: Caccia et al. 2020, "Language GANs falling short": temperature sweeps of all models.
Departures: models of counts judge in place of LSTMs; the difference is averaged over the qualities that both reach.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins.text.blocks import Parts, bleu_parts, judge_parts, self_bleu_parts
from multigan.plugins.text.frame import Judges, pick, tokenized
from multigan.plugins.text.likelihood import sampled_ids
from multigan.plugins.text.vocabulary import Vocabulary

__all__ = ["GAN", "START", "TEMPERATURES", "Gap", "curves", "gap", "verdict"]

TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
GAN, START = "GAN", "MLE start"
RESAMPLES = 300
PLACES = 21
# (quality, its sign as a cost, diversity as a cost)
PAIRS = {"reverse_nll": ("lm_nll", 1), "self_bleu_5": ("bleu_5", -1)}

Measured = Sequence[Sequence[Mapping[str, Parts]]]
"""By temperature, then by seed: the scores of one set of samples."""


class Gap(NamedTuple):
    """By how much the GAN is less diverse than its start at the same quality; below 0 it is more diverse.

    Attributes:
        value, low, high: mean over a range of quality, with its 95 % bootstrap interval; nan without a range.
        quality: the range, see `gap`.
    """

    value: float
    low: float
    high: float
    quality: tuple[float, float]


def curves(  # noqa: PLR0913  (two systems, their texts, and how much to draw)
    nets: Mapping[str, nn.Module],
    held_out: Sequence[str],
    train: Sequence[str],
    spec: Spec,
    *,
    level: str,
    temperatures: Sequence[float] = TEMPERATURES,
    samples: int = 500,
    seeds: Sequence[int] = (0, 1),
) -> dict[str, Any]:
    """Draw every net at every temperature, score, compare; JSON values.

    Args:
        nets: `GAN` and `START`, in evaluation mode.
        held_out: real lines that were not trained on: references, and what the judge learns.
        train: training lines: as many as samples are scored as `real`, the point that an ideal generator would reach.
        spec: of the nets.
        level: `"word"` or `"char"`.
        temperatures: of both.
        samples: at each point and seed.
        seeds: every point is drawn again with each.
    """
    vocabulary = Vocabulary.from_meta(spec.meta)
    real = tokenized(train, level)
    judges = Judges.of(tokenized(held_out, level), real, level)

    def measured(net: nn.Module, temperature: float, seed: int) -> dict[str, Parts]:
        ids = sampled_ids(net, samples, seed, temperature).tolist()
        return _scores(tokenized([vocabulary.decode(row) for row in ids], level), judges)

    points = {name: [[measured(net, t, seed) for seed in seeds] for t in temperatures] for name, net in nets.items()}
    own = min(range(len(temperatures)), key=lambda k: abs(temperatures[k] - 1))
    gaps = {key: gap(points[GAN], points[START], key, own) for key in PAIRS}
    return {
        "temperatures": list(temperatures),
        "n_fake": samples,
        "n_real": len(held_out),
        "seeds": list(seeds),
        "systems": {name: [_means(at) for at in of_net] for name, of_net in points.items()},
        "real": _means([_scores(pick(real, samples, Draw(0), "real"), judges)]),
        "gaps": {key: {**found._asdict(), "quality": list(found.quality)} for key, found in gaps.items()},
        "verdict": [verdict(key, found) for key, found in gaps.items()],
    }


def gap(gan: Measured, start: Measured, diversity: str, own: int) -> Gap:
    """The difference in a diversity (a cost: `reverse_nll` or `self_bleu_5`) at the same quality.

    The range goes from the best quality that both reach to the worse of the two at point number `own`, where the
    temperature is 1: nobody wants text that is worse than that.
    Both curves are lines between their points. Every resampling draws lines and seeds anew; held-out lines, which
    `reverse_nll` is of, are the same for all points of one resampling.
    """
    quality, sign = PAIRS[diversity]
    plain = [[_plain(of, key) for key in (quality, diversity)] for of in (gan, start)]
    low, high = max(min(sign * q) for q, _ in plain), min(max(sign * q) for q, _ in plain)
    high = min(high, max(sign * q[own] for q, _ in plain))
    if not low < high:
        return Gap(float("nan"), float("nan"), float("nan"), (float("nan"), float("nan")))
    places = np.linspace(low, high, PLACES)
    value = _difference(plain, sign, places)
    again = [[_resampled(of, key, number) for key in (quality, diversity)] for number, of in enumerate((gan, start))]
    draws = [_difference([[q[k], d[k]] for q, d in again], sign, places) for k in range(RESAMPLES)]
    below, above = np.quantile(draws, [0.025, 0.975]).tolist()
    ends = sorted((float(sign * low), float(sign * high)))
    return Gap(value, below, above, (ends[0], ends[1]))


def verdict(diversity: str, found: Gap) -> str:
    """A gap in words."""
    quality = {"reverse_nll": "NLL of samples", "self_bleu_5": "BLEU-5"}[diversity]
    unit = {"reverse_nll": "nats per token of reverse NLL", "self_bleu_5": "of self-BLEU-5"}[diversity]
    if found.value != found.value:
        return f"by {quality}: the two never have the same quality at these temperatures, so nothing can be compared"
    interval = f"{abs(found.value):.3f} {unit} (95 % {found.low:+.3f} to {found.high:+.3f}, + = less diverse)"
    if found.low <= 0 <= found.high:
        return f"at the same {quality} the GAN and its own MLE start differ by {interval}: within noise"
    less = found.value > 0
    bought = "nothing that a lower temperature does not give" if less else "diversity at equal quality"
    kind = "less" if less else "more"
    return f"at the same {quality} the GAN is {kind} diverse than its own MLE start by {interval}: it bought {bought}"


def _scores(texts: Sequence[Sequence[Any]], judges: Judges) -> dict[str, Parts]:
    found = {**judge_parts(texts, judges), **bleu_parts(texts, judges), **self_bleu_parts(texts)}
    return {key: found[key] for pair in PAIRS.items() for key in (pair[0], pair[1][0])}


def _means(by_seed: Sequence[Mapping[str, Parts]]) -> dict[str, float]:
    return {key: sum(found[key].value for found in by_seed) / len(by_seed) for key in by_seed[0]}


def _plain(of: Measured, key: str) -> Any:
    return np.array([_means(by_seed)[key] for by_seed in of])


def _resampled(of: Measured, key: str, system: int) -> Any:
    """`(resamples, temperatures)`: means over redrawn seeds of scores of redrawn lines."""
    columns = [_redrawn([found[key] for found in by_seed], key, f"{system}/{t}") for t, by_seed in enumerate(of)]
    return torch.stack(columns, 1).numpy()


def _redrawn(parts: Sequence[Parts], key: str, place: str) -> Tensor:
    n, paired = len(parts[0].sums), key == "reverse_nll"
    drawn = []
    for seed, part in enumerate(parts):
        purpose = "paired" if paired else f"{key}/{place}/{seed}"
        choice = torch.randint(n, (RESAMPLES, n), generator=Draw(0).generator(f"text/curve/{purpose}"))
        drawn.append(part.resampled(choice))
    shape = (len(parts), RESAMPLES)
    seeds = torch.randint(len(parts), shape, generator=Draw(0).generator(f"text/curve/seeds/{key}/{place}"))
    return torch.stack(drawn).gather(0, seeds).mean(0)


def _difference(pairs: Sequence[Sequence[Any]], sign: int, places: Any) -> float:
    lines = []
    for quality, diversity in pairs:
        order = np.argsort(sign * quality)
        lines.append(np.interp(places, (sign * quality)[order], diversity[order]))
    return float((lines[0] - lines[1]).mean())

"""Discriminative score, next-step error, autocorrelations: `python measure.py google 0 1 2 [key=value ...]`.

Held out: 30 % of the windows in whole blocks, never trained on. One line a score: the mean over seeds (of G, of the
split and of the forest), its deviation, and each.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, stdev

import torch
from multigan_series import modality, scores
from torch import Tensor

import multigan
from multigan.build import build_split
from multigan.core.draw import Draw
from multigan.metrics.memorisation import nearest
from multigan.recipe.recipe import load_recipe


def main(source: str, seeds: list[int], sets: list[str]) -> None:
    """Measure a series for some seeds."""
    rows = [measure(source, seed, sets) for seed in seeds]
    for name in rows[0]:
        values = [row[name] for row in rows]
        spread = f" ± {stdev(values):.4f}" if len(values) > 1 else ""
        print(f"{source} {name}: {mean(values):.4f}{spread}  {[round(v, 4) for v in values]}", flush=True)


def measure(source: str, seed: int, sets: list[str]) -> dict[str, float]:
    """One run."""
    recipe = load_recipe("series/windows", [f"data.source={source}", f"train.seed={seed}", "train.report=false", *sets])
    data = modality.load(source, **recipe.data.options)
    split = build_split(recipe, data)
    train, test = (modality.to_real(data.items.take(k, Draw(0)), data.spec) for k in (split.train, split.held_out))
    floor = scores.discriminative(_halves(data, split.train, seed), _halves(data, split.held_out, seed), seed)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        run = multigan.train(recipe, run=Path(folder) / "run", quiet=True)
        fakes = run.generator.tensors(len(train) + len(test), seed=seed)
    seconds = time.perf_counter() - began
    fake, other = fakes[: len(train)], fakes[len(train) :]
    near = [nearest(x.flatten(1), train.flatten(1))[0].median().item() for x in (fake, test)]
    return {
        "windows trained on": len(train),
        "windows held out": len(test),
        "seconds": seconds,
        "accuracy of real or synthetic": scores.discriminative((train, fake), (test, other), seed),
        "accuracy of real or other real": floor,
        "next step, from real": scores.next_step_error(train, test),
        "next step, from synthetic": scores.next_step_error(fake, test),
        "next step, last value": scores.last_value_error(test),
        "autocorrelation": scores.autocorrelation(test, fake),
        "autocorrelation of real": scores.autocorrelation(test, train),
        "changes": scores.steps(test, fake),
        "changes of real": scores.steps(test, train),
        "nearest, over that of held-out windows": near[0] / near[1],
    }


def _halves(data: multigan.Data, items: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Windows of a random half of the blocks, and of the others."""
    groups = data.items.groups[items]
    blocks = groups.unique()
    blocks = blocks[torch.randperm(len(blocks), generator=Draw(seed).generator("halves"))]
    first = torch.isin(groups, blocks[: len(blocks) // 2])
    halves = (data.items.take(items[chosen], Draw(0)) for chosen in (first, ~first))
    one, other = (modality.to_real(half, data.spec) for half in halves)
    return one, other


if __name__ == "__main__":
    seeds = [int(word) for word in sys.argv[2:] if word.isdigit()]
    main(sys.argv[1], seeds, [word for word in sys.argv[2:] if "=" in word])

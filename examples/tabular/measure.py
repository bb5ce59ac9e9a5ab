"""Train on synthetic, test on real: `python measure.py wine 0 1 2` prints one row a seed and the means.

Held out: 30 % of the rows, never trained on. Baselines: the real rows that were trained on; these rows with every
column shuffled within its class (all that columns tell alone).
"""

import random
import sys
import tempfile
from pathlib import Path
from statistics import mean, stdev

import torch
from multigan_tabular import modality, scores

import multigan
from multigan.build import build_split
from multigan.core.draw import Draw
from multigan.metrics.memorisation import nearest
from multigan.recipe.recipe import load_recipe


def main(table: str, seeds: list[int], sets: list[str]) -> None:
    """Measure a table for some seeds of G, of the split and of the forest."""
    rows = [measure(table, seed, sets) for seed in seeds]
    for name in rows[0]:
        values = [row[name] for row in rows]
        spread = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
        print(f"{table} {name}: {mean(values):.3f}{spread}  {[round(v, 3) for v in values]}")


def measure(table: str, seed: int, sets: list[str]) -> dict[str, float]:
    """One run."""
    overrides = [f"data.source={table}", f"train.seed={seed}", *sets]
    recipe = load_recipe("tabular/table", overrides)
    data = modality.load(table, **recipe.data.options)
    split = build_split(recipe, data)
    encoded = {
        name: data.items.take(items, Draw(0)) for name, items in (("train", split.train), ("test", split.held_out))
    }
    train, test = (modality.render(encoded[name], data.spec) for name in ("train", "test"))
    with tempfile.TemporaryDirectory() as folder:
        run = multigan.train(recipe, run=Path(folder) / "run", quiet=True)
        fakes = run.generator.tensors(len(train), seed=seed)
    fake = modality.render(fakes, data.spec)
    near = [
        nearest(modality.features(x, data.spec), modality.features(encoded["train"], data.spec))[0].median().item()
        for x in (fakes, encoded["test"])
    ]
    return {
        "real rows": scores.usefulness(train, test, seed),
        "synthetic rows": scores.usefulness(fake, test, seed),
        "columns alone": scores.usefulness(_shuffled(train, seed), test, seed),
        "column distance": scores.compare(*_features(data, encoded["test"], fakes))["column_distance"],
        "column distance of real rows": scores.compare(*_features(data, encoded["test"], encoded["train"]))[
            "column_distance"
        ],
        "copies": mean(row in train for row in fake),
        "nearest, over that of held-out rows": near[0] / near[1],
    }


def _features(data: multigan.Data, *sets: torch.Tensor) -> list[torch.Tensor]:
    return [modality.features(x, data.spec) for x in sets]


def _shuffled(rows: list[dict[str, object]], seed: int) -> list[dict[str, object]]:
    """Every column shuffled within its class: nothing but what each column tells alone."""
    chance, target = random.Random(seed), [*rows[0]][-1]
    made = []
    for label in sorted({str(row[target]) for row in rows}):
        group = [row for row in rows if str(row[target]) == label]
        shuffled = {key: chance.sample([row[key] for row in group], len(group)) for key in rows[0]}
        made += [{key: shuffled[key][k] for key in rows[0]} for k in range(len(group))]
    return made


if __name__ == "__main__":
    seeds = [int(word) for word in sys.argv[2:] if word.isdigit()]
    main(sys.argv[1], seeds, [word for word in sys.argv[2:] if "=" in word])

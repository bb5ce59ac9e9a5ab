"""Mode coverage on the ring and the grid over several seeds.

    python benchmarks/modes.py [--recipes points/ring points/grid] [--seeds 5] [--out modes.json]

Prints modes, high-quality share (ceiling .98889), reverse KL with its finite-sample floor, and seconds of training.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch

from multigan.build import build_data, build_trainer
from multigan.draw import Draw
from multigan.metrics.coverage import CEILING_2D, reverse_kl_floor
from multigan.plugins.points.metrics import coverage
from multigan.recipe import load_recipe

SAMPLES = 2500


def train_and_count(name, seed, overrides=()):
    recipe = load_recipe(name, [f"train.seed={seed}", *overrides])
    data = build_data(recipe)
    trainer = build_trainer(recipe, data)
    began = time.perf_counter()
    trainer.fit()
    seconds = time.perf_counter() - began
    G = trainer.ema.net
    fake = G(G.latent.sample(SAMPLES, Draw(seed + 1000)))
    return {"recipe": name, "seed": seed, "seconds": seconds, **coverage(fake, data.spec)}


def main():
    """Train, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", default=["points/ring", "points/grid"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rows = []
    print(f"{SAMPLES} samples a seed, ceiling of the high-quality share {CEILING_2D:.4f}, {args.threads} threads")
    for name in args.recipes:
        mine = []
        for seed in range(args.seeds):
            row = train_and_count(name, seed, args.overrides)
            mine.append(row)
            values = f"modes {row['modes']:2d}  hq {row['high_quality']:.4f}  reverse KL {row['reverse_kl']:.4f}"
            print(f"{name} seed {seed}: {values}  {row['seconds']:.0f} s", flush=True)
        modes = 8 if name.endswith("ring") else 25
        print(f"{name}: floor of the reverse KL {reverse_kl_floor(SAMPLES, modes):.4f}; means:", end=" ")
        print(
            "  ".join(f"{k} {statistics.mean(r[k] for r in mine):.4f}" for k in ("modes", "high_quality", "reverse_kl"))
        )
        rows += mine
    if args.out:
        args.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

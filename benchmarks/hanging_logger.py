"""How much a logger that hangs for 30 s slows a run: seconds of training with it, and without any.

    OMP_NUM_THREADS=1 python benchmarks/hanging_logger.py [--repeats 5] [--samples 20000]

Both runs log every 20 iterations to metrics.jsonl, in turns; the logger sleeps in its first row. The seconds are those
of the training loop; closing the logger at the end waits for at most 5 s more, once a run, and is reported apart.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import torch

from multigan.build import build_data, build_trainer
from multigan.recipe.recipe import load_recipe
from multigan.run.background import Background
from multigan.run.ledger import Ledger
from multigan.run.writers import MetricsFile


class Hangs:
    """A logger whose server does not answer."""

    def write(self, step, values):
        """Block."""
        time.sleep(30)


def train(samples, also):
    recipe = load_recipe("points/ring", [f"train.samples={samples}"])
    trainer = build_trainer(recipe, build_data(recipe))
    with tempfile.TemporaryDirectory() as folder:
        metrics = MetricsFile(Ledger(Path(folder) / "metrics.jsonl"), also=also)
        metrics.ended = lambda trainer: None
        trainer.handlers = [metrics]
        wall, cpu = time.perf_counter(), time.thread_time()
        trainer.fit()
        return time.perf_counter() - wall, time.thread_time() - cpu


def main():
    """Alternate, compare medians, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--samples", type=int, default=20_000)
    args = parser.parse_args()
    torch.set_num_threads(1)
    train(args.samples // 4, None)
    without, hanging = [], []
    for _ in range(args.repeats):
        without.append(train(args.samples, None))
        hanging.append(train(args.samples, Background(Hangs(), print)))
    for k, clock in enumerate(("wall", "thread CPU")):
        ratios = [(b[k] / a[k] - 1) * 100 for a, b in zip(without, hanging, strict=True)]
        print(
            f"{clock}: {statistics.median(a[k] for a in without):.3f} s without, "
            f"{statistics.median(b[k] for b in hanging):.3f} s with; pairs differ by a median of "
            f"{statistics.median(ratios):+.2f} % ({min(ratios):+.2f} to {max(ratios):+.2f} %)"
        )


if __name__ == "__main__":
    main()

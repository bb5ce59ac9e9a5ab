"""The synthetic oracle: maximum likelihood, then the adversarial phase, with every likelihood known.

    python benchmarks/text_oracle.py [--recipe text/oracle-small] [--seeds 1] [--set KEY=VALUE] [--out oracle.json]

All numbers are nats per token. `nll_oracle` judges quality, and below the oracle's own floor it means lost diversity;
the two KL divergences cannot be bought that way: reverse KL = nll_oracle - own entropy, forward KL = nll_test - floor.
"""

import argparse
import time
from pathlib import Path

import torch

from multigan.build import build_data, build_trainer
from multigan.core import strict_json
from multigan.core.draw import Draw
from multigan.engine.trainer import Quiet
from multigan.plugins.text.copying import distinct
from multigan.plugins.text.likelihood import held_out_oracle_texts, oracle_scores
from multigan.plugins.text.oracle import Oracle
from multigan.recipe.recipe import load_recipe

SAMPLES = 2000


@torch.no_grad()
def judge(G, oracle, test):
    """All scores of G on fresh samples and on held-out texts."""
    G.eval()
    fake = torch.cat([G.sample(500, Draw(7, k)) for k in range(SAMPLES // 500)])
    scores = oracle_scores(G, oracle, test, fake)
    G.train()
    return {
        **{name: mean.value for name, mean in scores._asdict().items()},
        "distinct_2": distinct(fake[:500].tolist(), 2),
        "unique": len(fake.unique(dim=0)) / len(fake),
    }


class Milestones(Quiet):
    """Judges G when a phase ends."""

    def __init__(self, oracle, test):
        self.oracle, self.test, self.rows, self.phase, self.began = oracle, test, [], None, time.perf_counter()

    def stepped(self, trainer, parts):
        """A phase has ended when the state is in the next one."""
        if trainer.state.phase_step and not trainer.finished:
            self.phase = trainer.phase.name
            return
        scores = judge(trainer.game.players["G"], self.oracle, self.test)
        self.rows.append({"after": self.phase, "seconds": time.perf_counter() - self.began, **scores})
        print(
            "  ".join(f"{k} {v if isinstance(v, str) else round(v, 3)}" for k, v in self.rows[-1].items()), flush=True
        )


def main():
    """Train and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="text/oracle-small")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    rows = []
    for seed in range(args.seeds):
        recipe = load_recipe(args.recipe, [f"train.seed={seed}", *args.overrides])
        data = build_data(recipe)
        oracle = Oracle(**data.spec.meta["oracle"])
        test = held_out_oracle_texts(oracle, SAMPLES, oracle.vocab)
        trainer = build_trainer(recipe, data)
        milestones = Milestones(oracle, test)
        trainer.handlers = [milestones]
        trainer.fit()
        rows += [{"seed": seed, **row} for row in milestones.rows]
    if args.out:
        args.out.write_text(strict_json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

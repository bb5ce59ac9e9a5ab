"""Validity, uniqueness, novelty: `python measure.py FILE.smi 0 [--short] [key=value ...]`.

One line each for held-out molecules, an n-gram, the MLE start and the game; of as many molecules as are held out, at
most 2,000. Novelty is against all that were trained on. `--short` is a few minutes on one thread: molecules of at most
40 characters, a short start, and after the game as many steps with the reward for drug-likeness beside it.
"""

import random
import sys
import time
from collections import Counter, defaultdict

import torch
from multigan_molecules import chemistry

import multigan
from multigan.build import build_data, build_split, build_trainer
from multigan.engine.trainer import Quiet
from multigan.recipe.recipe import load_recipe

ORDER = 6
MOST = 2000
# A last step of one batch ends the run, because every run ends with a game; it is not reported.
SHORT = (
    "data.longest=40",
    "train.samples=64",
    'phases=[{name="pretrain", turns=["mle"], samples=80000, lr=3e-3}, {name="game", turns=["d", "g"], samples=6400}, '
    '{name="reward", turns=["d", "g", "qed"], samples=12800}]',
)


class Watch(Quiet):
    """Draws molecules from G at the end of every phase."""

    def __init__(self, count: int) -> None:
        self.count, self.drawn, self.began = count, {}, time.perf_counter()

    def stepped(self, trainer, parts) -> None:
        """Sample at the last step of a phase, from G itself and, at the end, from its average."""
        if trainer.state.samples % 6400 < trainer.batches.batch:
            print(
                f"  {trainer.phase.name} {trainer.state.samples:,} {time.perf_counter() - self.began:.0f} s", flush=True
            )
        self.drawn[trainer.phase.name] = {
            k: v.detach().clone() for k, v in trainer.game.players["G"].state_dict().items()
        }


def main(source: str, seed: int, sets: list[str]) -> None:
    """One run, and what it is measured beside."""
    recipe = load_recipe("molecules/smiles", [f"data.source={source}", f"train.seed={seed}", *sets])
    data = build_data(recipe)
    split = build_split(recipe, data)
    lines = _lines(data)
    train, held_out = ([lines[k] for k in items.tolist()] for items in (split.train, split.held_out[:MOST]))
    known = {chemistry.canonical(line) for line in train}
    print(f"{len(train):,} molecules are trained on", flush=True)
    report("held out", known, held_out, held_out)
    report(f"{ORDER}-gram", known, held_out, ngram(train, len(held_out), seed))
    trainer = build_trainer(recipe, data)
    watch = Watch(len(held_out))
    trainer.handlers = [watch]
    trainer.fit()
    G = trainer.game.players["G"]
    for phase, weights in watch.drawn.items():
        if "--short" in sys.argv and phase == "adversarial":
            continue
        G.load_state_dict(weights)
        report(f"after {phase}", known, held_out, draw(G.eval(), data.spec, len(held_out), seed))


def draw(G, spec, count: int, seed: int) -> list[str]:
    """Molecules of a G in evaluation mode."""
    with torch.no_grad():
        tokens = [G.sample(100, multigan.Draw(seed, k, "measure/")) for k in range(-(-count // 100))]
    from multigan_molecules import smiles

    return smiles.decode(torch.cat(tokens)[:count])


def report(name: str, known: set[str | None], held_out: list[str], fake: list[str]) -> None:
    """Print one line; `known` are canonical SMILES."""
    found = chemistry.scores(held_out, fake)
    unique = {c for c in map(chemistry.canonical, fake) if c is not None}
    found["novelty"] = len(unique - known) / max(len(unique), 1)
    print(f"{name} (n = {len(fake)}): " + ", ".join(f"{key} {value:.3f}" for key, value in found.items()), flush=True)


def ngram(lines: list[str], count: int, seed: int) -> list[str]:
    """Strings of a character n-gram model without smoothing."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        text = "^" * (ORDER - 1) + line + "$"
        for k in range(ORDER - 1, len(text)):
            counts[text[k - ORDER + 1 : k]][text[k]] += 1
    chance, made = random.Random(seed), []
    for _ in range(count):
        text = "^" * (ORDER - 1)
        while not text.endswith("$") and len(text) < 100:
            options = counts[text[1 - ORDER :]]
            text += chance.choices([*options], [*options.values()])[0]
        made.append(text.strip("^$"))
    return made


def _lines(data) -> list[str]:
    from multigan_molecules import smiles

    return smiles.decode(data.items.ids)


if __name__ == "__main__":
    words = sys.argv[2:]
    chosen = [word for word in words if "=" in word]
    main(sys.argv[1], int(words[0]) if words else 0, [*(SHORT if "--short" in words else ()), *chosen])

"""Our step against a loop written by hand: the same nets, loss, penalties and optimizer, interleaved in one process.

    python benchmarks/engine_overhead.py [--rounds 30] [--out overhead.json]

Prints the median time of a block of iterations for both, and the median of the per-round ratios with its quartiles.
"""

import argparse
import copy
import json
import statistics
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from multigan.build import build_data, build_trainer
from multigan.recipe import load_recipe


def by_hand(G, D, data, modality, batch, seed):
    """The plainest loop: relativistic pairs, R1 + R2, two Adams, an averaged G."""
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.0, 0.99), fused=True) for net in (G, D))
    average = copy.deepcopy(G).requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    d_params, g_params = list(D.parameters()), list(G.parameters())

    def reals():
        indices = torch.randint(0, len(data.source), (batch,), generator=generator)
        return modality.to_real(data.source.take(indices, None), data.spec)

    def logits(x):
        return D(x).logits[0]

    def penalty(x):
        x = x.detach().requires_grad_(True)
        (grad,) = torch.autograd.grad(logits(x).sum(), x, create_graph=True)
        return 0.5 * grad.square().flatten(1).sum(1).mean()

    def step():
        real = reals()
        with torch.no_grad():
            fake = G(torch.randn(batch, *G.latent.shape, generator=generator))
        loss = F.softplus(logits(fake) - logits(real)).mean() + 0.05 * (penalty(real) + penalty(fake))
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        for param in d_params:
            param.requires_grad_(False)
        real = reals()
        fake = G(torch.randn(batch, *G.latent.shape, generator=generator))
        with torch.no_grad():
            real_logits = logits(real)
        loss = F.softplus(real_logits - logits(fake)).mean()
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
        for param in d_params:
            param.requires_grad_(True)
        torch._foreach_lerp_(list(average.parameters()), g_params, 0.01)

    return step


def block(step, iterations):
    began = time.perf_counter()
    for _ in range(iterations):
        step()
    return time.perf_counter() - began


def measure(name, rounds, iterations):
    from multigan.plugins import modalities

    recipe = load_recipe(name, ["train.samples=100000000"])
    data = build_data(recipe)
    trainer = build_trainer(recipe, data)
    G, D = copy.deepcopy(trainer.game.players["G"]), copy.deepcopy(trainer.game.players["D"])
    hand = by_hand(G, D, data, modalities.get(recipe.modality), recipe.train.batch, 0)
    ours = trainer._iterate
    block(hand, iterations), block(ours, iterations)
    times = {"by hand": [], "engine": []}
    for number in range(rounds):
        order = [("by hand", hand), ("engine", ours)]
        for label, step in order if number % 2 else order[::-1]:
            times[label].append(block(step, iterations) / iterations)
    ratios = [b / a for a, b in zip(times["by hand"], times["engine"], strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4)
    return {
        "recipe": name,
        "batch": recipe.train.batch,
        "threads": torch.get_num_threads(),
        "by_hand_ms": 1e3 * statistics.median(times["by hand"]),
        "engine_ms": 1e3 * statistics.median(times["engine"]),
        "ratio": statistics.median(ratios),
        "ratio_quartiles": [low, high],
        "rounds": rounds,
        "iterations": iterations,
    }


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="image/digits")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    row = measure(args.recipe, args.rounds, args.iterations)
    print(f"{row['recipe']}: by hand {row['by_hand_ms']:.2f} ms, engine {row['engine_ms']:.2f} ms")
    print(f"ratio {row['ratio']:.3f} (quartiles {row['ratio_quartiles'][0]:.3f} to {row['ratio_quartiles'][1]:.3f})")
    if args.out:
        args.out.write_text(json.dumps(row, indent=1))


if __name__ == "__main__":
    main()

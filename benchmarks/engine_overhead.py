"""Our step against a loop written by hand: the same nets, loss, penalties and optimizer, interleaved in one process.

    python benchmarks/engine_overhead.py [--recipe image/digits points/ring] [--rounds 20] [--out overhead.json]

The loop by hand does the arithmetic and nothing else: no draws that can be replayed, no logging of logits, no check for
NaN. The goal is a speedup of at least 0.98 (the engine costs at most 2 % more).
"""

import copy

import torch
import torch.nn.functional as F
from our_steps import iteration, trainer_of
from timing import arguments, contest, parse, report

from multigan.recipe.recipe import load_recipe

GOAL = 1 / 1.02


def by_hand(trainer, recipe, device):
    """The plainest loop: relativistic pairs, R1 + R2, two Adams, an averaged G."""
    batches, batch = trainer.batches, recipe.train.batch
    G, D = (copy.deepcopy(trainer.game.players[player]) for player in "GD")
    weights = {term.name: term.weight for term in trainer.game.penalties}
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.0, 0.99), fused=True) for net in (G, D))
    average = copy.deepcopy(G).requires_grad_(False)
    generator = torch.Generator().manual_seed(0)
    d_params, g_params = list(D.parameters()), list(G.parameters())
    device = g_params[0].device

    def reals():
        indices = torch.randint(0, len(batches.data.items), (batch,), generator=generator)
        return batches.modality.to_real(batches.data.items.take(indices, None).to(device), batches.data.spec)

    def noise():
        return torch.randn(batch, *G.latent.shape, generator=generator).to(device)

    def logits(x):
        return D(x).logits[0]

    def penalty(x):
        x = x.detach().requires_grad_(True)
        (grad,) = torch.autograd.grad(logits(x).sum(), x, create_graph=True)
        return 0.5 * grad.square().flatten(1).sum(1).mean()

    def step():
        real = reals()
        with torch.no_grad():
            fake = G(noise())
        loss = F.softplus(logits(fake) - logits(real)).mean()
        loss = loss + weights["r1"] * penalty(real) + weights["r2"] * penalty(fake)
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        for param in d_params:
            param.requires_grad_(False)
        real = reals()
        fake = G(noise())
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


def measure(name, args):
    """Rows of both competitors on one recipe with a relativistic loss, R1 and R2."""
    recipe, trainer = load_recipe(name), trainer_of(name, args)
    steps = {"by hand": by_hand(trainer, recipe, args.device), "engine": iteration(trainer)}
    return {f"{name}, {label}": row for label, row in contest(steps, args).items()}


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=20, iterations=10)
    parser.add_argument("--recipe", nargs="+", default=["image/digits"])
    args = parse(parser)
    rows = {label: row for name in args.recipe for label, row in measure(name, args).items()}
    baselines = {f"{name}, engine": f"{name}, by hand" for name in args.recipe}
    report("engine_overhead", rows, args, baseline=baselines, goals=dict.fromkeys(baselines, round(GOAL, 3)))


if __name__ == "__main__":
    main()

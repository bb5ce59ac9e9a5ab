"""Our step against a loop written by hand: the same nets, loss, penalties and optimizer, interleaved in one process.

    python benchmarks/engine_overhead.py [--rounds 20] [--out overhead.json]

Prints the median time of a block of iterations for both, and the median of the per-round ratios with its quartiles.
"""

import copy

import torch
import torch.nn.functional as F
from our_steps import trainer_of
from timing import arguments, contest, parse, ratio, report

GOAL = 1.02


def by_hand(G, D, data, modality, batch, seed):
    """The plainest loop: relativistic pairs, R1 + R2, two Adams, an averaged G."""
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.0, 0.99), fused=True) for net in (G, D))
    average = copy.deepcopy(G).requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    d_params, g_params = list(D.parameters()), list(G.parameters())
    device = g_params[0].device

    def reals():
        indices = torch.randint(0, len(data.source), (batch,), generator=generator)
        return modality.to_real(data.source.take(indices, None).to(device), data.spec)

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
        loss = F.softplus(logits(fake) - logits(real)).mean() + 0.05 * (penalty(real) + penalty(fake))
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


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=20, iterations=10)
    parser.add_argument("--recipe", default="image/digits")
    args = parse(parser)
    trainer = trainer_of(args.recipe, args)
    batches = trainer.batches
    G, D = copy.deepcopy(trainer.game.players["G"]), copy.deepcopy(trainer.game.players["D"])
    steps = {"engine": trainer._iterate, "by hand": by_hand(G, D, batches.data, batches.modality, batches.batch, 0)}
    rows = contest(steps, args)
    found = {key: ratio(rows, "engine", "by hand", key) for key in ("ms", "cpu_ms")}
    report(
        "engine_overhead", rows, args, facts={"recipe": args.recipe, "batch": batches.batch, "engine/by hand": found}
    )
    print("engine / by hand: {:.3f} ({:.3f} to {:.3f}), goal at most {}".format(*found["ms"], GOAL))
    print("engine / by hand, processor time: {:.3f} ({:.3f} to {:.3f})".format(*found["cpu_ms"]))


if __name__ == "__main__":
    main()

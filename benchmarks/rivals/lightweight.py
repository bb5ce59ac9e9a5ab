"""The package `lightweight-gan` (Liu et al. 2021) with the nets, losses and settings of its command line.

    pip install lightweight-gan
    python benchmarks/rivals/lightweight.py ITEMS.npz CPU_SECONDS SEED OUT.npz

The package refuses to be imported without CUDA; its nets run on a CPU, so that the question is answered for it and
the loop of its Trainer (hinge loss on both outputs of D, reconstruction, gradient penalty every fourth step, batch 10)
is written out here. It needs at least 32 pixels.
"""

import torch
import torch.nn.functional as F
from frame import draw, out_of_time, parse, pictures, save

LATENT, BATCH, PENALTY, PENALTY_EVERY = 256, 10, 10.0, 4


def nets(side, channels):
    """(G, D) of the package."""
    asked, torch.cuda.is_available = torch.cuda.is_available, lambda: True
    try:
        from lightweight_gan.lightweight_gan import LightweightGAN
    finally:
        torch.cuda.is_available = asked
    moved, LightweightGAN.cuda = LightweightGAN.cuda, lambda self, rank: self
    whole = LightweightGAN(latent_dim=LATENT, image_size=side, greyscale=channels == 1, disc_output_size=1)
    LightweightGAN.cuda = moved
    return whole.G, whole.D


def d_loss(d, real, fakes, penalised):
    """Hinge loss on both outputs, the reconstruction of reals, and every fourth time the penalty of both gradients."""
    real, fakes = real.requires_grad_(penalised), fakes.detach().requires_grad_(penalised)
    of_fakes, small_fakes, _ = d(fakes)
    of_reals, small_reals, reconstruction = d(real, calc_aux_loss=True)
    pairs = [(of_reals, of_fakes), (small_reals, small_fakes)]
    loss = sum((F.relu(1 + r) + F.relu(1 - f)).mean() for r, f in pairs) + reconstruction.mean()
    if penalised:
        outputs, inputs = (of_reals, small_reals, of_fakes, small_fakes), (real, fakes)
        slopes = torch.autograd.grad([out.sum() for out in outputs], inputs, create_graph=True)
        loss = loss + PENALTY * (torch.cat(slopes).flatten(1).norm(2, dim=1) ** 2).mean()
    return loss


def main():
    """Train, draw, write."""
    args = parse(__doc__)
    items, frame = pictures(args)
    items = items.to(args.device) / 2 + 0.5
    g, d = (net.to(args.device) for net in nets(items.shape[2], items.shape[1]))
    g_optim, d_optim = (torch.optim.Adam(net.parameters(), 2e-4, (0.5, 0.9)) for net in (g, d))
    step = 0
    while not out_of_time(args):
        real = items[torch.randint(len(items), (BATCH,))]
        fakes = g(torch.randn(BATCH, LATENT, device=args.device))
        loss = d_loss(d, real, fakes, step % PENALTY_EVERY == 0)
        d_optim.zero_grad()
        loss.backward()
        d_optim.step()
        scores, small, _ = d(g(torch.randn(BATCH, LATENT, device=args.device)))
        g_optim.zero_grad()
        (scores.mean() + small.mean()).backward()
        g_optim.step()
        step += 1
    g.eval()
    make = lambda n: g(torch.randn(n, LATENT, device=args.device)).clamp(0, 1) * 2 - 1  # noqa: E731
    save(args, draw(make, args, frame), step * BATCH)


if __name__ == "__main__":
    main()

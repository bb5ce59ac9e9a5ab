"""The plain WaveGAN (Donahue et al. 2019): WGAN-GP with five turns of D, phase shuffle 2, Adam 1e-4, batch 64.

    python benchmarks/rivals/wavegan.py ITEMS.npz CPU_SECONDS SEED OUT.npz [--width 16]

Items are float `(n, 8192)` or `(n, 16384)` in [-1, 1]; a batch has as many as there are where these are fewer than 64.
"""

import numpy as np
import torch
from frame import draw, out_of_time, parse, save
from torch import nn

NZ, BATCH, CRITIC_STEPS, PENALTY, SHIFT, KERNEL = 100, 64, 5, 10.0, 2, 25


class WaveG(nn.Module):
    """z `(batch, 100)` -> `(batch, 1, 4 ** 5 * start)` in [-1, 1]."""

    def __init__(self, width, start):
        super().__init__()
        maps = [width * 2**k for k in (4, 3, 2, 1, 0)]
        self.first, self.start = nn.Linear(NZ, maps[0] * start), start
        pairs = zip(maps, [*maps[1:], 1], strict=True)
        self.ups = nn.ModuleList(nn.ConvTranspose1d(i, o, KERNEL, 4, 11, output_padding=1) for i, o in pairs)

    def forward(self, z):
        """Sounds of these z."""
        x = self.first(z).view(len(z), -1, self.start)
        for up in self.ups:
            x = up(x.relu())
        return x.tanh()


class WaveD(nn.Module):
    """Sounds -> logits `(batch,)`, with the phase shuffle between layers."""

    def __init__(self, width, start):
        super().__init__()
        maps = [width * 2**k for k in range(5)]
        pairs = zip([1, *maps[:-1]], maps, strict=True)
        self.downs = nn.ModuleList(nn.Conv1d(i, o, KERNEL, 4, 11) for i, o in pairs)
        self.last = nn.Linear(maps[-1] * start, 1)

    def forward(self, x):
        """Logits of these sounds."""
        for number, down in enumerate(self.downs):
            x = nn.functional.leaky_relu(down(x), 0.2)
            if number < len(self.downs) - 1:
                x = shuffled(x)
        return self.last(x.flatten(1)).squeeze(1)


def shuffled(x):
    """Every item moved by up to two samples, its edge mirrored."""
    padded = nn.functional.pad(x, (SHIFT, SHIFT), mode="reflect")
    first = torch.randint(0, 2 * SHIFT + 1, (len(x), 1, 1), device=x.device)
    places = (first + torch.arange(x.shape[2], device=x.device)).expand(-1, x.shape[1], -1)
    return padded.gather(2, places)


def d_loss(d, real, fakes):
    """Wasserstein loss with the penalty of gradients at mixtures."""
    share = torch.rand(len(real), 1, 1, device=real.device)
    mixed = (share * real + (1 - share) * fakes).requires_grad_(True)
    (slope,) = torch.autograd.grad(d(mixed).sum(), mixed, create_graph=True)
    return d(fakes).mean() - d(real).mean() + PENALTY * ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def main():
    """Train, draw, write."""
    args = parse(__doc__)
    items = torch.from_numpy(np.load(args.items)["x"]).float()[:, None].to(args.device)
    start, batch = items.shape[2] // 1024, min(BATCH, len(items))
    g, d = WaveG(args.width, start).to(args.device), WaveD(args.width, start).to(args.device)
    g_optim, d_optim = (torch.optim.Adam(net.parameters(), 1e-4, (0.5, 0.9)) for net in (g, d))
    seen = 0
    while not out_of_time(args):
        for _ in range(CRITIC_STEPS):
            with torch.no_grad():
                fakes = g(torch.randn(batch, NZ, device=args.device))
            loss = d_loss(d, items[torch.randint(len(items), (batch,))], fakes)
            d_optim.zero_grad()
            loss.backward()
            d_optim.step()
            seen += batch
            if out_of_time(args):
                break
        loss = -d(g(torch.randn(batch, NZ, device=args.device))).mean()
        g_optim.zero_grad()
        loss.backward()
        g_optim.step()
    save(args, draw(lambda n: g(torch.randn(n, NZ, device=args.device)), args).squeeze(1), seen)


if __name__ == "__main__":
    main()

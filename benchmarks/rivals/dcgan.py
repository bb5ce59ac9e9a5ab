"""The plain DCGAN that everybody copies (Radford et al. 2016): batch 64, Adam 2e-4, cross-entropy, no averaging.

python benchmarks/rivals/dcgan.py ITEMS.npz CPU_SECONDS SEED OUT.npz [--width 32]
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from frame import draw, out_of_time, parse, pictures, save
from torch import nn

NZ, BATCH = 100, 64


def generator(channels, width, stages):
    """z `(batch, 100, 1, 1)` -> pictures of `4 * 2 ** stages` pixels."""
    maps = [width * 2 ** (stages - 1 - k) for k in range(stages)]
    layers = [nn.ConvTranspose2d(NZ, maps[0], 4, 1, 0, bias=False), nn.BatchNorm2d(maps[0]), nn.ReLU(True)]
    for inputs, outputs in pairwise(maps):
        layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(maps[-1], channels, 4, 2, 1), nn.Tanh())


def discriminator(channels, width, stages):
    """Pictures -> logits `(batch, 1)`."""
    maps = [width * 2**k for k in range(stages)]
    layers = [nn.Conv2d(channels, maps[0], 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for inputs, outputs in pairwise(maps):
        layers += [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers, nn.Conv2d(maps[-1], 1, 4), nn.Flatten())


def initialise(net):
    """N(0, .02), gains N(1, .02), as in the paper's code."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)


def main():
    """Train, draw, write."""
    args = parse(__doc__)
    items, frame = pictures(args)
    items = items.to(args.device)
    channels, stages = items.shape[1], items.shape[2].bit_length() - 3
    g = generator(channels, args.width, stages).to(args.device)
    d = discriminator(channels, args.width, stages).to(args.device)
    initialise(g)
    initialise(d)
    g_optim, d_optim = (torch.optim.Adam(net.parameters(), 2e-4, (0.5, 0.999)) for net in (g, d))
    one, zero = torch.ones(BATCH, 1, device=args.device), torch.zeros(BATCH, 1, device=args.device)
    loss_of, seen = F.binary_cross_entropy_with_logits, 0
    while not out_of_time(args):
        for chosen in torch.randperm(len(items)).split(BATCH):
            if len(chosen) < BATCH or out_of_time(args):
                break
            fakes = g(torch.randn(BATCH, NZ, 1, 1, device=args.device))
            d_loss = loss_of(d(items[chosen]), one) + loss_of(d(fakes.detach()), zero)
            d_optim.zero_grad()
            d_loss.backward()
            d_optim.step()
            g_loss = loss_of(d(fakes), one)
            g_optim.zero_grad()
            g_loss.backward()
            g_optim.step()
            seen += BATCH
    save(args, draw(lambda n: g(torch.randn(n, NZ, 1, 1, device=args.device)), args, frame), seen)


if __name__ == "__main__":
    main()

"""DCGAN at 64 x 64: our Trainer against a plain loop with the steps of the PyTorch examples' script.

    python benchmarks/dcgan64.py [--width 32] [--batch 64] [--rounds 10] [--variants] [--out dcgan64.json]

The plain loop is what most people write: two backward passes of D (real, then detached fakes), the same fakes for G's
step, binary cross-entropy on a sigmoid, no freezing, contiguous layout, Adam as it comes, five numbers fetched by
`item()`, and a DataLoader over float pictures in memory. Both see random pictures; the nets have the same layers.
The command line also keeps freed memory in the process, which a script can do too: that is a line of its own.
`--variants` changes one thing of the plain loop at a time, to show what helps, and compares D's turn with one or two
calls of a D without batch statistics. On a CPU with instructions for bf16 the Trainer is also timed in bf16.
"""

import itertools

import torch
from our_steps import iteration, trainer_of, turn
from timing import arguments, contest, parse, report
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from multigan.core.draw import Draw
from multigan.core.types import Data, Loss, Spec
from multigan.engine.allocator import keep_freed_memory
from multigan.engine.precision import has_bf16
from multigan.plugins.image.data import Pictures

GOAL = 1.3
FRESH = "game.fakes=fresh"  # the recipe and the plain loop use D's fakes once more
SIDE, NZ = 64, 100


def plain_nets(width):
    """The nets of Radford et al. 2016, with a sigmoid at D's end."""
    maps = [8 * width, 4 * width, 2 * width, width]
    up = [nn.ConvTranspose2d(NZ, maps[0], 4, 1, 0, bias=False), nn.BatchNorm2d(maps[0]), nn.ReLU(True)]
    for a, b in itertools.pairwise(maps):
        up += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
    up += [nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh()]
    down = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
    for a, b in itertools.pairwise(maps[::-1]):
        down += [nn.Conv2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.LeakyReLU(0.2, True)]
    down += [nn.Conv2d(maps[0], 1, 4, 1, 0, bias=False), nn.Sigmoid()]
    nets = nn.Sequential(*up), nn.Sequential(*down)
    for module in [*nets[0], *nets[1]]:
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
    return nets


def endless(pictures, batch):
    loader = DataLoader(TensorDataset(pictures), batch_size=batch, shuffle=True, drop_last=True)
    while True:
        for (real,) in loader:
            yield real


def plain_loop(pictures, args, *, channels_last=False, fused=None, freeze=False, fetch=True, fresh=False):
    """One iteration of the plain loop as a function; the keywords are the variants."""
    G, D = (net.to(args.device) for net in plain_nets(args.width))
    if channels_last:
        G, D = (net.to(memory_format=torch.channels_last) for net in (G, D))
    opt_d, opt_g = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=fused) for net in (D, G))
    criterion, reals = nn.BCELoss(), endless(pictures, args.batch)

    def noise():
        return torch.randn(args.batch, NZ, 1, 1, device=args.device)

    def step():
        real = next(reals).to(args.device)
        D.zero_grad()
        ones, zeros = torch.ones(args.batch, device=args.device), torch.zeros(args.batch, device=args.device)
        output = D(real).view(-1)
        loss_real = criterion(output, ones)
        loss_real.backward()
        fake = G(noise())
        output_fake = D(fake.detach()).view(-1)
        loss_fake = criterion(output_fake, zeros)
        loss_fake.backward()
        opt_d.step()
        G.zero_grad()
        D.requires_grad_(not freeze)
        output_g = D(G(noise()) if fresh else fake).view(-1)
        loss_g = criterion(output_g, ones)
        loss_g.backward()
        opt_g.step()
        D.requires_grad_(True)
        watched = (output.mean(), output_fake.mean(), output_g.mean(), loss_real + loss_fake, loss_g)
        return [value.item() for value in watched] if fetch else None

    return step


def our_trainer(items, args, *more):
    """The recipe image/dcgan on the same pictures, resident as uint8."""
    settings = [f"G.width={args.width}", f"D.width={args.width}", f"train.batch={args.batch}", *more]
    return trainer_of("image/dcgan", args, settings, Data(Pictures(items), Spec("image", (3, SIDE, SIDE))))


def concatenated_turn(trainer):
    """D's turn with one call of D on reals and fakes together; right only where D has no batch statistics."""
    D, turn_number = trainer.game.players["D"], itertools.count()

    def loss_of(batch, draw):
        with torch.no_grad():
            fake = trainer.game.fake(batch, draw)
        real_logits, fake_logits = D(torch.cat([batch.real, fake])).logits[0].chunk(2)
        loss = trainer.game.loss.d(real_logits, fake_logits).mean()
        return Loss(loss, {"loss/D": loss.detach()})

    trainer.game.turns["d"] = ("D", loss_of)
    return lambda: trainer.turn("d", trainer.batches.take("adversarial", next(turn_number)), Draw(0))


def norm_free(items, args):
    """D's turn alone without BatchNorm: two calls of D, or one on reals and fakes together."""
    nets = ["G.norm=none", "D.norm=none"]
    one = concatenated_turn(our_trainer(items, args, *nets))
    return {
        "norm-free D turn, two calls": turn(our_trainer(items, args, *nets), "d"),
        "norm-free D turn, one call": one,
    }


VARIANTS = {
    "plain, channels_last": {"channels_last": True},
    "plain, fused Adam": {"fused": True},
    "plain, D frozen in G's step": {"freeze": True},
    "plain, no item()": {"fetch": False},
    "plain, fresh fakes for G": {"fresh": True},
    "plain, all but fresh fakes": {"channels_last": True, "fused": True, "freeze": True, "fetch": False},
}


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=10, iterations=2)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--variants", action="store_true")
    args = parse(parser)
    if args.tiny:
        args.width, args.batch = 4, 4
    torch.manual_seed(0)
    items = torch.randint(0, 256, (8 * args.batch, 3, SIDE, SIDE), dtype=torch.uint8)
    pictures = items.float() / 127.5 - 1
    steps = {"plain loop": plain_loop(pictures, args), "Trainer": iteration(our_trainer(items, args))}
    steps["Trainer, fresh fakes for G"] = iteration(our_trainer(items, args, FRESH))
    if args.device == "cpu" and has_bf16(torch.device("cpu")):
        steps["Trainer, bf16"] = iteration(our_trainer(items, args, "train.precision=bf16"))
    if args.variants:
        steps |= norm_free(items, args)
        steps |= {name: plain_loop(pictures, args, **changes) for name, changes in VARIANTS.items()}
    facts = {"width": args.width, "batch": args.batch, "data": "random, in memory"}
    steps["Trainer, as from the command line"] = steps["Trainer"]
    rows = contest(steps, args, lambda name: keep_freed_memory("command line" in name))
    goals = {name: GOAL for name in steps if name.startswith("Trainer")}
    report("dcgan64", rows, args, baseline="plain loop", goals=goals, facts=facts)


if __name__ == "__main__":
    main()

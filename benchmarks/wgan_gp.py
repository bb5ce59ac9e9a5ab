"""WGAN-GP at 32 x 32: our Trainer against torchgan 0.1.0, one step of D to one of G.

    pip install --no-deps torchgan==0.1.0
    python benchmarks/wgan_gp.py [--width 32] [--batch 64] [--rounds 10] [--out wgan_gp.json]

Both have the same layers and pictures. Ours makes fakes once a step, for D, its penalty and G, as the recipe
image/dcgan does; torchgan makes them for each of the three; a row of ours makes new ones for G's turn. torchgan takes
an optimizer step of its own for the penalty and keeps G's graph for it; its penalty is one norm over the whole batch,
which the first two lines show on a linear critic whose gradient has length 1 for every sample: the right penalty is 0.
On a CPU with instructions for bf16 the Trainer is also timed with it (penalties stay in float32).
"""

import torch
import torchvision
from our_steps import iteration, trainer_of
from timing import arguments, contest, parse, report
from torch import nn

from multigan.core.draw import Draw
from multigan.core.types import Data, Spec
from multigan.engine.precision import has_bf16
from multigan.losses.gradient_penalties import gradient_penalty
from multigan.plugins.image.data import Pictures

GOAL = 1.5
FRESH = "game.fakes=fresh"
SIDE, NZ = 32, 100


def import_torchgan():
    """torchgan calls `make_grid` by a name that torchvision has since changed."""
    grid = torchvision.utils.make_grid

    def renamed(*values, range=None, **options):
        return grid(*values, **options, **({"value_range": range} if range else {}))

    torchvision.utils.make_grid = renamed
    import torchgan.losses
    import torchgan.models
    import torchgan.trainer

    return torchgan


def their_step(items, args):
    torchgan = import_torchgan()
    adam = {"name": torch.optim.Adam, "args": {"lr": 1e-4, "betas": (0.5, 0.9)}}
    shared = {"step_channels": args.width, "batchnorm": False}
    g = {"out_size": SIDE, "encoding_dims": NZ, "out_channels": 3, **shared}
    d = {"in_size": SIDE, "in_channels": 3, "last_nonlinearity": nn.Identity(), **shared}
    models = {
        "generator": {"name": torchgan.models.DCGANGenerator, "args": g, "optimizer": adam},
        "discriminator": {"name": torchgan.models.DCGANDiscriminator, "args": d, "optimizer": adam},
    }
    losses = [
        torchgan.losses.WassersteinGeneratorLoss(),
        torchgan.losses.WassersteinDiscriminatorLoss(),
        torchgan.losses.WassersteinGradientPenalty(),
    ]
    trainer = torchgan.trainer.Trainer(models, losses, device=torch.device(args.device), ncritic=1, sample_size=4)
    pictures = items.float() / 127.5 - 1

    def step():
        chosen = torch.randint(0, len(pictures), (args.batch,))
        trainer.real_inputs = pictures[chosen].to(args.device)
        trainer.labels, trainer.batch_size = torch.zeros(args.batch, dtype=torch.long), args.batch
        trainer.train_iter()
        trainer.loss_information["generator_iters"] += 1
        trainer.loss_information["discriminator_iters"] += 1

    return step, parameters(trainer.generator, trainer.discriminator)


def our_step(items, args, *more):
    penalty = 'game.penalties=[{name="gradient-penalty",weight=10,centre=1.0}]'
    nets = [f"{player}.{key}" for player in "GD" for key in (f"width={args.width}", "norm=none")]
    optim = ["optim.lr=1e-4", "optim.betas=[0.5,0.9]"]
    settings = [*nets, *optim, "game.loss=wasserstein", penalty, f"train.batch={args.batch}", *more]
    data = Data(Pictures(items), Spec("image", (3, SIDE, SIDE)))
    trainer = trainer_of("image/dcgan", args, settings, data)
    return iteration(trainer), parameters(*trainer.game.players.values())


def parameters(*nets):
    return [sum(parameter.numel() for parameter in net.parameters()) for net in nets]


def linear_critic(batch):
    """(our penalty, torchgan's) where every sample's gradient has length 1."""
    torchgan = import_torchgan()
    weight = torch.full((100,), 0.1)
    real, fake = torch.randn(batch, 100), torch.randn(batch, 100)
    ours = gradient_penalty(lambda x, cond, draw: x @ weight, real, fake, None, Draw(0)).mean()
    mixed = real.clone().requires_grad_(True)
    theirs = torchgan.losses.functional.wasserstein_gradient_penalty(mixed, mixed @ weight)
    return ours.item(), theirs.item()


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=10, iterations=2)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--batch", type=int, default=64)
    args = parse(parser)
    if args.tiny:
        args.width, args.batch = 4, 4
    ours, theirs = linear_critic(args.batch)
    print(f"penalty of a linear critic with gradients of length 1, right is 0, batch {args.batch}:")
    print(f"  MultiGAN {ours:.2e}  torchgan {theirs:.2f}")
    torch.manual_seed(0)
    items = torch.randint(0, 256, (8 * args.batch, 3, SIDE, SIDE), dtype=torch.uint8)
    (their, their_size), (our, our_size) = their_step(items, args), our_step(items, args)
    facts = {"width": args.width, "batch": args.batch, "parameters_torchgan": their_size, "parameters": our_size}
    facts |= {"penalty_linear_critic": {"MultiGAN": ours, "torchgan": theirs, "right": 0}}
    steps = {"torchgan": their, "Trainer": our, "Trainer, fresh fakes for G": our_step(items, args, FRESH)[0]}
    if args.device == "cpu" and has_bf16(torch.device("cpu")):
        steps["Trainer, bf16"] = our_step(items, args, "train.precision=bf16")[0]
    goals = {name: GOAL for name in steps if name.startswith("Trainer")}
    report("wgan_gp", contest(steps, args), args, baseline="torchgan", goals=goals, facts=facts)


if __name__ == "__main__":
    main()

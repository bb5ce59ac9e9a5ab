"""torchgan 0.1.0's DCGAN nets with its WGAN-GP losses and Trainer, settings of its tutorial (Adam 1e-4, batch 64).

pip install --no-deps torchgan==0.1.0
python benchmarks/rivals/torchgan_wgan_gp.py ITEMS.npz CPU_SECONDS SEED OUT.npz [--width 32]
"""

import torch
import torchvision
from frame import draw, out_of_time, parse, pictures, save
from torch import nn

NZ, BATCH, CRITIC_STEPS = 100, 64, 5


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


def trainer_for(torchgan, items, args):
    """torchgan's Trainer: five turns of the critic to one of G."""
    channels, side = items.shape[1], items.shape[2]
    adam = {"name": torch.optim.Adam, "args": {"lr": 1e-4, "betas": (0.5, 0.9)}}
    g = {"out_size": side, "encoding_dims": NZ, "out_channels": channels, "step_channels": args.width}
    d = {"in_size": side, "in_channels": channels, "step_channels": args.width, "batchnorm": False}
    models = {
        "generator": {"name": torchgan.models.DCGANGenerator, "args": {**g, "last_nonlinearity": nn.Tanh()}},
        "discriminator": {
            "name": torchgan.models.DCGANDiscriminator,
            "args": {**d, "last_nonlinearity": nn.Identity()},
        },
    }
    for model in models.values():
        model["optimizer"] = adam
    losses = [
        torchgan.losses.WassersteinGeneratorLoss(),
        torchgan.losses.WassersteinDiscriminatorLoss(),
        torchgan.losses.WassersteinGradientPenalty(),
    ]
    device = torch.device(args.device)
    return torchgan.trainer.Trainer(models, losses, device=device, ncritic=CRITIC_STEPS, sample_size=4)


def main():
    """Train, draw, write."""
    args = parse(__doc__)
    items, frame = pictures(args)
    trainer = trainer_for(import_torchgan(), items, args)
    seen = 0
    while not out_of_time(args):
        for chosen in torch.randperm(len(items)).split(BATCH):
            if len(chosen) < BATCH or out_of_time(args):
                break
            trainer.real_inputs = items[chosen].to(args.device)
            trainer.labels, trainer.batch_size = torch.zeros(BATCH, dtype=torch.long), BATCH
            trainer.train_iter()
            trainer.loss_information["generator_iters"] += 1
            trainer.loss_information["discriminator_iters"] += 1
            seen += BATCH
    g = trainer.generator
    save(args, draw(lambda n: g(torch.randn(n, NZ, device=args.device)), args, frame), seen)


if __name__ == "__main__":
    main()

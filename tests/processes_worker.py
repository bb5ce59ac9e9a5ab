"""Started by torchrun from test_processes.py: short runs of the digits, one cure each; rank 0 writes the weights."""

import sys

import torch
from safetensors.torch import save_file

from multigan.build import build_data, build_trainer
from multigan.engine.distributed import join_world, leave_world
from multigan.recipe.recipe import load_recipe

BASE = ["G.width=4", "D.width=4", "train.batch=16", "train.samples=160", "optim.eps=1e-4", "game.penalties=[]"]
SETS = [
    "data.source=outlined-digits",
    "input={pairs=false}",
    'G={net="resnet", width=2, blocks=1, norm="none"}',
    "train.samples=48",
    "optim.lr=1e-4",
]
CURES = {
    "none": [],
    "classes": ["game.conditional=true", "G.conditioning=film"],
    "spectral": ["D.spectral_norm=true"],
    "spread": ["D.minibatch_std=4"],
    "augment": ['game.views=[{name="augment", adaptive=true, speed_samples=50}, {name="instance-noise"}]'],
    "inputs": [
        'input={degrade=[{name="noise"}, {name="hole"}]}',
        'G={net="unet", width=2}',
        'game.matching=[{name="l1", weight=10.0}]',
        'phases=[{name="warm", turns=["fit"], samples=32}]',
    ],
    "cycle": [*SETS, "game.name=cycle", "game.pool=20"],
    "contrastive": [*SETS, "game.name=contrastive", "game.vectors=4", "game.places=9", "game.flips=0.5"],
    "pack": ['game.views=[{name="pack"}]'],
    "penalties": [
        'game.penalties=[{name="lecam"}, {name="r1-fd"}, {name="consistency", both=true}, {name="dragan", every=2}]'
    ],
}


if __name__ == "__main__":
    torch.set_num_threads(1)
    world = join_world()
    for cure, sets in CURES.items():
        recipe = load_recipe("image/digits", [*BASE, *sets])
        trainer = build_trainer(recipe, build_data(recipe), world)
        trainer.fit()
        nets = {**trainer.game.players, "memory": trainer.game.memory}
        state = {f"{n}.{k}": v.contiguous() for n, net in nets.items() for k, v in net.state_dict().items()}
        if world.is_first:
            save_file(state, f"{sys.argv[1]}/{cure}.safetensors")
    world.barrier()
    leave_world()

"""Started by torchrun from test_gather.py: losses and gradients of this process's share, in float64.

gather_worker.py WHOLE FOLDER    logits of the whole batch from WHOLE; to FOLDER/rankN.safetensors
"""

import sys
from functools import partial

import torch
from safetensors.torch import load_file, save_file

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.types import Critique
from multigan.engine.distributed import World, join_world, leave_world
from multigan.losses.feature_matching import feature_matching
from multigan.losses.reduction import top_k


def seen(x, cond, draw):
    """A D of one head whose features are its input."""
    return Critique((x.flatten(1).sum(1),), (x, x.square()))


def scalars(draw):
    """Every scalar that looks at the batch as a whole, of (real, fake)."""
    pair = losses.losses.get("relativistic-average")
    return {
        "d": lambda real, fake: pair.d(real, fake, mean=draw.batch_mean).mean(),
        "g": lambda real, fake: pair.g(fake, real, mean=draw.batch_mean).mean(),
        "top-k": lambda real, fake: top_k(fake.square().mean(1), fake, draw, nu=0.4),
        "features": lambda real, fake: feature_matching(partial(seen), real, fake, None, draw).mean(),
        "cubes": lambda real, fake: (draw.everywhere(fake).pow(3).mean() * (real * fake).sum(1)).mean(),
    }


def values_and_gradients(whole, world):
    """Of this process's share, by name."""
    gather = world.gather if world.size > 1 else None
    draw, found = Draw(0, rank=world.rank, world_size=world.size, gather=gather), {}
    for name, scalar in scalars(draw).items():
        real, fake = (whole[side].chunk(world.size)[world.rank].clone().requires_grad_(True) for side in whole)
        value = scalar(real, fake)
        value.backward()
        found |= {f"{name}.value": value.detach(), f"{name}.fake": fake.grad}
        found |= {} if real.grad is None else {f"{name}.real": real.grad}
    return found


if __name__ == "__main__":
    world = join_world()
    whole = {side: load_file(sys.argv[1])[side] for side in ("real", "fake")}
    save_file(values_and_gradients(whole, world), f"{sys.argv[2]}/rank{world.rank}.safetensors")
    half = torch.full((2, 3), float(world.rank), dtype=torch.bfloat16)
    assert world.gather(half)[:: len(half)].tolist() == [[float(rank)] * 3 for rank in range(world.size)]
    assert World().gather(half) is half
    spoken = world.first_words(f"ä{world.rank}" if world.rank else "")
    assert spoken == (1, "ä1"), spoken
    assert world.first_words("") == (0, "")
    world.barrier()
    leave_world()

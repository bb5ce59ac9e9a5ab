"""Started by torchrun from test_distributed.py: trains the tiny game for 10 steps and writes the weights."""

import importlib.util
import sys
from pathlib import Path

from safetensors.torch import save_file

from multigan.engine.distributed import join_world, leave_world

spec = importlib.util.spec_from_file_location("tiny_conftest", Path(__file__).with_name("conftest.py"))
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)

if __name__ == "__main__":
    world = join_world()
    trainer = tiny.build_tiny(
        batch=16, phases=[tiny.Phase("adversarial", ("d", "d", "g"), 320, tiny.OPTIM)], world=world
    )
    trainer.fit()
    weights = {f"{n}.{k}": v for n, net in trainer.game.players.items() for k, v in net.state_dict().items()}
    weights |= {f"ema.{k}": v for k, v in trainer.ema.net.state_dict().items()}
    save_file(
        {name: value.contiguous() for name, value in weights.items()}, f"{sys.argv[1]}/rank{world.rank}.safetensors"
    )
    leave_world()

"""Started by torchrun from test_memory.py: the tiny game with all that has a state; writes weights and memory."""

import importlib.util
import sys
from pathlib import Path

from safetensors.torch import save_file

from multigan.augment.policy import Adaptive
from multigan.engine.distributed import join_world, leave_world
from multigan.games.rules import Term
from multigan.losses.lecam import LeCam

spec = importlib.util.spec_from_file_location("tiny_conftest", Path(__file__).with_name("conftest.py"))
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)


def stateful():
    """A fresh view and penalty; the strength moves fast, and starts where it matters."""
    view = Adaptive({"jitter": lambda x, draw: x + 0.1 * draw.normal("n", tuple(x.shape))}, 1.0, 0.2, 4000)
    view.p.fill_(0.4)
    return {"views": [view], "penalties": [Term("lecam", LeCam(0.8), 0.3, every=2)]}


if __name__ == "__main__":
    world = join_world()
    phases = [tiny.Phase("adversarial", ("d", "d", "g"), 640, tiny.OPTIM, ("g",))]
    trainer = tiny.build_tiny(batch=16, phases=phases, world=world, **stateful())
    trainer.fit()
    nets = {**trainer.game.players, "memory": trainer.game.memory}
    state = {f"{n}.{k}": v.contiguous() for n, net in nets.items() for k, v in net.state_dict().items()}
    save_file(state, f"{sys.argv[1]}/rank{world.rank}.safetensors")
    leave_world()

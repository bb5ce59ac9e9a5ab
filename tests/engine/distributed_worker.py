"""Started by torchrun from test_distributed.py: trains tiny games for a few steps and writes weights and losses.

distributed_worker.py FOLDER NAME ...          each of `GAMES`, to FOLDER/NAME-rankN.safetensors
distributed_worker.py FOLDER --resume SAVED    goes on from the checkpoint in SAVED, to FOLDER/resumed-rankN
"""

import importlib.util
import sys
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from multigan import losses
from multigan.core.types import Critique, Spec
from multigan.engine.checkpoint import restore_latest
from multigan.engine.distributed import World, join_world, leave_world
from multigan.engine.trainer import Quiet
from multigan.games.rules import Term
from multigan.plugins import modalities

spec = importlib.util.spec_from_file_location("tiny_conftest", Path(__file__).with_name("conftest.py"))
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)

TURNS = ("d", "d", "g")
BATCH = 16
LARGE = 1.9  # two of fifty items


class Labelled(tiny.TinyD):
    """A D that hears the label: projection onto a learned vector a class (Miyato & Koyama 2018, equation 3)."""

    def __init__(self):
        super().__init__()
        self.classes = nn.Embedding(3, 2)

    def forward(self, x, cond=None, draw=None):
        return super().forward(x, cond, draw) + (self.classes(cond) * x).sum(1)


class OneSided(tiny.TinyD):
    """A parameter that only some processes use: it is in the graph only where a sample is large."""

    def forward(self, x, cond=None, draw=None):
        logits = super().forward(x, cond, draw)
        large = x[:, 0] > LARGE
        return logits + (large * x[:, 0]) * self.unused.sum() if large.any() else logits


class TwoHeads(tiny.TinyD):
    """A logit a sample, a patch of two, and features."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Linear(2, 2)

    def forward(self, x, cond=None, draw=None):
        patch = self.patch(x)
        return Critique((super().forward(x, cond, draw), patch), (patch, torch.tanh(patch)))


def penalty(name, every=1):
    """A penalty by name, built anew where it has a state or a policy: the tiny samples are points in the plane."""
    thing = losses.penalties.get(name)
    built = thing.build(modalities.get("points"), Spec("points", (2,))) if hasattr(thing, "build") else thing
    return {"penalties": [Term(name, built, 0.1, every)]}


# The loss is flat in D's last bias: its gradient is the rounding error, which Adam would blow up to whole steps.
FLAT = {"eps": 1e-3}
GAMES = {
    **{f"penalty-{name}": partial(penalty, name) for name in losses.penalties.names()},
    **{f"loss-{name}": {"loss": losses.losses.get(name), "penalties": []} for name in losses.losses.names()},
    "loss-relativistic-average": {**FLAT, "loss": losses.losses.get("relativistic-average"), "penalties": []},
    "lazy": partial(penalty, "r1", every=3),
    "everything": {},
    "labels": {"D": Labelled},
    "one-sided": {"D": OneSided},
    "uneven": {"n": 37},
    "clipped": {"clip_norm": 0.05},
    "micro-batches": {"accumulate": 2},
    "heads": {**FLAT, "D": TwoHeads, "loss": losses.losses.get("relativistic-average"), "penalties": []},
    "features": {"D": TwoHeads, "matching": [Term("features", losses.matching.get("feature-matching"), 0.3)]},
    "top-k": {"reduction": partial(losses.reductions.get("top-k"), nu=0.3)},
}


class Losses(Quiet):
    """What `metrics.jsonl` would say."""

    def __init__(self):
        self.rows = []

    def stepped(self, trainer, parts):
        self.rows.append(trainer.world.mean({name: float(value) for name, value in parts.items()}))


def build(name, world, steps=10):
    made = GAMES[name]
    options = dict(made() if callable(made) else made)
    accumulate = options.pop("accumulate", 1)
    D, stepping = options.pop("D", tiny.TinyD), {k: options.pop(k) for k in ("clip_norm", "eps") if k in options}
    optim = {player: tiny.OptimSettings(lr=1e-2, **stepping) for player in "GD"}
    phases = [tiny.Phase("adversarial", TURNS, steps * 2 * BATCH, optim)]
    old, tiny.TinyD = tiny.TinyD, D
    try:
        trainer = tiny.build_tiny(batch=BATCH, phases=phases, world=world, **options)
        trainer.accumulate = accumulate
        return trainer
    finally:
        tiny.TinyD = old


def result(trainer, rows):
    found = {f"{n}.{k}": v for n, net in trainer.game.players.items() for k, v in net.state_dict().items()}
    found |= {f"ema.{k}": v for k, v in trainer.ema.net.state_dict().items()}
    found |= {f"losses.{k}": torch.tensor([row[k] for row in rows], dtype=torch.float64) for k in rows[-1]}
    return {key: value.clone().contiguous() for key, value in found.items() if not key.endswith("calls")}


def train(name, world=None):
    trainer, heard = build(name, world or World()), Losses()
    trainer.handlers = [heard]
    trainer.fit()
    return result(trainer, [row for row in heard.rows if row.keys() == heard.rows[-1].keys()])


def go_on(world, saved):
    trainer, heard = build("everything", world), Losses()
    restore_latest(trainer, Path(saved), "f")
    trainer.handlers = [heard]
    trainer.fit()
    return result(trainer, heard.rows[-1:])


if __name__ == "__main__":
    world, folder = join_world(), sys.argv[1]
    if sys.argv[2] == "--resume":
        save_file(go_on(world, sys.argv[3]), f"{folder}/resumed-rank{world.rank}.safetensors")
    else:
        for name in sys.argv[2:]:
            save_file(train(name, world), f"{folder}/{name}-rank{world.rank}.safetensors")
    world.barrier()  # nobody hangs up while another still talks
    leave_world()
    if Path("/proc/self/task").exists():
        talking = [t.name for t in Path("/proc/self/task").iterdir() if "gloo" in (t / "comm").read_text()]
        assert not talking, "a thread that still talks to peers may abort the interpreter's end"

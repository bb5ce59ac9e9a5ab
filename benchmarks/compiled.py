"""What torch.compile brings to the nets of a recipe: D and G forward and backward, eager and compiled.

    python benchmarks/compiled.py [--recipe image/digits] [--mode default] [--rounds 10] [--out compiled.json]

Penalties are not in it: they need a gradient of a gradient, which a compiled net does not give. On a GPU the mode
`reduce-overhead` replays CUDA graphs. The time of compiling is reported by itself. Without a compiler of the system
(a C++ compiler for the CPU) torch fails; under --tiny the backend `aot_eager` stands in, which needs none.
"""

import time

import torch
from our_steps import trainer_of
from timing import arguments, contest, parse, ratio, report

from multigan.core.draw import Draw
from multigan.core.types import as_critique
from multigan.engine.precision import autocast


def steps_of(trainer, compiled):
    """Forward and backward of both nets, by name."""
    G, D = trainer.game.players["G"], trainer.game.players["D"]
    batch = trainer.batches.take("adversarial", 0)
    device, size, draw = trainer.batches.device, len(batch.real), Draw(0, device=str(trainer.batches.device))
    z = G.latent.sample(size, draw)

    def back(loss, net):
        loss.float().mean().backward()
        net.zero_grad()

    def play_d(net):
        torch.compiler.cudagraph_mark_step_begin()
        with autocast(device, trainer.dtype):
            logits = as_critique(net(batch.real, batch.cond, None)).logits[0]
        back(logits, D)

    def play_g(net):
        torch.compiler.cudagraph_mark_step_begin()
        with autocast(device, trainer.dtype):
            fake = net(z, batch.cond, None)
        back(fake, G)

    compile_g, compile_d = compiled(G), compiled(D)
    return {
        "D": lambda: play_d(D),
        "D, compiled": lambda: play_d(compile_d),
        "G": lambda: play_g(G),
        "G, compiled": lambda: play_g(compile_g),
    }


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=10, iterations=5)
    parser.add_argument("--recipe", default="image/digits")
    parser.add_argument("--mode", default="default", choices=("default", "reduce-overhead", "max-autotune"))
    args = parse(parser)
    options = {"backend": "aot_eager"} if args.tiny else {"mode": args.mode}
    steps = steps_of(trainer_of(args.recipe, args), lambda net: torch.compile(net, **options))
    seconds = {}
    for name in ("D, compiled", "G, compiled"):
        began = time.perf_counter()
        steps[name]()
        seconds[name] = time.perf_counter() - began
    rows = contest(steps, args)
    facts = {"recipe": args.recipe, "options": options, "seconds_to_compile": seconds}
    report("compiled", rows, args, facts=facts)
    for name in ("D", "G"):
        print("{}: eager / compiled {:.3f} ({:.3f} to {:.3f})".format(name, *ratio(rows, name, f"{name}, compiled")))


if __name__ == "__main__":
    main()

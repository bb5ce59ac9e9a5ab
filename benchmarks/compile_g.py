"""Does torch.compile of G help? A whole iteration with G as it is and with G compiled, by recipe.

    python benchmarks/compile_g.py [--recipe points/ring image/digits] [--rounds 7] [--out compile_g.json]

Only G is compiled: a compiled D cannot be differentiated twice, so that penalties need the eager one (the first line
shows what happens). The first iteration, which compiles, is timed on its own. It needs a C++ compiler on a CPU.
"""

import time

import torch
from our_steps import trainer_of
from timing import arguments, contest, parse, report

from multigan.draw import Draw
from multigan.losses.gradient_penalties import r1

SMALL = ["G.width=4", "D.width=4", "train.batch=4"]


def compiled(trainer):
    """The trainer's iteration with G compiled, after the iterations that compile, and the seconds of those."""
    trainer.game.G = torch.compile(trainer.game.G)
    began = time.perf_counter()
    trainer._iterate()
    trainer._iterate()
    return trainer._iterate, time.perf_counter() - began


def penalty_of_compiled():
    """What a gradient penalty through a compiled D does, in words."""
    torch.manual_seed(0)
    D = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Softplus(), torch.nn.Linear(16, 1))
    x, given = torch.randn(4, 8), torch.compile(D)
    try:
        value = r1(lambda x, cond, draw: given(x)[:, 0], x, x, None, Draw(0)).sum()
        (found,) = torch.autograd.grad(value, [D[0].weight])
    except (RuntimeError, ValueError) as error:
        return f"raises {type(error).__name__}: {error}"
    (right,) = torch.autograd.grad(r1(lambda x, cond, draw: D(x)[:, 0], x, x, None, Draw(0)).sum(), [D[0].weight])
    return f"gradient off by {(found - right).abs().max():.1e}, right ones are up to {right.abs().max():.1e}"


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=7, iterations=2)
    parser.add_argument("--recipe", nargs="+", default=["points/ring", "image/digits"])
    args = parse(parser)
    outcome = penalty_of_compiled()
    print(f"a gradient penalty through a compiled D: {outcome}", flush=True)
    steps, seconds = {}, {}
    for name in args.recipe:
        settings = SMALL if args.tiny and name.startswith("image") else ()
        steps[f"{name}, eager"] = trainer_of(name, args, settings)._iterate
        steps[f"{name}, compiled G"], seconds[name] = compiled(trainer_of(name, args, settings))
    baselines = {f"{name}, compiled G": f"{name}, eager" for name in args.recipe}
    facts = {"seconds_to_compile": seconds, "penalty_through_compiled_D": outcome}
    report("compile_g", contest(steps, args), args, baseline=baselines, facts=facts)


if __name__ == "__main__":
    main()

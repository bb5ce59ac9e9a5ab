"""How cost grows: time and memory of a DCGAN step as the batch, the side and the data set grow, with fitted exponents.

    python benchmarks/scaling.py [--width 16] [--rounds 5] [--out scaling.json]

The exponent is the slope of log(cost) over log(size) by least squares: 1 = in proportion, 2 = with the square.
"""

import math

import torch
from our_steps import iteration, trainer_of
from timing import arguments, contest, median_and_quartiles, parse, report

from multigan.core.types import Data, Spec
from multigan.plugins.image.data import Pictures

AXES = {"batch": (16, 32, 64, 128), "side": (16, 32, 64, 128), "items": (1_000, 4_000, 16_000, 64_000)}
BASE = {"batch": 32, "side": 32, "items": 1_000}


def step_of(args, batch, side, items):
    pictures = torch.randint(0, 256, (items, 3, side, side), dtype=torch.uint8)
    settings = [f"G.width={args.width}", f"D.width={args.width}", f"train.batch={batch}"]
    trainer = trainer_of("image/dcgan", args, settings, Data(Pictures(pictures), Spec("image", (3, side, side))))
    return iteration(trainer)


def exponent(sizes, costs):
    """Slope of the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(max(cost, 1e-3)) for cost in costs]
    middle = sum(x) / len(x)
    return sum((a - middle) * b for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=5, iterations=1)
    parser.add_argument("--width", type=int, default=16)
    args = parse(parser)
    axes = AXES
    if args.tiny:
        args.width, axes = 2, {"batch": (2, 4), "side": (8, 16), "items": (10, 20)}
    named = {f"{axis} {size}": (axis, size) for axis, sizes in axes.items() for size in sizes}
    smallest = {axis: sizes[0] for axis, sizes in axes.items()} if args.tiny else BASE
    steps = {name: step_of(args, **{**smallest, axis: size}) for name, (axis, size) in named.items()}
    rows = contest(steps, args)
    exponents = {}
    for axis, sizes in axes.items():
        mine = [rows[f"{axis} {size}"] for size in sizes]
        exponents[axis] = {
            "time": exponent(sizes, [median_and_quartiles(row["ms"])[0] for row in mine]),
            "memory": exponent(sizes, [row["peak_mib"] for row in mine]),
        }
    report("scaling", rows, args, facts={"width": args.width, **smallest, "exponents": exponents})
    for axis, found in exponents.items():
        print(f"{axis}: time ~ {axis}^{found['time']:.2f}, memory ~ {axis}^{found['memory']:.2f}")


if __name__ == "__main__":
    main()

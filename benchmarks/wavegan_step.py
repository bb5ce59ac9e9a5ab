"""WaveGAN on 16384 samples: one step of D and of G, with and without gradient penalty, at two widths.

python benchmarks/wavegan_step.py [--widths 16 64] [--batch 16] [--rounds 5] [--out wavegan_step.json]
"""

import torch
from our_steps import trainer_of, turn
from timing import arguments, contest, parse, report

from multigan.core.types import Data, Spec
from multigan.plugins.audio.data import Sounds

NO_PENALTY = "game.penalties=[]"


def data_of(samples):
    generator = torch.Generator().manual_seed(0)
    waves = torch.randint(-(2**15), 2**15, (64, 1, samples), generator=generator).short().numpy()
    return Data(
        Sounds(list(waves), samples, anywhere=False), Spec("audio", (1, samples), (), {"sample_rate_hz": 16000})
    )


def steps_of(width, args):
    size = [f"G.width={width}", f"D.width={width}", f"train.batch={args.batch}", f"data.samples={args.samples}"]
    data = data_of(args.samples)
    with_penalty = trainer_of("audio/wavegan", args, size, data)
    without = trainer_of("audio/wavegan", args, [*size, NO_PENALTY], data)
    steps = {f"d={width} D": turn(without, "d"), f"d={width} D with penalty": turn(with_penalty, "d")}
    steps[f"d={width} G, transposed"] = turn(without, "g")
    for upsample in ("nearest", "linear"):
        trainer = trainer_of("audio/wavegan", args, [*size, NO_PENALTY, f"G.upsample={upsample}"], data)
        steps[f"d={width} G, {upsample}"] = turn(trainer, "g")
    return steps


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=5, iterations=1)
    parser.add_argument("--widths", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--samples", type=int, default=16384)
    parser.add_argument("--batch", type=int, default=16)
    args = parse(parser)
    if args.tiny:
        args.widths, args.batch, args.samples = [2], 2, 256
    steps = {name: step for width in args.widths for name, step in steps_of(width, args).items()}
    facts = {"batch": args.batch, "samples": args.samples}
    report("wavegan_step", contest(steps, args), args, facts=facts)


if __name__ == "__main__":
    main()

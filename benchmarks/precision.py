"""What bf16 brings to a step of the recipes for files, and channels-last memory, which nets of pictures have.

    python benchmarks/precision.py [--threads 1] [--rounds 7] [--only image-32,text] [--out precision.json]

A step is a whole iteration, D's turn and G's (texts: every turn apart). Speed alone; whether a run ends as well is what
`quality.py --set train.precision=bf16` says.
"""

import torch
from our_steps import iteration, trainer_of, turn
from timing import arguments, contest, parse, report

from multigan.core.types import Data, Spec
from multigan.engine.precision import has_bf16
from multigan.plugins.audio.data import Sounds
from multigan.plugins.image.data import Pictures

CASES = ("image-28", "image-32", "image-64", "text", "audio")


def pictures(channels, side):
    """Random pictures of one size."""
    items = torch.randint(0, 256, (512, channels, side, side), dtype=torch.uint8)
    return Data(Pictures(items), Spec("image", (channels, side, side)))


def sounds(samples):
    """Random sounds of one length."""
    waves = torch.randint(-(2**15), 2**15, (64, 1, samples)).short().numpy()
    spec = Spec("audio", (1, samples), (), {"sample_rate_hz": 16000})
    return Data(Sounds(list(waves), samples, anywhere=False), spec)


def steps_of(case, args):
    """The steps of one case by name, float32 first."""
    small = ["G.width=4", "D.width=4"] if args.tiny else []
    steps = {}
    for precision in ("fp32", "bf16") if has_bf16(torch.device(args.device)) else ("fp32",):
        own = [f"train.precision={precision}"]
        if case == "text":
            size = ["data.n=200", "data.length=20", *([] if args.tiny else ["G.hidden=256", "data.vocab=2000"])]
            trainer = trainer_of("text/relgan", args, [*size, *own])
            steps |= {f"{case} {name} {precision}": turn(trainer, name) for name in ("mle", "d", "g")}
        elif case == "audio":
            trainer = trainer_of("audio/folder", args, [*small, *own], sounds(8192))
            steps[f"{case} {precision}"] = iteration(trainer)
        else:
            data = pictures(1 if case == "image-28" else 3, int(case[-2:]))
            steps[f"{case} {precision}"] = iteration(trainer_of("image/folder", args, [*small, *own], data))
            other = in_order_of_channels(trainer_of("image/folder", args, [*small, *own], data))
            steps[f"{case} {precision} contiguous"] = iteration(other)
    return steps


def in_order_of_channels(trainer):
    """The same trainer with weights channel by channel, as torch makes them."""
    for net in trainer.game.players.values():
        net.to(memory_format=torch.contiguous_format)
    return trainer


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=7, iterations=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(CASES))
    args = parse(parser)
    steps = {name: step for case in args.only for name, step in steps_of(case, args).items()}
    baseline = {name: name.split(" bf16")[0].split(" fp32")[0] + " fp32" for name in steps}
    report("precision", contest(steps, args), args, baseline=baseline)


if __name__ == "__main__":
    main()

"""What every rival shares: its arguments, its items, its clock. Nothing here is MultiGAN's.

    python benchmarks/rivals/NAME.py ITEMS.npz CPU_SECONDS SEED OUT.npz [--width 32]

A rival trains until its process has used CPU_SECONDS of processor time (imports are counted), then draws as many fakes
as are asked for, which is not counted, and writes them with the number of items that it saw.
"""

import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F

__all__ = ["draw", "out_of_time", "parse", "pictures", "save", "to_power_of_two"]


def parse(doc):
    """The arguments of every rival, with one thread and the seed set."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items")
    parser.add_argument("cpu_seconds", type=float)
    parser.add_argument("seed", type=int)
    parser.add_argument("out")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--fakes", type=int, default=2000)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    return args


def out_of_time(args):
    """Whether the budget is spent."""
    return time.process_time() >= args.cpu_seconds


def pictures(args):
    """float32 `(n, channels, side, side)` in [-1, 1], framed to 16 or 32 pixels, and the width of the frame."""
    items = torch.from_numpy(np.load(args.items)["x"]).float() / 127.5 - 1
    return to_power_of_two(items)


def to_power_of_two(items):
    """Framed by the darkest value up to the next power of two, and the width of that frame."""
    side = items.shape[-1]
    frame = (2 ** (side - 1).bit_length() - side) // 2
    return F.pad(items, (frame,) * 4, value=-1.0), frame


def draw(make, args, frame=0):
    """`args.fakes` of `make(n)`, 100 at a time, without their frame."""
    with torch.no_grad():
        fakes = torch.cat([make(100).cpu() for _ in range(-(-args.fakes // 100))])[: args.fakes]
    end = fakes.shape[-1] - frame
    return (fakes[..., frame:end, frame:end] if frame else fakes).float()


def save(args, fakes, seen):
    """Write fakes in [-1, 1] as bytes (pictures) or float16 (sounds)."""
    array = fakes.numpy()
    as_bytes = np.clip(np.round((array + 1) * 127.5), 0, 255).astype(np.uint8)
    np.savez_compressed(args.out, x=as_bytes if array.ndim == 4 else array.astype(np.float16), seen=seen)

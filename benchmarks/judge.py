"""What a fresh judge sees: planted faults of rising strength on reals, and reals against reals.

    OMP_NUM_THREADS=1 python benchmarks/judge.py [--only mnist horses fsdd coco grid] [--seeds 2] [--equal 20]
        [--seen 1200] [--n 250] [--net-alone]
    OMP_NUM_THREADS=1 python benchmarks/judge.py --sizes 50 200 500 [--only mnist fsdd coco] [--seeds 2] [--equal 20]

Both sides are reals, different ones; faults are put into the second. Prints the accuracy with its interval's lower end,
and whether .5 lies outside of it (seen) and .75 below it (still far); then how often equal sides were told apart. Real
data lies in $MULTIGAN_DATA, else ../shared/data; sets that are not there are left out. With `--sizes` a table of fewer
faults at so many samples a side, each judged as at the end of a long run.
"""

import argparse
import os
import time
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.doctor.last_look import MOST
from multigan.judge.bar import FAR
from multigan.judge.two_sample import SEEN, two_sample
from multigan.plugins import modalities
from multigan.plugins.shown import Shown, Views, judge_views

DATA = Path(os.environ.get("MULTIGAN_DATA", Path(__file__).parents[2] / "shared" / "data")).resolve()
SETS = {
    "mnist": ("image", "image/mnist", {}, 400),
    "horses": ("image", "image/cifar10/horse", {}, 200),
    "fsdd": ("audio", "audio/fsdd", {"samples": 4096, "label_pattern": r"^(?P<label>\d)_"}, 300),
    "coco": ("text", "text/coco/image_coco.txt", {}, 400),
    "grid": ("points", "grid", {}, 400),
}
READ_BEFORE = 2000
AT_SIZES = {
    "image": ("noise 0.05", "blur 0.6 px", "8 x 8 erased", "32 items repeated"),
    "audio": ("noise at -50 dB", "nothing above 0.75 of the band", "236 Hz at -40 dB", "32 items repeated"),
    "text": ("10% of words replaced", "1 pair of words swapped", "words dealt anew", "32 items repeated"),
    "points": ("noise 0.02", "noise 0.05", "noise 0.1", "32 items repeated"),
}
"""Faults of the table by numbers of samples."""


class Set:
    """Reals of one set: `side(k)` are the k-th few hundred of a random order, `rest` what is on neither side."""

    net_alone = False

    def __init__(self, name, seed):
        kind, source, options, self.n = SETS[name]
        self.modality = modalities.get(kind)
        place = source if kind == "points" else str(DATA / source)
        self.data = self.modality.load(place, **options)
        self.order = torch.randperm(len(self.data.items), generator=torch.Generator().manual_seed(seed))
        self.n = min(self.n, len(self.order) // 2)
        rest = self.order[3 * self.n :][:READ_BEFORE].split(256)
        views = judge_views(self.modality, lambda: (self.take(part) for part in rest if len(part)), self.data.spec)
        self.views = Views(views.net, None) if self.net_alone else views

    def take(self, items):
        """D's space."""
        return self.modality.to_real(self.data.items.take(items, Draw(0)), self.data.spec)

    def shown(self, x):
        """What is judged of samples."""
        return self.views.of(x.split(128))


def told_apart(real, fake, seed, seen):
    """What both witnesses say, where there are two."""
    return two_sample(real.x, fake.x, Draw(seed), seen=seen, numbers=(real.numbers, fake.numbers)).accuracy


def cut(shown, places):
    """Some of what is shown."""
    return Shown(shown.x[places], None if shown.numbers is None else shown.numbers[places])


def blurred(x, pixels):
    """Gaussian of so many pixels' deviation."""
    kernel = torch.exp(-(torch.arange(-3, 4).float() ** 2) / (2 * pixels**2))
    kernel, channels = kernel / kernel.sum(), x.shape[1]
    x = F.pad(x, (3, 3, 3, 3), mode="replicate")
    x = F.conv2d(x, kernel.view(1, 1, 7, 1).repeat(channels, 1, 1, 1), groups=channels)
    return F.conv2d(x, kernel.view(1, 1, 1, 7).repeat(channels, 1, 1, 1), groups=channels)


def checkered(x, strength):
    """A checkerboard of single pixels."""
    rows, columns = torch.arange(x.shape[2])[:, None], torch.arange(x.shape[3])
    return x + strength * ((rows + columns) % 2 * 2 - 1)


def noisy(x, deviation, random):
    """White noise."""
    return x + deviation * torch.randn(x.shape, generator=random)


def erased(x, side, random):
    """One square each becomes the picture's mean."""
    x = x.clone()
    for one in x:
        top, left = torch.randint(0, x.shape[2] - side + 1, (2,), generator=random)
        one[:, top : top + side, left : left + side] = one.mean((1, 2), keepdim=True)
    return x


def band_limited(x, share):
    """Nothing above a share of half the sampling rate."""
    spectrum = torch.fft.rfft(x)
    spectrum[..., int(share * spectrum.shape[-1]) :] = 0
    return torch.fft.irfft(spectrum, x.shape[-1])


def humming(x, level_db, rate_hz):
    """A tone of 236 Hz."""
    return x + 10 ** (level_db / 20) * torch.sin(2 * torch.pi * 236 * torch.arange(x.shape[-1]) / rate_hz)


def reordered(x, swaps, end, random):
    """Neighbours change places so often; None = the whole text is dealt anew."""
    ids = x.argmax(-1)
    for text in ids:
        n = int((text != end).sum())
        if swaps is None:
            text[:n] = text[torch.randperm(n, generator=random)]
        for _ in range(swaps or 0):
            at = int(torch.randint(0, max(n - 1, 1), (), generator=random))
            text[[at, at + 1]] = text[[at + 1, at]]
    return F.one_hot(ids, x.shape[-1]).float()


def replaced(x, share, end, random):
    """A share of the words are others, as frequent."""
    ids = x.argmax(-1)
    others = ids.flatten()[torch.randint(0, ids.numel(), ids.shape, generator=random)]
    hit = (torch.rand(ids.shape, generator=random) < share) & (ids != end) & (others != end)
    return F.one_hot(torch.where(hit, others, ids), x.shape[-1]).float()


def faults_of(kind, spec, random):
    """Name to what makes fakes of reals `(n, ...)`, gentle to gross."""
    if kind == "image":
        return {
            **{f"blur {s} px": partial(blurred, pixels=s) for s in (0.4, 0.6, 1.0)},
            **{f"checkerboard {s}": partial(checkered, strength=s) for s in (0.02, 0.05, 0.1)},
            **{f"noise {s}": partial(noisy, deviation=s, random=random) for s in (0.02, 0.05, 0.1)},
            **{f"{s} x {s} erased": partial(erased, side=s, random=random) for s in (4, 8, 12)},
        }
    if kind == "audio":
        rate_hz = spec.meta["sample_rate_hz"]
        return {
            **{f"nothing above {s} of the band": partial(band_limited, share=s) for s in (0.9, 0.75, 0.5)},
            **{f"236 Hz at {s} dB": partial(humming, level_db=s, rate_hz=rate_hz) for s in (-50, -40, -30)},
            **{f"noise at {s} dB": partial(noisy, deviation=10 ** (s / 20), random=random) for s in (-60, -50, -40)},
        }
    if kind == "text":
        how = {"end": spec.meta.get("end"), "random": random}
        return {
            "1 pair of words swapped": partial(reordered, swaps=1, **how),
            "3 pairs of words swapped": partial(reordered, swaps=3, **how),
            "words dealt anew": partial(reordered, swaps=None, **how),
            **{f"{s:.0%} of words replaced": partial(replaced, share=s, **how) for s in (0.05, 0.1, 0.3)},
        }
    return {f"noise {s}": partial(noisy, deviation=s, random=random) for s in (0.02, 0.05, 0.1)}


def fakes_of(one, random):
    """Name to fakes in D's space: equal reals, repeated ones, those without some classes, those with faults."""
    items = one.order[one.n :]
    x = one.take(items[: one.n])
    found = {"none": x}
    for few in (1, 4, 32):
        found[f"{few} items repeated"] = x[torch.randint(0, few, (len(x),), generator=random)]
    if one.data.labels is not None:
        labels, classes = one.data.labels[items], len(one.data.spec.classes)
        for share in (0.1, 0.3, 0.5):
            kept = items[labels >= round(share * classes)][: one.n]
            found[f"{share:.0%} of classes missing"] = one.take(kept)
    kind = one.data.spec.modality
    return {**found, **{name: fault(x) for name, fault in faults_of(kind, one.data.spec, random).items()}}


def power(name, seeds, seen):
    """Accuracies of all faults: name to a list of intervals, and CPU seconds of one test."""
    rows, began, tests = {}, 0.0, 0
    for seed in range(seeds):
        one = Set(name, seed)
        real = one.shown(one.take(one.order[: one.n]))
        for fault, fake in fakes_of(one, torch.Generator().manual_seed(seed)).items():
            shown, start = one.shown(fake), time.process_time()
            rows.setdefault(fault, []).append(told_apart(real, shown, seed, seen))
            began, tests = began + time.process_time() - start, tests + 1
    return rows, began / tests


def null(one, times, seen=MOST):
    """Accuracies of reals against as many others, of another choice each time."""
    for seed in range(times):
        order = one.order[torch.randperm(len(one.order), generator=torch.Generator().manual_seed(seed))]
        x = one.shown(one.take(order[: 2 * one.n]))
        yield told_apart(cut(x, slice(one.n)), cut(x, slice(one.n, None)), seed, seen)


def by_size(name, sizes, seeds, times):
    """Lines: numbers of samples a side, equal sides, and some faults."""
    faults = AT_SIZES[SETS[name][0]]
    yield f"| {name}, a side | equal: mean, told apart, CPU s a test | " + " | ".join(faults) + " |"
    yield "|" + "---|" * (len(faults) + 2)
    for n in sizes:
        found, began = {fault: [] for fault in faults}, time.process_time()
        one = Set(name, 0)
        one.n = min(n, len(one.order) // 2)
        equals = list(null(one, times))
        each = (time.process_time() - began) / max(1, times)
        for seed in range(seeds):
            one = Set(name, seed)
            one.n = min(n, len(one.order) // 2)
            real = one.shown(one.take(one.order[: one.n]))
            fakes = fakes_of(one, torch.Generator().manual_seed(seed))
            for fault in faults:
                found[fault].append(told_apart(real, one.shown(fakes[fault]), seed, MOST))
        mean = sum(one.value for one in equals) / max(1, len(equals))
        told = sum(one.low > 0.5 for one in equals)
        cells = (
            f"{sum(a.value for a in found[f]) / seeds:.2f}, {sum(a.low > 0.5 for a in found[f])} of {seeds}"
            for f in faults
        )
        yield f"| {one.n} | {mean:.2f}, {told} of {len(equals)}, {each:.1f} | " + " | ".join(cells) + " |"


def main():
    """Plant, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=list(SETS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--equal", type=int, default=20)
    parser.add_argument("--seen", type=int, default=SEEN, help=f"samples of a side a judge sees; {MOST} ends long runs")
    parser.add_argument("--n", type=int, help="samples a side, where not those of the set")
    parser.add_argument("--sizes", type=int, nargs="+", help="samples a side")
    parser.add_argument("--net-alone", action="store_true", help="no second witness")
    args = parser.parse_args()
    Set.net_alone = args.net_alone
    torch.set_num_threads(1)
    for name in args.only:
        if SETS[name][0] != "points" and not (DATA / SETS[name][1]).exists():
            print(f"{name}: not there")
            continue
        if args.n:
            SETS[name] = (*SETS[name][:3], args.n)
        if args.sizes:
            for line in by_size(name, args.sizes, args.seeds, args.equal):
                print(line, flush=True)
            continue
        rows, seconds = power(name, args.seeds, args.seen) if args.seeds else ({}, 0.0)
        print(f"{name}: {SETS[name][3]} a side, {args.seeds} seeds, {seconds:.1f} CPU s a test")
        for fault, found in rows.items():
            value, low = (sum(getattr(one, end) for one in found) / len(found) for end in ("value", "low"))
            seen, far = sum(one.low > 0.5 for one in found), sum(one.low > FAR for one in found)
            print(f"  {fault:32}{value:.2f}  from {low:.2f}  seen {seen}, far {far} of {len(found)}", flush=True)
        if args.equal:
            found = list(null(Set(name, 0), args.equal, args.seen))
            outside, seen = sum(not one.low <= 0.5 <= one.high for one in found), sum(one.low > 0.5 for one in found)
            above, far = sum(one.value > FAR for one in found), sum(one.low > FAR for one in found)
            said = f".5 outside {outside}, told apart {seen}, above {FAR} {above}, surely {far}, of {len(found)}"
            print(f"  equal sides: {said}, at most {max(one.value for one in found):.2f}", flush=True)


if __name__ == "__main__":
    main()

"""Does the distance in the default features rise with planted faults? One row per set, fault and strength.

    python benchmarks/monotonicity.py [--sets digits drums surnames] [--data FOLDER] [--n 500] [--repeats 3]

Every repeat splits real items at random in two halves without overlap, spoils the second one and measures the energy
distance (in units of the mean distance within the first) between both. The floor is that of the unspoilt second half.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.features import make_extractor
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins import modalities

STRENGTHS = (0.1, 0.25, 0.45, 0.7, 1.0)
EMBEDDED = {"digits": "image", "drums": "audio", "surnames": "text"}
REAL = {
    "mnist": ("image", "image/mnist"),
    "cifar10": ("image", "image/cifar10"),
    "coco": ("text", "text/coco/image_coco.txt"),
    "fsdd": ("audio", "audio/fsdd"),
    "real drums": ("audio", "audio/drums"),
}


def noise(x, strength, draw):
    """Gaussian noise of up to half the full scale in pictures, a tenth in sounds."""
    scale = 0.5 if x.ndim == 4 else 0.1
    return (x + strength * scale * torch.randn(x.shape, generator=draw.generator("noise"))).clamp(-1, 1)


def blur(x, strength, draw):
    """A Gaussian of up to a tenth of the width."""
    sigma = 0.25 + strength * x.shape[-1] / 10  # below a quarter of a pixel nothing changes
    at = torch.arange(-int(3 * sigma) - 1, int(3 * sigma) + 2)
    line = torch.exp(-at.square() / (2 * sigma**2))
    line = (line / line.sum()).expand(x.shape[1], 1, 1, -1)
    pad = len(at) // 2
    x = F.conv2d(F.pad(x, (pad, pad, 0, 0), mode="replicate"), line, groups=x.shape[1])
    return F.conv2d(F.pad(x, (0, 0, pad, pad), mode="replicate"), line.transpose(2, 3), groups=x.shape[1])


def band_limit(x, strength, draw):
    """Nothing above a frequency that falls from Nyquist to a sixteenth of it."""
    spectrum = torch.fft.rfft(x)
    spectrum[..., int(spectrum.shape[-1] * 2 ** (-4 * strength)) :] = 0
    return torch.fft.irfft(spectrum, n=x.shape[-1])


def drop_modes(x, strength, draw):
    """What lies on one side of a random direction is replaced by copies of the rest."""
    flat = x.flatten(1)
    line = torch.randn(flat.shape[1], generator=draw.generator("direction"))
    order = (flat @ line).argsort()
    kept = order[: max(2, round(len(x) * (1 - 0.9 * strength)))]
    return x[kept[torch.randint(len(kept), (len(x),), generator=draw.generator("again"))]]


def duplicates(x, strength, draw):
    """Only so many different samples, copied: from 90 % down to 2 %."""
    few = max(2, round(len(x) * (1 - 0.98 * strength)))
    return x[torch.arange(len(x)) % few]


def shuffle(x, strength, draw):
    """This share of a text's tokens (before its end) changes places at random."""
    ids = x.argmax(-1)
    for k, row in enumerate(ids):
        length = int((row != 0).sum())
        chosen = (torch.rand(length, generator=draw.generator(f"which/{k}")) < strength).nonzero().flatten()
        order = torch.randperm(len(chosen), generator=draw.generator(f"order/{k}"))
        row[chosen] = row[chosen[order]]
    return F.one_hot(ids, x.shape[-1]).float()


def swap_tokens(x, strength, draw):
    """Up to half of the tokens become tokens of other texts: the noise of texts."""
    ids = x.argmax(-1)
    others = ids[torch.randperm(len(ids), generator=draw.generator("others"))]
    where = (torch.rand(ids.shape, generator=draw.generator("where")) < strength / 2) & (ids != 0) & (others != 0)
    return F.one_hot(torch.where(where, others, ids), x.shape[-1]).float()


FAULTS = {
    "image": (noise, blur, drop_modes, duplicates),
    "audio": (noise, band_limit, drop_modes, duplicates),
    "text": (swap_tokens, shuffle, drop_modes, duplicates),
}


def load(name, folder):
    """Modality and data of a set."""
    kind, source = (EMBEDDED[name], name) if name in EMBEDDED else (REAL[name][0], str(folder / REAL[name][1]))
    modality = modalities.get(kind)
    options = {"samples": 8192} if name == "fsdd" else {}
    return modality, modality.load(source, **options)


def halves(modality, data, n, seed):
    """Two sets of real items without overlap, in D's space."""
    order = torch.randperm(len(data.source), generator=Draw(seed).generator("halves"))
    parts = (order[:n], order[-n:]) if len(order) >= 2 * n else order.tensor_split(2)
    return [modality.to_real(data.source.take(part, Draw(seed, k)), data.spec) for k, part in enumerate(parts)]


def distances(modality, data, fault, n, seed):
    """Energy distance at no fault and at every strength."""
    extractor = make_extractor("default", data.spec, modality)
    left, right = halves(modality, data, n, seed)
    reference = extractor(left)
    spoilt = [right, *(fault(right, strength, Draw(seed)) for strength in STRENGTHS)]
    return [mmd(reference, extractor(x), Distance(mean_distance(reference))) for x in spoilt]


def rows(name, folder, n, repeats):
    """`(fault, table (repeats, 1 + strengths))` for every fault of a set."""
    modality, data = load(name, folder)
    for fault in FAULTS[modality.name]:
        yield fault.__name__, torch.tensor([distances(modality, data, fault, n, seed) for seed in range(repeats)])


def line(name, fault, table):
    """A row of the Markdown table, in thousandths: mean ± standard deviation over repeats."""
    mean, spread = table.mean(0) * 1000, table.std(0) * 1000
    cells = " | ".join(f"{m:.1f} ± {s:.1f}" for m, s in zip(mean.tolist(), spread.tolist(), strict=True))
    rising = "yes" if (mean.diff() > 0).all() else "**no**"
    return f"| {name} | {fault.replace('_', ' ')} | {cells} | {rising} |"


def main():
    """Print and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", nargs="+", default=[*EMBEDDED])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    lines = [
        "| set | fault | floor | " + " | ".join(f"{s:g}" for s in STRENGTHS) + " | rises |",
        "|" + "---|" * (len(STRENGTHS) + 4),
    ]
    for name in args.sets:
        for fault, table in rows(name, args.data, args.n, args.repeats):
            lines.append(line(name, fault, table))
            print(lines[-1], flush=True)
    if args.out:
        args.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

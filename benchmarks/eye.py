"""What do features of pictures see? Tables of docs/eye.md, from a folder of pictures and a folder of generators' fakes.

    python benchmarks/eye.py DATA [--generators FOLDER] [--extractors eye default] [--n 200] [--repeats 8]

With `--generators` it is asked how well Fréchet distances rank generators. The folder has one `NAME.npz` a generator,
whose `f` is its fakes (float `(n, channels, height, width)` in [-1, 1], or uint8 `(n, height, width[, channels])`),
and `referee.json`, `{NAME: distance}` in features of a judge that is not ours, such as a classifier trained on labels.

Without it real items are damaged at rising strength. Every repeat splits reals at random in two halves without overlap,
damages the second and takes the energy distance to the first, in units of the mean distance within it. A damage is
seen from the first strength from which on all means lie above every repeat of the undamaged halves.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from monotonicity import blur, duplicates, noise

from multigan.core.draw import Draw
from multigan.features import make_extractor
from multigan.metrics.frechet import frechet_distance
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins import modalities

STRENGTHS = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
IMAGE = modalities.get("image")
DAMAGES = {}


def damage(function):
    """Enter a damage: `damage(x, strength, draw)`, of reals `(n, channels, height, width)` in [-1, 1]."""
    DAMAGES[function.__name__.replace("_", " ")] = function
    return function


@damage
def broken_strokes(x, strength, draw):
    """One straight cut through every picture, up to a sixth of the side wide, in the colour of the corner."""
    down, right = ((torch.arange(side) * 2 + 1) / side - 1 for side in x.shape[2:])
    angle = draw.uniform("angle", (len(x), 1, 1, 1)) * torch.pi
    at = draw.uniform("at", (len(x), 1, 1, 1)) - 0.5
    cut = (down[:, None] * angle.sin() + right * angle.cos() - at).abs() < strength / 6
    return torch.where(cut, x[:, :, :1, :1], x)


@damage
def erased_patches(x, strength, draw):
    """A square of up to half of the side in the colour of the corner."""
    side = round(strength * x.shape[-1] / 2)
    x = x.clone()
    places = draw.uniform("place", (len(x), 2))
    for item, place in zip(x, places.tolist(), strict=True):
        down, right = (int(p * (s - side + 1)) for p, s in zip(place, x.shape[2:], strict=True))
        item[:, down : down + side, right : right + side] = item[:, :1, :1]
    return x


@damage
def checkerboard(x, strength, draw):
    """Of period 2, up to a fifth of the full scale."""
    marks = (torch.arange(x.shape[2])[:, None] + torch.arange(x.shape[3])) % 2 * 2 - 1
    return (x + 0.4 * strength * marks).clamp(-1, 1)


@damage
def ghosts(x, strength, draw):
    """Another item shines through, up to half."""
    return (1 - strength / 2) * x + strength / 2 * x.roll(1, 0)


@damage
def moved_quarters(x, strength, draw):
    """This share of items has its left and right halves exchanged below the middle: parts in the wrong place."""
    chosen = draw.uniform("chosen", (len(x),)) < strength
    below = x.shape[2] // 2
    moved = torch.cat([x[:, :, :below], x[:, :, below:].roll(x.shape[3] // 2, 3)], 2)
    return torch.where(chosen[:, None, None, None], moved, x)


DAMAGES |= {"blur": blur, "noise": noise, "repeated items": duplicates}


def spearman(one, other):
    """Rank correlation of two equally long lists without ties."""
    ranks = [torch.tensor(values).argsort().argsort().double() for values in (one, other)]
    return torch.corrcoef(torch.stack(ranks))[0, 1].item()


def reals(data, chosen):
    """Items in D's space."""
    return modalities.get(data.spec.modality).to_real(data.items.take(chosen, Draw(0)), data.spec)


def fakes(file):
    """Fakes of a generator in [-1, 1], rounded to eight bits as files are."""
    x = torch.tensor(np.load(file)["f"])
    if x.dtype == torch.uint8:
        return (x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2)).float() / 127.5 - 1
    return ((x.float().clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


def features(extractor, x):
    """`(n, dim)` float64."""
    return torch.cat([extractor(part) for part in x.split(250)]).double()


def ranked(data, extractors, folder, n):
    """Lines: every generator's distances, and how they rank them."""
    judged = json.loads((folder / "referee.json").read_text())
    names = sorted((name for name in judged if (folder / f"{name}.npz").is_file()), key=judged.get)
    chosen = torch.randperm(len(data.items), generator=Draw(0).generator("reals"))[:n]
    reference = [features(extractor, reals(data, chosen)) for extractor in extractors]
    rows = []
    for name in names:
        x = fakes(folder / f"{name}.npz")[:n]
        rows.append([frechet_distance(real, features(e, x)) for real, e in zip(reference, extractors, strict=True)])
    yield "| generator | referee | " + " | ".join(extractor.name for extractor in extractors) + " |"
    yield "|" + "---|" * (len(extractors) + 2)
    for name, row in zip(names, rows, strict=True):
        yield f"| {name} | {judged[name]:.2f} | " + " | ".join(f"{value:.3g}" for value in row) + " |"
    found = [spearman([judged[name] for name in names], list(column)) for column in zip(*rows, strict=True)]
    yield f"| **Spearman over {len(names)}** | | " + " | ".join(f"**{value:.3f}**" for value in found) + " |"


def damaged(data, extractor, function, n, repeats):
    """Energy distances `(repeats, 1 + strengths)`: undamaged first."""
    rows = []
    for seed in range(repeats):
        order = torch.randperm(len(data.items), generator=Draw(seed).generator("halves"))
        left, right = (reals(data, part[:n]) for part in order.tensor_split(2))
        reference = features(extractor, left)
        scale = Distance(mean_distance(reference))
        spoilt = [right, *(function(right, strength, Draw(seed)) for strength in STRENGTHS)]
        rows.append([mmd(features(extractor, x), reference, scale) for x in spoilt])
    return torch.tensor(rows)


def seen_from(table):
    """The first strength from which on all means lie above every undamaged repeat; "never"."""
    above = table[:, 1:].mean(0) > table[:, 0].max()
    first = len(STRENGTHS) - int(above.flip(0).long().cumprod(0).sum())
    return f"{STRENGTHS[first]:g}" if first < len(STRENGTHS) else "never"


def damages(data, extractors, n, repeats, functions=DAMAGES):
    """Lines: one a damage and extractor, thousandths."""
    yield "| damage | features | undamaged, at most | " + " | ".join(f"{s:g}" for s in STRENGTHS) + " | rises | from |"
    yield "|" + "---|" * (len(STRENGTHS) + 5)
    for name, function in functions.items():
        for extractor in extractors:
            table = damaged(data, extractor, function, n, repeats) * 1000
            cells = " | ".join(f"{value:.1f}" for value in table[:, 1:].mean(0).tolist())
            rises = "yes" if (table.mean(0).diff() > 0).all() else "**no**"
            most = table[:, 0].max().item()
            yield f"| {name} | {extractor.name} | {most:.1f} | {cells} | {rises} | {seen_from(table)} |"


def main():
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--generators", type=Path)
    parser.add_argument("--extractors", nargs="+", default=["eye", "default"])
    parser.add_argument("--n", type=int)
    parser.add_argument("--repeats", type=int, default=8)
    args = parser.parse_args()
    data = IMAGE.load(args.data)
    made = [make_extractor(name, data.spec, IMAGE, data=data) for name in args.extractors]
    if args.generators:
        lines = ranked(data, made, args.generators, args.n or 2000)
    else:
        lines = damages(data, made, args.n or 200, args.repeats)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()

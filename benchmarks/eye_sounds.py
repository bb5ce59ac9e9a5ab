"""What do features of sounds see? Tables of docs/eye.md, from a folder of sounds and a folder of generators' fakes.

    python benchmarks/eye_sounds.py DATA [--generators FOLDER] [--rate 16000] [--samples 16384] [--n 150] [--repeats 4]

As `benchmarks/eye.py`, which see: with `--generators` Fréchet distances in our features are ranked beside those of a
referee that is not ours (`NAME.npz` with `f` `(n, samples)` at that rate, `referee.json`); without, real sounds are
damaged. Candidates are `default` (`multigan.plugins.audio.features`), the same brought to like spread over real items,
and statistics of log-mel spectra and of their derivatives in four parts of the sound, likewise.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from eye import damages, reals, spearman
from monotonicity import duplicates

from multigan.core.draw import Draw
from multigan.features import make_extractor
from multigan.metrics.frechet import frechet_distance
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins import modalities
from multigan.plugins.audio.features import log_mel

AUDIO = modalities.get("audio")
VITALS = 256
DIM, FLOOR = 64, 0.1
PARTS = 4


def noise(x, strength, draw):
    """White noise, from 60 dB below the loudest that a sound may be up to 20 dB below."""
    return (x + 10 ** ((-60 + 40 * strength) / 20) * draw.normal("noise", tuple(x.shape))).clamp(-1, 1)


def band_limit(x, strength, draw):
    """Nothing in the upper share of the band, up to nine tenths of it."""
    spectrum = torch.fft.rfft(x)
    spectrum[..., int((1 - 0.9 * strength) * spectrum.shape[-1]) :] = 0
    return torch.fft.irfft(spectrum, x.shape[-1])


def one_buzz(x, strength, draw):
    """Every sound fades into the same tone, three hundredths of the band high."""
    tone = 0.5 * torch.sin(torch.pi * 0.03 * torch.arange(x.shape[-1]))
    return (1 - strength) * x + strength * tone


def shuffled_onsets(x, strength, draw):
    """Every sound begins somewhere else, up to half of its length later, and goes round."""
    late = (draw.uniform("late", (len(x),)) * strength / 2 * x.shape[-1]).long()
    return torch.stack([one.roll(int(k), -1) for one, k in zip(x, late, strict=True)])


DAMAGES = {
    "noise": noise,
    "band limit": band_limit,
    "one buzz": one_buzz,
    "shuffled onsets": shuffled_onsets,
    "repeated items": duplicates,
}


def in_parts(x, rate_hz):
    """`(n, 1, samples)` -> mean and deviation of 32 bands and mean size of their derivatives in each of four parts."""
    mel = log_mel(x, rate_hz)
    mel = (mel[:, ::2] + mel[:, 1::2]) / 2
    rows = []
    for part in mel.tensor_split(PARTS, 2):
        step = part.diff(dim=2).abs().mean(2)
        rise = part.diff(dim=2).clamp_min(0).amax(2)
        rows += [part.mean(2), part.std(2, correction=0), step, rise]
    return torch.cat(rows, 1) / 20


class Whitened:
    """Vectors brought to few numbers of like spread over real items, as `multigan.features.eye.Retina` does."""

    def __init__(self, name, raw, real):
        self.name, self.raw = name, raw
        rows = torch.cat([raw(part) for part in real.split(250)]).double()
        scale = rows.std(0, correction=0)
        self.scale = torch.where(scale < 1e-6, 1.0, scale)
        self.centre = rows.mean(0)
        rows = (rows - self.centre) / self.scale
        values, vectors = torch.linalg.eigh(rows.T @ rows / len(rows))
        dim = min(DIM, len(rows) // 4)
        self.turn = vectors[:, -dim:] / (values[-dim:].clamp_min(0) + FLOOR * values.mean()).sqrt()

    def __call__(self, x):
        """`(n, 1, samples)` -> `(n, dim)`."""
        return ((self.raw(x).double() - self.centre) / self.scale) @ self.turn


def extractors_of(data):
    """`default` and what was tried beside it, fitted to up to 2,048 real sounds."""
    order = torch.randperm(len(data.items), generator=Draw(0).generator("eye/items"))[:2048]
    real, rate_hz = reals(data, order), int(data.spec.meta["sample_rate_hz"])
    default = make_extractor("default", data.spec, AUDIO)
    return [
        default,
        Whitened("default, whitened", default, real),
        Whitened("derivatives in four parts, whitened", lambda x: in_parts(x, rate_hz), real),
    ]


def features(extractor, x):
    """`(n, dim)` float64."""
    return torch.cat([extractor(part) for part in x.split(250)]).double()


def ranked(data, extractors, folder, n):
    """Lines: every generator's distances, Fréchet's and that of vitals, and how they rank them."""
    judged = json.loads((folder / "referee.json").read_text())
    names = sorted((name for name in judged if (folder / f"{name}.npz").is_file()), key=judged.get)
    chosen = torch.randperm(len(data.items), generator=Draw(0).generator("reals"))[:2048]
    rows = {name: [] for name in names}
    heads = []
    for extractor in extractors:
        reference = features(extractor, reals(data, chosen))
        near = reference[:VITALS]
        scale = Distance(mean_distance(near))
        heads += [extractor.name, "vitals"]
        for name in names:
            x = torch.tensor(np.load(folder / f"{name}.npz")["f"]).float()[:n, None]
            found = features(extractor, x)
            rows[name] += [frechet_distance(reference, found), float(mmd(found[:VITALS], near, scale))]
    yield "| generator | referee | " + " | ".join(heads) + " |"
    yield "|" + "---|" * (len(heads) + 2)
    for name in names:
        yield f"| {name} | {judged[name]:.2f} | " + " | ".join(f"{value:.3g}" for value in rows[name]) + " |"
    columns = list(zip(*rows.values(), strict=True))
    found = [spearman([judged[name] for name in names], list(column)) for column in columns]
    yield f"| **Spearman over {len(names)}** | | " + " | ".join(f"**{value:.3f}**" for value in found) + " |"
    yield f"| pairs 1.25 apart | | {' | '.join(ordered([judged[name] for name in names], c) for c in columns)} |"


def ordered(judged, ours):
    """How many pairs that the referee finds at least 1.25 times apart lie the same way for us."""
    pairs = [(a, b) for a in range(len(judged)) for b in range(len(judged)) if judged[b] >= 1.25 * judged[a]]
    return f"{sum(ours[a] < ours[b] for a, b in pairs)}/{len(pairs)}"


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--generators", type=Path)
    parser.add_argument("--rate", type=int, default=16_000)
    parser.add_argument("--samples", type=int, default=16_384)
    parser.add_argument("--n", type=int)
    parser.add_argument("--repeats", type=int, default=4)
    args = parser.parse_args()
    data = AUDIO.load(args.data, samples=args.samples, sample_rate_hz=args.rate, kind="oneshot", begin="onset")
    made = extractors_of(data)
    if args.generators:
        lines = ranked(data, made, args.generators, args.n or 1000)
    else:
        lines = damages(data, made, args.n or 150, args.repeats, DAMAGES)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()

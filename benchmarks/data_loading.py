"""Pictures and clips a second: our Batches against a plain DataLoader, on files that this script makes.

    python benchmarks/data_loading.py [--files 512] [--side 64] [--rounds 5] [--out data_loading.json]

A step reads `--batch` items and brings them into D's space. `resident` keeps uint8 (int16) items in memory, `streaming`
reads files as needed with two threads; the DataLoader opens, resizes and converts one file an item, with 0 or 2 workers
that stay alive. Before each block the batches that were read ahead while others were timed are used up. All files are
in the page cache after the first round.
"""

import tempfile
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from PIL import Image
from timing import arguments, contest, median_and_quartiles, parse, report
from torch.utils.data import DataLoader, Dataset

from multigan.engine.batches import Batches
from multigan.plugins import modalities
from multigan.plugins.image import data as pictures

AHEAD = 4  # batches that a loader with two workers, or our reader, may hold ready
FILE_HZ, WANTED_HZ = 22_050, 16_000


def make_files(folder, args):
    rng = np.random.default_rng(0)
    (folder / "pictures").mkdir()
    (folder / "sounds").mkdir()
    for k in range(args.files):
        low = Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8))
        low.resize((args.side + 16, args.side + 16)).save(folder / "pictures" / f"{k:05}.png")
        tone = 0.5 * np.sin(np.arange(int(args.samples * FILE_HZ / WANTED_HZ)) * rng.uniform(0.01, 0.3))
        soundfile.write(folder / "sounds" / f"{k:05}.wav", tone.astype(np.float32), FILE_HZ)


class Files(Dataset):
    """One file an item."""

    def __init__(self, folder, read):
        self.paths, self.read = sorted(folder.iterdir()), read

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.read(self.paths[index])


def read_picture(path, side):
    with Image.open(path) as image:
        array = np.array(image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS))
    return torch.from_numpy(array).permute(2, 0, 1).float() / 127.5 - 1


def read_sound(path, samples):
    wave, rate = soundfile.read(path, dtype="float32")
    wave = soxr.resample(wave, rate, WANTED_HZ)[:samples]
    wave = np.pad(wave, (0, samples - len(wave)))
    return torch.from_numpy(wave / max(np.abs(wave).max(), 1e-6))[None]


def loader_step(dataset, batch, workers):
    context = "fork" if workers else None
    loader = DataLoader(
        dataset,
        batch,
        shuffle=True,
        drop_last=True,
        num_workers=workers,
        persistent_workers=workers > 0,
        multiprocessing_context=context,
    )

    def endless():
        while True:
            yield from loader

    stream = endless()
    return lambda: next(stream)


def our_step(name, data, args):
    batches = Batches(data, modalities.get(name), batch=args.batch, seed=0)
    numbers = count()
    return lambda: batches.take("adversarial", next(numbers))


def streaming_pictures(folder, side):
    """The same files above a limit of memory that they do not fit."""
    limit, pictures.IN_MEMORY_BYTES = pictures.IN_MEMORY_BYTES, 0
    try:
        return modalities.get("image").load(str(folder), size=side)
    finally:
        pictures.IN_MEMORY_BYTES = limit


def steps_for(folder, args):
    image, audio = modalities.get("image"), modalities.get("audio")
    photos, sounds = folder / "pictures", folder / "sounds"
    plain_photos = Files(photos, partial(read_picture, side=args.side))
    plain_sounds = Files(sounds, partial(read_sound, samples=args.samples))
    heard = audio.load(str(sounds), samples=args.samples, sample_rate_hz=WANTED_HZ)
    return {
        "pictures, DataLoader": loader_step(plain_photos, args.batch, 0),
        "pictures, DataLoader 2 workers": loader_step(plain_photos, args.batch, 2),
        "pictures, streaming": our_step("image", streaming_pictures(photos, args.side), args),
        "pictures, resident": our_step("image", image.load(str(photos), size=args.side), args),
        "clips, DataLoader": loader_step(plain_sounds, args.batch, 0),
        "clips, DataLoader 2 workers": loader_step(plain_sounds, args.batch, 2),
        "clips, resident": our_step("audio", heard, args),
    }


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=5, iterations=8)
    parser.add_argument("--files", type=int, default=512)
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--samples", type=int, default=16384)
    parser.add_argument("--batch", type=int, default=64)
    args = parse(parser)
    if args.tiny:
        args.files, args.side, args.samples, args.batch = 8, 8, 256, 4
    with tempfile.TemporaryDirectory() as name:
        make_files(Path(name), args)
        steps = steps_for(Path(name), args)
        rows = contest(steps, args, lambda label: [steps[label]() for _ in range(AHEAD)])
    facts = {key: getattr(args, key) for key in ("files", "side", "samples", "batch")}
    for row in rows.values():
        row["items_per_second"] = 1e3 * args.batch / median_and_quartiles(row["ms"])[0]
    report("data_loading", rows, args, facts=facts)
    for label, row in rows.items():
        print(f"{label:32} {row['items_per_second']:12,.0f} a second")


if __name__ == "__main__":
    main()

"""Sheets side by side: the first row of every contender, seed 0, nothing picked."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torchaudio.functional import melscale_fbanks

__all__ = ["row_of", "sheet"]

COLUMNS, LABEL_WIDTH, GAP = 16, 130, 3


def sheet(reals, budget, fakes, folder: Path):
    """Write `sheets/SET-BUDGET.png` (pictures; sounds as spectrograms) or `.txt`, of those fakes that are there."""
    there = {name: path for name, path in fakes.items() if path.exists()}
    rows = {"reals": reals.reference[:: max(1, len(reals.reference) // COLUMNS)][:COLUMNS]}
    rows |= {name: np.load(path)["x"][:COLUMNS] for name, path in there.items()}
    target = folder / "sheets" / f"{reals.name}-{budget}"
    if reals.kind == "text":
        lines = [f"{name}:\n" + "\n".join(f"  {line}" for line in row) for name, row in rows.items()]
        target.with_suffix(".txt").write_text("\n\n".join(lines) + "\n")
        return
    images = {name: row_of(row if reals.kind == "picture" else spectrograms(row)) for name, row in rows.items()}
    stacked(images).save(target.with_suffix(".png"), optimize=True)


def row_of(items, scale=0):
    """One row of pictures `(n, h, w)`, `(n, c, h, w)` or `(n, h, w, c)`, enlarged to about 48 pixels."""
    items = np.asarray(items)
    if items.ndim == 4 and items.shape[1] in (1, 3):
        items = items.transpose(0, 2, 3, 1)
    items = items.reshape(*items.shape[:3], -1)
    items = items if items.shape[3] == 3 else items.repeat(3, axis=3)
    scale = scale or max(1, round(48 / items.shape[1]))
    enlarged = items.repeat(scale, axis=1).repeat(scale, axis=2)
    framed = np.pad(enlarged, ((0, 0), (0, 0), (0, GAP), (0, 0)), constant_values=255)
    return Image.fromarray(np.concatenate(list(framed), axis=1))


def spectrograms(waves):
    """float `(n, samples)` -> uint8 `(n, 64, 64)`: low tones below, -80 dB black, the loudest of each white.

    64 mel bands, as of 16,000 Hz: on an even scale a bass drum is one line at the bottom.
    """
    waves = torch.from_numpy(np.asarray(waves, dtype=np.float32))
    power = torch.stft(waves, 1024, 128, window=torch.hann_window(1024), return_complex=True).abs() ** 2
    power = melscale_fbanks(513, 40.0, 8000.0, 64, 16_000).T @ power
    decibels = 10 * (power / power.amax((1, 2), keepdim=True).clamp(min=1e-9) + 1e-9).log10()
    grey = ((decibels + 80) / 80).clamp(0, 1)[:, :, :64].flip(1)
    return (grey * 255).to(torch.uint8).numpy()


def stacked(images):
    """Rows under one another with their names on the left."""
    width = LABEL_WIDTH + max(image.width for image in images.values())
    height = sum(image.height + GAP for image in images.values())
    whole, top = Image.new("RGB", (width, height), "white"), 0
    pen = ImageDraw.Draw(whole)
    for name, image in images.items():
        pen.text((4, top + image.height // 2 - 5), name, fill="black")
        whole.paste(image, (LABEL_WIDTH, top))
        top += image.height + GAP
    return whole

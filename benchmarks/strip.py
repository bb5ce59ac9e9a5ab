"""The strip that README opens with: what the default recipes draw, seed 0, the first of each, nothing picked.

    python benchmarks/quality.py --sets digits,mnist,cifar --contenders ours --budgets 4 --out quality-results
    python benchmarks/strip.py quality-results --rows digits:4,mnist:4,cifar:4 --out docs/strip.png

    python benchmarks/strip.py quality-results --rows drums:4 --out docs/strip-sounds.png

A row is SET:BUDGET of what `quality.py` kept; beside it stand the processor seconds that the run took on one thread.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from quality_sheets import row_of, spectrograms

__all__ = ["LARGEST_BYTES", "strip"]

LARGEST_BYTES = 300_000
NAMES = {
    "digits": "1,797 digits that come with MultiGAN, 16 x 16",
    "mnist": "8,000 handwritten digits, 28 x 28 (MNIST)",
    "cifar": "400 photographs of horses, 32 x 32 (CIFAR-10)",
    "drums": "328 hits of five drum machines, half a second each, as spectra: time to the right, pitch upwards",
    "fsdd": "3,000 spoken digits (FSDD), half a second each, as spectra: time to the right, pitch upwards",
}
LINE, GAP, ITEMS = 16, 6, 16


def strip(folder: Path, rows: list[tuple[str, str]]) -> Image.Image:
    """Rows with a line over each: the data, and what training took."""
    table = list(csv.DictReader((folder / "results.tsv").read_text().splitlines(), delimiter="\t"))
    drawn = []
    for name, budget in rows:
        key = (name, "ours", budget, "0")
        found = next(row for row in table if tuple(row[c] for c in ("set", "contender", "minutes", "seed")) == key)
        fakes = np.load(folder / "fakes" / f"{'-'.join(key)}.npz")["x"][:ITEMS]
        line = f"{NAMES[name]}: {float(found['cpu_s']):.0f} s of one processor core, {int(found['seen']):,} samples"
        pictures = spectrograms(fakes) if fakes.ndim == 2 else fakes
        drawn.append((line, row_of(pictures, scale=max(1, round(60 / pictures.shape[2])))))
    width = max(image.width for _, image in drawn)
    whole = Image.new("RGB", (width, sum(LINE + image.height + GAP for _, image in drawn)), "white")
    pen, top = ImageDraw.Draw(whole), 0
    for line, image in drawn:
        pen.text((0, top + 2), line, fill="black")
        whole.paste(image, (0, top + LINE))
        top += LINE + image.height + GAP
    return whole


def main():
    """Draw and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="what quality.py wrote")
    parser.add_argument("--rows", default="digits:4,mnist:4,cifar:4", help="SET:BUDGET,...")
    parser.add_argument("--out", type=Path, default=Path("docs/strip.png"))
    args = parser.parse_args()
    strip(args.folder, [tuple(row.split(":")) for row in args.rows.split(",")]).save(args.out, optimize=True)
    size = args.out.stat().st_size
    print(f"{args.out}: {size:,} bytes")
    if size > LARGEST_BYTES:
        raise SystemExit(f"larger than {LARGEST_BYTES:,} bytes")


if __name__ == "__main__":
    main()

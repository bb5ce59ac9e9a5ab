"""Pictures before training: broken files, slips in folders, twins, blank ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from multigan.errors import DataError
from multigan.findings import Finding, Survey, Tick, finding, shown
from multigan.folders import broken_links, class_folders, imbalance, other_files, sort_out
from multigan.plugins.image import data, idx
from multigan.twins import digest, duplicates, same, similar, spread
from multigan.types import Spec

__all__ = ["Seen", "inspect", "look"]

RELATIVES = (".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2", ".ppm", ".pgm", ".svg", ".psd", ".raw", ".dng")
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}
SEVERAL_IN_ONE = {"MPO": "JPEG"}
THUMB = 16
NEAR = 6.0
"""Root mean square difference of 16 × 16 thumbnails, in grey levels of 0..255, below which two pictures are twins."""
BLANK = 2.0
"""Spread in grey levels below which a picture shows nothing."""
GREY = ("1", "L", "I", "I;16", "I;16B", "F", "LA")


class Seen(NamedTuple):
    """What one look at a file keeps of it.

    Attributes:
        header: size and mode, or the fault.
        format: what its bytes are, as Pillow names it.
        digest: 16 bytes that stand for its content.
        thumb: uint8 `(16 · 16 · 3,)`.
        spread: largest standard deviation of a channel, in grey levels.
    """

    header: data.Header
    format: str = ""
    digest: bytes = b""
    thumb: NDArray[np.uint8] = np.zeros(0, np.uint8)
    spread: float = 0.0


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Look at every picture once.

    Args:
        path: a folder, a picture or an idx file.
        options: as for `ImageModality.load`.
        tick: called after each file.
    """
    chosen = data.Options(**options)
    if idx.is_idx(path):
        return _inspect_idx(path, chosen, tick)
    pictures, others = sort_out(path, data.SUFFIXES)
    with ThreadPoolExecutor(data.DECODERS) as pool:
        seen = []
        for number, one in enumerate(pool.map(look, pictures), 1):
            seen.append(one)
            tick(number, len(pictures))
    return _survey(path, seen, others, chosen)


def look(file: Path) -> Seen:
    """Decode one file as training does, and keep little of it."""
    try:
        header, image = data.open_picture(file)
        if image is None:
            return Seen(header)
        thumb, spread_ = _thumb(image)
        return Seen(header, image.format or "", digest(file), thumb, spread_)
    # Damaged metadata raises whatever its parser happens to stumble over; the file is named, the inspection goes on.
    except Exception as error:
        return Seen(data.Header(file, (0, 0), "", f"cannot be read ({type(error).__name__}: {error})"))


def _thumb(image: Image.Image) -> tuple[NDArray[np.uint8], float]:
    """`(16 · 16 · 3,)` as training would see it, and the largest spread of a channel."""
    whole = data.fitted(image, (image.height, image.width), "RGB", "crop").permute(1, 2, 0).numpy()
    small = Image.fromarray(whole).resize((THUMB, THUMB), Image.Resampling.BOX)
    return np.asarray(small, np.uint8).reshape(-1).copy(), float(whole.reshape(-1, 3).std(0).max())


def _survey(path: Path, seen: Sequence[Seen], others: Sequence[Path], options: data.Options) -> Survey:
    good = [one for one in seen if not one.header.fault]
    headers = [one.header for one in good]
    found = [*_faults(path, seen), *broken_links(path)]
    found += other_files(path, others, data.SUFFIXES, RELATIVES, "pictures")
    if not good:
        return Survey({"pictures": f"0 of {len(seen):,} can be read"}, found, 0)
    size = data.pair(options.size) if options.size else data.common_size(headers)
    mode = data.common_mode(options.channels, Counter(header.mode for header in headers))
    labels, classes = data.labels_of(path, headers)
    found += class_folders(path, [header.path for header in headers], "pictures")
    per_class = {} if labels is None else dict(zip(classes, np.bincount(labels.numpy()).tolist(), strict=True))
    found += imbalance(per_class, "pictures")
    found += [*_shapes(path, good, size, options.fit), *_modes(path, good, mode), *_contents(path, good)]
    found += _twins(path, good, labels is not None)
    bands = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    items = len(good) * (2 if options.flip else 1)
    return Survey(_counts(good, size, mode, classes), found, items, Spec("image", (bands, *size), classes))


def _counts(good: Sequence[Seen], size: tuple[int, int], mode: str, classes: Sequence[str]) -> dict[str, str]:
    sizes = Counter(one.header.size for one in good)
    (height, width), most = sizes.most_common(1)[0]
    spread_of_sizes = (
        f"all {width} × {height}" if len(sizes) == 1 else f"{len(sizes):,}; {most:,} are {width} × {height}"
    )
    return {
        "pictures": f"{len(good):,}",
        "sizes": spread_of_sizes,
        "formats": _tally(Counter(one.format for one in good)),
        "modes": _tally(Counter(one.header.mode for one in good)),
        "classes": f"{len(classes):,}" if classes else "none",
        "trained as": f"{size[1]} × {size[0]} {mode}",
    }


def _tally(counts: Counter[str]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in counts.most_common(5))


def _faults(path: Path, seen: Sequence[Seen]) -> list[Finding]:
    bad = [one.header for one in seen if one.header.fault]
    found = finding(
        "fault",
        "unreadable",
        "{n} file{s} cannot be read and will be left out",
        (f"{shown(header.path, path)}: {shown(header.fault)}" for header in bad),
        "fetch or export them again, or remove them",
    )
    wrong = [one for one in seen if one.format and _is_misnamed(one)]
    return found + finding(
        "note",
        "other-format",
        "{n} file{s} of another format than the ending says, read all the same",
        (f"{shown(one.header.path, path)} is {one.format}" for one in wrong),
        "nothing, or rename them",
    )


def _is_misnamed(one: Seen) -> bool:
    actual = SEVERAL_IN_ONE.get(one.format, one.format)
    return FORMATS.get(one.header.path.suffix.lower()) != actual


def _shapes(path: Path, good: Sequence[Seen], size: tuple[int, int], fit: str) -> list[Finding]:
    height, width = size
    other = [one for one in good if one.header.size != size and len({o.header.size for o in good}) > 1]
    wide = [one for one in good if _ratio_apart(one.header.size, size) > 1.25]
    small = [one for one in good if min(one.header.size[0] / height, one.header.size[1] / width) < 0.5]
    sizes = Counter(one.header.size for one in other).most_common()
    found = finding(
        "note",
        "mixed-sizes",
        f"pictures of {{n}} sizes are brought to {width} × {height}",
        (f"{w} × {h}: {n:,}" for (h, w), n in sizes),
        "nothing, or choose a size: --set data.size=N",
    )
    found += finding(
        "warning"
        if len(wide) > 0.1 * len(good) or any(_ratio_apart(o.header.size, size) > 2 for o in wide)
        else "note",
        "other-shapes",
        "{n} picture{s} of another shape" + (" lose their edges" if fit == "crop" else f" are fitted ({fit})"),
        (f"{shown(one.header.path, path)}: {one.header.size[1]} × {one.header.size[0]}" for one in wide),
        "keep all of each with --set data.fit=pad, or sort them out" if fit == "crop" else "sort them out",
    )
    return found + finding(
        "warning",
        "too-small",
        f"{{n}} picture{{s}} of less than half of {width} × {height}, blurred when enlarged",
        (f"{shown(one.header.path, path)}: {one.header.size[1]} × {one.header.size[0]}" for one in small),
        "remove them, or train smaller: --set data.size=N",
    )


def _ratio_apart(a: tuple[int, int], b: tuple[int, int]) -> float:
    """How much longer one shape is than the other: 1 = the same shape."""
    ratio = (a[0] / a[1]) / (b[0] / b[1])
    return max(ratio, 1 / ratio)


def _modes(path: Path, good: Sequence[Seen], mode: str) -> list[Finding]:
    grey = [one for one in good if one.header.mode in GREY]
    alpha = [one for one in good if one.header.mode in ("RGBA", "LA", "PA")]
    found = []
    if mode == "RGB" and grey:
        found += finding(
            "warning" if len(grey) > 0.01 * len(good) else "note",
            "grey-among-colour",
            "{n} grey picture{s} among coloured ones",
            (shown(one.header.path, path) for one in grey),
            "remove them, or train all in grey: --set data.channels=1",
        )
    return found + finding(
        "note",
        "transparent",
        "{n} picture{s} with transparency" + ("" if mode == "RGBA" else ", put on white"),
        (shown(one.header.path, path) for one in alpha),
        "nothing, or keep it: --set data.channels=4",
    )


def _contents(path: Path, good: Sequence[Seen]) -> list[Finding]:
    found = finding(
        "warning",
        "blank",
        "{n} picture{s} of one colour only",
        (shown(one.header.path, path) for one in good if one.spread < BLANK),
        "remove them: the generator learns blank pictures too",
    )
    return found + finding(
        "note",
        "sideways",
        "{n} picture{s} stored turned or mirrored, brought upright by the mark in their EXIF data",
        (shown(one.header.path, path) for one in good if one.header.turned),
        "nothing; where a mark is wrong, remove it: exiftool -Orientation= FILES",
    )


def _twins(path: Path, good: Sequence[Seen], labelled: bool) -> list[Finding]:
    files = [one.header.path for one in good]
    exact = same([one.digest for one in good])
    class_of = (lambda file: file.relative_to(path).parts[0]) if labelled else None
    found = duplicates(path, files, exact, "pictures", class_of=class_of)
    again = {k for group in exact for k in group[1:]}
    left = [k for k, one in enumerate(good) if k not in again and one.spread >= BLANK]
    left = [left[k] for k in spread(len(left))]
    if not left:
        return found
    near = similar(np.stack([good[k].thumb for k in left]).astype(np.float32), NEAR)
    return found + duplicates(path, files, [[left[k] for k in group] for group in near], "pictures", near=True)


def _inspect_idx(path: Path, options: data.Options, tick: Tick) -> Survey:
    """The same for idx files, whose pictures have numbers instead of names."""
    try:
        images, labels, report = idx.read(path)
    except DataError as error:
        return Survey({}, [Finding("fault", "unreadable", error.given, (), 1, error.fix)], 0)
    tick(1, 1)
    n, height, width = images.shape[:3]
    names = [Path(f"number {k}") for k in range(n)]
    flat = images.reshape(n, -1)
    found = finding(
        "warning",
        "blank",
        "{n} picture{s} of one colour only",
        (str(names[k]) for k in np.nonzero(flat.std(1) < BLANK)[0]),
        "remove them: the generator learns blank pictures too",
    )
    found += duplicates(path, names, same([row.tobytes() for row in flat]), "pictures")
    counts = {} if labels is None else {str(k): c for k, c in enumerate(np.bincount(labels.numpy()).tolist())}
    found += imbalance(counts, "pictures")
    size = data.pair(options.size) if options.size else (height, width)
    facts = {
        "pictures": f"{n:,}",
        "sizes": f"all {width} × {height}",
        "classes": f"{len(counts):,}" if counts else "none",
        "trained as": f"{size[1]} × {size[0]} L",
    }
    if labels is None:
        found.append(
            Finding("note", "no-labels", report[-1], (), n, "fetch the file of labels, where you want classes")
        )
    return Survey(facts, found, n * (2 if options.flip else 1), Spec("image", (1, *size), tuple(counts)))

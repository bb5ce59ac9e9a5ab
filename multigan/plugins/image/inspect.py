"""Pictures before training: broken files, slips in folders, twins, blank ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import Finding, Survey, Tick, finding, shown
from multigan.files.listing import class_folders, imbalance, sort_out
from multigan.files.listing import class_of as folder_class
from multigan.files.twins import digest, duplicates, same, similar, spread
from multigan.files.walk import Walk, left_out_findings, walk
from multigan.plugins.image import data, idx
from multigan.plugins.image.fitting import BANDS, GREY, common_mode, fitted, pair, plain
from multigan.plugins.image.gathering import CONVERTED, IGNORED, Look, Picked, pick
from multigan.plugins.image.opening import ROOM, TOO_MANY, Header, each, look, made_smaller, nothing
from multigan.plugins.image.ranges import Ranges, said, value_ranges
from multigan.provenance.synthetic import other_findings, own_findings

__all__ = ["Seen", "inspect"]

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}
SEVERAL_IN_ONE = {"MPO": "JPEG"}
THUMB = 16
NEAR = 6.0
"""Root mean square difference of 16 × 16 thumbnails, in grey levels of 0..255, below which two pictures are twins."""
BLANK = 2.0
"""Spread in grey levels below which a picture shows nothing."""
IDX_BLOCK = 4096


class Seen(NamedTuple):
    """What two looks at a file keep of it.

    Attributes:
        header: size and mode, or the fault.
        digest: 16 bytes that stand for its content.
        thumb: uint8 `(16 · 16 · 3,)`.
        spread: largest standard deviation of a channel of what training sees, in grey levels.
    """

    header: Header
    digest: bytes = b""
    thumb: NDArray[np.uint8] = np.zeros(0, np.uint8)
    spread: float = 0.0


class _Plan(NamedTuple):
    """How training would read the pictures of a set: decided by all of them. MultiGAN's `own` are left out."""

    size: tuple[int, int]
    mode: str
    fit: str
    ranges: Ranges
    own: list[Path]
    eye: Look = look


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Look at every picture as training does: once for what it is, and again for what becomes of it.

    Args:
        path: a folder, a picture or an idx file.
        options: as for `ImageModality.load`.
        tick: called after each file.
    """
    chosen = data.Options(**options)
    found = data.listed(path, chosen.column) if chosen.column else walk(path)
    if idx.image_files(found):
        return _inspect_idx(found, chosen, tick)
    pictures, others = sort_out(found, data.SUFFIXES)
    total = 2 * len(pictures)
    eye = data.eye(chosen)
    headers = each(pictures, lambda file: eye(file, nothing, ROOM)[0], lambda done, _: tick(done, total))
    picked = pick(headers)
    findings = [*_faults(path, headers), *_synthetic(path, picked), *left_out_findings(found)]
    findings += other_findings(path, others, data.SUFFIXES, data.RELATIVES, "pictures")
    if not picked.kept:
        return Survey({"pictures": f"0 of {len(headers):,} can be read"}, findings, 0)
    good = [headers[k] for k in picked.kept]
    mode = common_mode(chosen.channels, Counter(header.mode for header in good))
    plan = _Plan(
        data.size_of(good, chosen), mode, chosen.fit, value_ranges(header.reached for header in good), picked.left, eye
    )
    seen = each(good, partial(_see, plan), lambda done, _: tick(total - len(good) + done, total))
    findings += _faults(path, [one.header for one in seen])
    return _survey(found, [one for one in seen if not one.header.fault], findings, plan, chosen)


def _see(plan: _Plan, header: Header) -> Seen:
    """Read one file as training does, and keep little of it."""

    def act(picture: Image.Image) -> tuple[NDArray[np.uint8], float]:
        trained = fitted(picture, plan.size, plan.mode, plan.fit, plan.ranges)
        thumb = plain(picture, "RGB", plan.ranges).resize((THUMB, THUMB), Image.Resampling.BOX)
        spread_ = float(trained.flatten(1).float().std(1, correction=0).max())
        return np.asarray(thumb, np.uint8).reshape(-1).copy(), spread_

    again, found = plan.eye(header.path, act, plan.size)
    if found is None:
        return Seen(again)
    try:
        return Seen(header, digest(header.path), *found)
    except OSError as error:
        return Seen(header._replace(fault=error.strerror or "gone"))


def _survey(found: Walk, good: Sequence[Seen], before: list[Finding], plan: _Plan, options: data.Options) -> Survey:
    if not good:
        return Survey({"pictures": "none can be read"}, before, 0)
    path, headers = found.root, [one.header for one in good]
    labels, classes = data.labels_of(path, headers)
    findings = list(before)
    if not options.column:  # the folders of a list are no classes
        findings += class_folders(found, [header.path for header in headers], "pictures", plan.own)
    per_class = {} if labels is None else dict(zip(classes, np.bincount(labels.numpy()).tolist(), strict=True))
    findings += imbalance(per_class, "pictures")
    findings += [*_shapes(path, good, plan.size, plan.fit), *_modes(path, good, plan.mode), *_contents(path, good)]
    findings += [*_colours(path, good), *_twins(path, good, labels is not None)]
    if len(good) == 1 and not options.crops:
        fix = "type --recipe image/style --set input.source=FOLDER, a folder of the pictures to be restyled"
        findings.append(Finding("note", "one-picture", "one picture: its style can be learnt", (), 1, fix))
    spec = Spec("image", (BANDS[plan.mode], *plan.size), classes)
    times = (2 if options.flip else 1) * max(1, options.crops)
    counts = _counts(good, plan.size, plan.mode, classes)
    return Survey(counts, findings, len(good) * times, spec, {name: n * times for name, n in per_class.items()})


def _counts(good: Sequence[Seen], size: tuple[int, int], mode: str, classes: Sequence[str]) -> dict[str, str]:
    sizes = Counter(one.header.size for one in good)
    (height, width), most = sizes.most_common(1)[0]
    spread_of_sizes = (
        f"all {width} × {height}" if len(sizes) == 1 else f"{len(sizes):,}; {most:,} are {width} × {height}"
    )
    return {
        "pictures": f"{len(good):,}",
        "sizes": spread_of_sizes,
        "formats": _tally(Counter(one.header.format for one in good)),
        "modes": _tally(Counter(one.header.mode for one in good)),
        "classes": f"{len(classes):,}" if classes else "none",
        "trained as": f"{size[1]} × {size[0]} {mode}",
    }


def _tally(counts: Counter[str]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in counts.most_common(5))


def _faults(path: Path, headers: Sequence[Header]) -> list[Finding]:
    large = [header for header in headers if TOO_MANY in header.fault]
    bad = [header for header in headers if header.fault and header not in large]
    found = finding(
        "fault",
        "unreadable",
        "{n} file{s} cannot be read and will be left out",
        (f"{shown(header.path, path)}: {shown(header.fault)}" for header in bad),
        "fetch or export them again, or remove them",
    )
    found += finding(
        "fault",
        "too-many-pixels",
        "{n} picture{s} too large to be read and will be left out",
        (f"{shown(header.path, path)}: {shown(header.fault)}" for header in large),
        made_smaller(large[0].path) if large else "",
    )
    wrong = [header for header in headers if header.format and _is_misnamed(header)]
    return found + finding(
        "note",
        "other-format",
        "{n} file{s} of another format than the ending says, read all the same",
        (f"{shown(header.path, path)} is {header.format}" for header in wrong),
        "nothing, or rename them",
    )


def _synthetic(path: Path, picked: Picked) -> list[Finding]:
    names = [shown(header.path, path) for header in picked.synthetic]
    return own_findings(names, "picture", kept=picked.only_synthetic)


def _is_misnamed(header: Header) -> bool:
    actual = SEVERAL_IN_ONE.get(header.format, header.format)
    return FORMATS.get(header.path.suffix.lower()) != actual


def _shapes(path: Path, good: Sequence[Seen], size: tuple[int, int], fit: str) -> list[Finding]:
    height, width = size
    other = [one for one in good if one.header.size != size and len({o.header.size for o in good}) > 1]
    wide = [one for one in good if _ratio_apart(one.header.size, size) > 1.25]
    small = [one for one in good if min(one.header.size[0] / height, one.header.size[1] / width) < 0.5]
    sizes = Counter(one.header.size for one in other).most_common()
    found = finding(
        "note",
        "mixed-sizes",
        f"pictures of {{n}} other size{{s}} are brought to {width} × {height}",
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
        "{n} picture{s} of one colour only, as training sees them",
        (shown(one.header.path, path) for one in good if one.spread < BLANK),
        "remove them: the generator learns blank pictures too",
    )
    found += finding(
        "note",
        "several-frames",
        "{n} picture{s} of several frames, of which the first is used",
        (shown(one.header.path, path) for one in good if one.header.animated),
        "nothing, or save the frames as pictures of their own",
    )
    for line in said(one.header.reached for one in good):
        found.append(
            Finding("note", "deep", line, (), len(good), "nothing, or convert them to 8 bits as you want them")
        )
    return found + finding(
        "note",
        "sideways",
        "{n} picture{s} stored turned or mirrored, brought upright by the mark in their EXIF data",
        (shown(one.header.path, path) for one in good if one.header.turned),
        "nothing; where a mark is wrong, remove it: exiftool -Orientation= FILES",
    )


def _colours(path: Path, good: Sequence[Seen]) -> list[Finding]:
    found = finding(
        "note",
        "other-colours",
        f"{{n}} picture{{s}} {CONVERTED}",
        (shown(one.header.path, path) for one in good if one.header.colours == "converted"),
        "nothing",
    )
    return found + finding(
        "warning",
        "profile-ignored",
        f"{{n}} picture{{s}} {IGNORED}",
        (shown(one.header.path, path) for one in good if one.header.colours == "ignored"),
        "nothing where their colours look right; else export them again, as sRGB",
    )


def _twins(path: Path, good: Sequence[Seen], labelled: bool) -> list[Finding]:
    files = [one.header.path for one in good]
    exact = same([one.digest for one in good])
    class_of = partial(folder_class, path) if labelled else None
    found = duplicates(path, files, exact, "pictures", class_of=class_of)
    again = {k for group in exact for k in group[1:]}
    left = [k for k, one in enumerate(good) if k not in again and one.spread >= BLANK]
    left = [left[k] for k in spread(len(left))]
    if not left:
        return found
    near = similar(np.stack([good[k].thumb for k in left]).astype(np.float32), NEAR)
    return found + duplicates(path, files, [[left[k] for k in group] for group in near], "pictures", near=True)


def _inspect_idx(found: Walk, options: data.Options, tick: Tick) -> Survey:
    """The same for idx files, whose pictures have numbers instead of names."""
    try:
        images, labels, report = idx.read(found)
    except DataError as error:
        return Survey({}, [Finding("fault", "unreadable", error.given, (), 1, error.fix)], 0)
    tick(1, 1)
    n, height, width = images.shape[:3]
    names = [Path(f"number {k}") for k in range(n)]
    flat = images.reshape(n, -1)
    blocks = [flat[k : k + IDX_BLOCK].std(1) for k in range(0, n, IDX_BLOCK)]
    findings = finding(
        "warning",
        "blank",
        "{n} picture{s} of one colour only",
        (str(names[k]) for k in np.nonzero(np.concatenate(blocks) < BLANK)[0]),
        "remove them: the generator learns blank pictures too",
    )
    digests = [blake2b(row.tobytes(), digest_size=16).digest() for row in flat]
    findings += duplicates(found.root, names, same(digests), "pictures")
    counted, classes = idx.classes_of(labels) if labels is not None else (None, ())
    counts = {} if counted is None else dict(zip(classes, np.bincount(counted.numpy()).tolist(), strict=True))
    findings += [*imbalance(counts, "pictures"), *left_out_findings(found)]
    size = pair(options.size or (height, width))
    mode = common_mode(options.channels, Counter({"L": n}))
    facts = {
        "pictures": f"{n:,}",
        "sizes": f"all {width} × {height}",
        "classes": f"{len(counts):,}" if counts else "none",
        "trained as": f"{size[1]} × {size[0]} {mode}",
    }
    findings += [
        Finding("note", "idx-files", line, (), n, "nothing, where that is meant")
        for line in report
        if "left out" in line
    ]
    if labels is None:
        findings.append(
            Finding("note", "no-labels", report[-1], (), n, "fetch the file of labels, where you want classes")
        )
    spec = Spec("image", (BANDS[mode], *size), tuple(counts))
    times = 2 if options.flip else 1
    return Survey(facts, findings, n * times, spec, {name: each * times for name, each in counts.items()})

"""The sets of `quality.py`: reals with labels for the referee, and the same items as files for `multigan train`.

Nothing here is MultiGAN's own code: a set is read as plainly as can be.
"""

import gzip
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torchaudio
from PIL import Image
from torch import Tensor, from_numpy

__all__ = ["SETS", "Absent", "RealSet", "data_folder", "spaced"]

ROOT = Path(__file__).resolve().parent.parent
CIFAR_CLASS, CIFAR_TRAINED = "horse", 400
MNIST_TRAINED = 8000
DRUMS = {
    "kick": "bd kick",
    "snare": "sd snare",
    "hat": "ch oh hihat",
    "tom": "lt mt ht tom timbal",
    "conga": "lc mc hc conga bongo",
    "cymbal": "cy cymbal cymball crash ride",
    "click": "rs cl rim stick clave block",
    "bell": "cb cow cowb cowbell",
    "rattle": "cp ma clap cabasa tamb guiro",
}
"""Kinds of drums by the words of file names."""


class Absent(Exception):
    """The set is not on this machine, and why."""


@dataclass(frozen=True)
class RealSet:
    """Reals of one set.

    Attributes:
        kind: `"picture"`, `"sound"` or `"text"`.
        train: what contenders see: uint8 `(n, channels, h, w)`, float32 `(n, samples)` in [-1, 1], or lines.
        reference: what fakes are measured against, of the same form.
        judged: (items, labels) that the referee is trained on; texts need no labels.
        rate_hz: of sounds.
        flips: whether the referee may mirror items.
        recipe: given to `multigan train` in place of files; empty = files.
    """

    name: str
    kind: str
    train: np.ndarray
    reference: np.ndarray
    judged: tuple[np.ndarray, np.ndarray]
    rate_hz: int = 0
    flips: bool = False
    recipe: str = ""

    def target(self, folder: Path) -> str:
        """What is given to `multigan train`: a recipe, or files that are written once below `folder`."""
        if self.recipe:
            return self.recipe
        if self.kind == "text":
            path = folder / f"{self.name}.txt"
            path.write_text("\n".join(self.train.tolist()) + "\n")
            return str(path)
        files = folder / self.name
        if not files.exists():
            files.mkdir(parents=True)
            for number, item in enumerate(self.train):
                self._write(item, files / f"{number:05d}")
        return str(files)

    def _write(self, item: np.ndarray, stem: Path) -> None:
        if self.kind == "sound":
            soundfile.write(stem.with_suffix(".wav"), item, self.rate_hz, subtype="PCM_16")
        else:
            Image.fromarray(item.transpose(1, 2, 0).squeeze()).save(stem.with_suffix(".png"))


def data_folder() -> Path:
    """`MULTIGAN_DATA`, else `../shared/data` beside the repository."""
    return Path(os.environ.get("MULTIGAN_DATA", ROOT.parent / "shared" / "data"))


def _needed(path: Path) -> Path:
    if not path.exists():
        raise Absent(f"{path} does not exist; set MULTIGAN_DATA to the folder that has it")
    return path


def digits() -> RealSet:
    """The 1,797 digits that come with the package, 8 × 8 enlarged to 16 × 16: what `image/digits` sees."""
    with np.load(ROOT / "multigan" / "plugins" / "image" / "digits.npz") as kept:
        small, labels = np.round(kept["images"] * (255 / 16)).astype(np.uint8), kept["labels"].astype(np.int64)
    large = [Image.fromarray(item).resize((16, 16), Image.Resampling.BICUBIC) for item in small]
    items = np.stack([np.asarray(item) for item in large])[:, None]
    return RealSet("digits", "picture", items, items, (items, labels), recipe="image/digits")


def mnist() -> RealSet:
    """10,000 digits of 28 × 28; contenders see 8,000 as files without labels."""
    folder = _needed(data_folder() / "image" / "mnist")
    items, labels = (_idx(next(folder.glob(f"t10k-{what}*"))) for what in ("images", "labels"))
    items = items[:, None]
    return RealSet("mnist", "picture", items[:MNIST_TRAINED], items, (items, labels.astype(np.int64)))


def _idx(path: Path) -> np.ndarray:
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape).copy()


def cifar() -> RealSet:
    """500 horses of CIFAR-10, of which contenders see 400; the referee learns all ten classes."""
    folder = _needed(data_folder() / "image" / "cifar10")
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    files = [(path, k) for k, name in enumerate(classes) for path in sorted((folder / name).iterdir())]
    items = np.stack([np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1) for path, _ in files])
    labels = np.array([k for _, k in files])
    own = items[labels == classes.index(CIFAR_CLASS)]
    return RealSet("cifar", "picture", own[:CIFAR_TRAINED], own, (items, labels), flips=True)


def fsdd() -> RealSet:
    """3,000 spoken digits at 8 kHz, 8,192 samples each; contenders see 2,700."""
    folder = _needed(data_folder() / "audio" / "fsdd" / "recordings")
    files = sorted(folder.glob("*.wav"))
    items = np.stack([_sound(path, 8000) for path in files])
    labels = np.array([int(path.name[0]) for path in files])
    seen = np.arange(len(items)) % 10 != 9
    return RealSet("fsdd", "sound", items[seen], items, (items, labels), rate_hz=8000)


def drums() -> RealSet:
    """328 hits of five drum machines at 16 kHz, 8,192 samples each; contenders see all."""
    folder = _needed(data_folder() / "audio" / "drums")
    kinds = {word: k for k, words in enumerate(DRUMS.values()) for word in words.split()}
    named = [(path, _kind(path, kinds)) for path in sorted(folder.rglob("*.wav"))]
    named = [(path, kind) for path, kind in named if kind is not None]
    items = np.stack([_sound(path, 16000) for path, _ in named])
    return RealSet("drums", "sound", items, items, (items, np.array([kind for _, kind in named])), rate_hz=16000)


def _kind(path: Path, kinds: dict[str, int]) -> int | None:
    words = re.split(r"[^a-z]+", path.name.lower())
    return next((kinds[word] for word in words if word in kinds), None)


def _sound(path: Path, rate_hz: int, samples: int = 8192) -> np.ndarray:
    wave, own_rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono: Tensor = from_numpy(wave.mean(1))
    if own_rate_hz != rate_hz:
        mono = torchaudio.functional.resample(mono, own_rate_hz, rate_hz)
    return np.pad(mono.numpy()[:samples], (0, max(0, samples - len(mono))))


def coco() -> RealSet:
    """10,000 captions for contenders; the referee is a language model of 10,000 others."""
    folder = _needed(data_folder() / "text" / "coco")
    train, other = (np.array(_lines(folder / name)) for name in ("image_coco.txt", "test_coco.txt"))
    return RealSet("coco", "text", train, train, (other, np.zeros(len(other), np.int64)))


def _lines(path: Path) -> list[str]:
    return [line for line in map(spaced, path.read_text().splitlines()) if line]


def spaced(line: str) -> str:
    """A line in lower case with one space between words and marks."""
    return " ".join(re.findall(r"[\w'-]+|[^\w\s]", line.lower()))


SETS: dict[str, Callable[[], RealSet]] = {
    "mnist": mnist,
    "cifar": cifar,
    "fsdd": fsdd,
    "drums": drums,
    "coco": coco,
    "digits": digits,
}

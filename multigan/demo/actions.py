"""What the page can do, without the page: bounded inputs in, labelled files out."""

import itertools
import re
import shutil
import threading
import zipfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.types import Tempered
from multigan.demo.bounds import one_line_of, whole, within
from multigan.demo.latent import has_latent, sample, walk
from multigan.demo.repair import Repair, fill_file, fill_line, repairs
from multigan.files.names import of_seed
from multigan.generator.applying import Wanted, write_applied
from multigan.generator.generator import Generator, file_name
from multigan.latent.invert import Search
from multigan.provenance.labels import make_folder, write_gif

__all__ = ["LARGEST_N", "LARGEST_SEED", "LARGEST_UPLOAD_BYTES", "MOST_STARTS", "MOST_STEPS", "Actions", "Result"]

LARGEST_N = 64
LARGEST_SEED = 2**53 - 1  # what a browser can hold exactly
LARGEST_UPLOAD_BYTES = 4_000_000
MOST_STEPS, MOST_STARTS = 300, 8
MOST_HOLES = 16
HOLE = re.compile(r"[0-9 .,-]{1,64}")
KEPT = 100  # results on disk; older ones go


@dataclass(frozen=True)
class Result:
    """What one action made.

    Attributes:
        files: the labelled files, one or several.
        extra: an overview, or a moving picture; labelled too.
        texts: lines, where samples are strings.
        archive: a ZIP of everything, for the download.
        before: what was given, where something was filled; not in the archive.
        note: one line on how it went.
    """

    files: tuple[Path, ...]
    extra: tuple[Path, ...]
    texts: tuple[str, ...]
    archive: Path
    before: tuple[Path, ...] = ()
    note: str = ""


class Actions:
    """The actions of one generator. Calls from several threads wait for each other.

    Args:
        generator: whose samples are made.
        folder: where results are kept for as long as there are not 100 newer ones.
    """

    def __init__(self, generator: Generator, folder: Path) -> None:
        self.generator, self.folder = generator, folder
        self.lock, self._numbers = threading.Lock(), itertools.count()
        self._kept: deque[Path] = deque()

    @property
    def name(self) -> str:
        """Of the generator."""
        return str(self.generator.config["name"])

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names that can be asked for; empty where it takes none."""
        return self.generator.spec.classes if self.generator.conditional else ()

    @property
    def can_walk(self) -> bool:
        """Whether there are ways between samples; texts, too, have them, though they jump."""
        return "explore" not in self.generator.modality.unsupported

    @property
    def has_latent(self) -> bool:
        """Whether there is a z to scale."""
        return has_latent(self.generator)

    @property
    def has_temperature(self) -> bool:
        """Whether the net draws discrete samples at a temperature."""
        return isinstance(self.generator.net, Tempered)

    @property
    def translates(self) -> bool:
        """Whether it is given files, and draws no samples of nothing."""
        return self.generator.input_spec is not None

    @property
    def repairs(self) -> str:
        """`"line"`, `"picture"` or `"sound"` where holes of such can be filled, else `""`."""
        return "" if self.translates else repairs(self.generator)

    def generate(
        self,
        n: float = 16,
        seed: float = 0,
        label: str | None = None,
        scale: float = 1.0,
        temperature: float = 1.0,
    ) -> Result:
        """`n` samples; scale and temperature 1 give exactly what `multigan generate` gives.

        Args:
            n: 1 to 64.
            seed: a whole number.
            label: class name, or None for all in turn.
            scale: z is multiplied by it, 0 to 1.5: less is more typical and less diverse.
            temperature: of discrete samples, 0.1 to 2, where the net has one.

        Raises:
            DataError: a value out of its bounds.
            UnknownNameError: there is no such class.
        """
        count, number = whole("n", n, 1, LARGEST_N), whole("seed", seed, -LARGEST_SEED, LARGEST_SEED)
        scale, heat = within("scale", scale, 0, 1.5), within("temperature", temperature, 0.1, 2)
        with self.lock:
            fake = sample(self.generator, count, number, label or None, scale, heat)
            return self._result(fake, number, self.generator.file_names(count, number, label or None))

    def walk(
        self, first: float = 0, last: float = 1, steps: float = 8, label: str | None = None, scale: float = 1.0
    ) -> Result:
        """From the first sample of one seed to that of another, by the noise between them.

        Args:
            first: seed of the start.
            last: seed of the end.
            steps: 2 to 64 samples.
            label: class name, or None for the first class.
            scale: as for `generate`.

        Raises:
            DataError: a value out of its bounds, or a scale for a generator without z.
            UnknownNameError: there is no such class.
        """
        count = whole("steps", steps, 2, LARGEST_N)
        seeds = [whole("seed", seed, -LARGEST_SEED, LARGEST_SEED) for seed in (first, last)]
        scale = within("scale", scale, 0, 1.5)
        with self.lock:
            fake = walk(self.generator, seeds[0], seeds[1], count, label or None, scale)
            names = [f"walk-{of_seed(seeds[0])}-{of_seed(seeds[1])}-{number:05d}" for number in range(count)]
            return self._result(fake, seeds[0], names, moving=True)

    def inpaint(
        self,
        path: Path,
        hole: str | Path,
        steps: float = 150,
        starts: float = 4,
        seed: float = 0,
        label: str | None = None,
    ) -> Result:
        """Fill a hole of a picture or sound.

        Args:
            path: the file, at most 4 MB.
            hole: a box `x,y,w,h`, `START-END` in seconds, or the path of a mask (a `Path`: words never name files).
            steps: of the descent, 1 to 300.
            starts: descents, 1 to 8.
            seed: of the search.
            label: class name, or None for that of the nearest sample.

        Raises:
            DataError: a value out of its bounds, no file, or no hole in it.
            UnknownNameError: there is no such class.
        """
        if self.repairs not in ("picture", "sound"):
            raise DataError(f"'{self.name}' fills no files", "a generator of pictures or sounds with z", "use another")
        _check_size(path)
        if not isinstance(hole, Path) and not (isinstance(hole, str) and HOLE.fullmatch(hole)):
            raise DataError(f"the hole {hole!r}", "x,y,w,h in pixels, or START-END in seconds", "type 8,8,12,12")
        search = Search(
            whole("steps", steps, 1, MOST_STEPS),
            whole("starts", starts, 1, MOST_STARTS),
            seed=whole("seed", seed, -LARGEST_SEED, LARGEST_SEED),
        )
        with self.lock:
            folder = self._new_folder()
            made = fill_file(self.generator, path, str(hole), search, label or None, folder)
            return self._repaired(made, folder)

    def apply(self, path: Path, seed: float = 0, strength: float = 1.0) -> Result:
        """What the generator makes of a file; what `multigan apply` makes of it.

        Args:
            path: the file, at most 4 MB.
            seed: of what the net draws.
            strength: 1 = the output, 0 = the file itself; other than 1 only where both are of one size.

        Raises:
            DataError: a value out of its bounds, no file, or one that cannot be used.
            UnsupportedError: the generator is given no files.
        """
        _check_size(path)
        number = whole("seed", seed, -LARGEST_SEED, LARGEST_SEED)
        share = within("strength", strength, 0, 1)
        with self.lock:
            folder = self._new_folder()
            one = Wanted(path, Path(), file_name(f"{path.stem}-made"))
            files = tuple(write_applied(self.generator, one, folder, number, 1, share).files)
            archive = _pack(folder, file_name(f"{self.name}-{files[0].stem}"))
            return Result(files, (), (), archive, (path,))

    def fill(self, line: str) -> Result:
        """Fill the `____` of a line of at most 2,000 characters and 16 masks.

        Raises:
            DataError: the line is out of bounds, or nothing in it can be filled.
        """
        if self.repairs != "line":
            raise DataError(f"'{self.name}' fills no lines", "a generator of texts that reads them", "use another")
        text = one_line_of(line)
        if line.replace("____", "_").count("_") > MOST_HOLES:
            raise DataError("too much is masked", f"at most {MOST_HOLES} masks", "give more of the line")
        with self.lock:
            folder = self._new_folder()
            return self._repaired(fill_line(self.generator, text, self.generator.label(0), folder), folder)

    def _repaired(self, made: Repair, folder: Path) -> Result:
        archive = _pack(folder, file_name(f"{self.name}-{made.files[0].stem}"))
        return Result(made.files, (), made.texts, archive, made.before, made.note)

    def _result(self, fake: Tensor, seed: int, names: list[str], moving: bool = False) -> Result:
        folder = self._new_folder()
        label, modality = self.generator.label(seed), self.generator.modality
        samples = modality.render(fake, self.generator.spec)
        files = modality.save(samples, folder, names, label)
        texts = samples if all(isinstance(one, str) for one in samples) else []
        extra = []
        if moving and all(path.suffix == ".png" for path in files):
            write_gif([*samples, *samples[-2:0:-1]], folder / "walk.gif", label)
            extra = [folder / "walk.gif"]
        elif not texts and not any(path.suffix == ".png" for path in files):
            sheet = modality.sheet(samples, folder / "overview", label)
            extra = [sheet] if sheet.suffix == ".png" else []
        return Result(tuple(files), tuple(extra), tuple(texts), _pack(folder, file_name(f"{self.name}-{names[0]}")))

    def _new_folder(self) -> Path:
        folder = self.folder / f"{next(self._numbers):06d}"
        make_folder(folder)
        self._kept.append(folder)
        while len(self._kept) > KEPT:
            shutil.rmtree(self._kept.popleft(), ignore_errors=True)
        return folder


def _check_size(path: Path) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if not 0 < size <= LARGEST_UPLOAD_BYTES:
        raise DataError(f"a file of {counted(size, 'byte')}", "a file of at most 4 MB", "choose or shorten one")


def _pack(folder: Path, name: str) -> Path:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            if file != path and file.is_file():
                archive.write(file, file.name)
    return path

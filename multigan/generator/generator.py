"""What a person keeps: a generator in a folder, loaded with one call, sampled by seed."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core import strict_json
from multigan.core.atomic import replace_folder, staged, writing
from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, DataError, UnknownNameError, did_you_mean
from multigan.core.generators import draw_fakes, latent_of
from multigan.core.plain import words_of
from multigan.core.tensor_file import sha256_of_tensors, write_tensors
from multigan.core.types import Spec
from multigan.core.version import __version__
from multigan.files.names import distinct, file_name, of_seed
from multigan.files.walk import normal
from multigan.generator.answering import applied
from multigan.generator.applying import refuse_input, stream_of
from multigan.generator.folder import (
    AGAIN,
    CONFIG,
    KEPT,
    WEIGHTS,
    find_folder,
    input_spec,
    read_config,
    read_net,
    version,
)
from multigan.generator.sampling import Sampling, said, wished
from multigan.nets.capacity import refuse_samples
from multigan.plugins import modalities
from multigan.plugins.contract import check_rendered, checked_files, require
from multigan.provenance.labels import label_of, make_folder
from multigan.recipe.options import bind

__all__ = [
    "CONFIG",
    "KEPT",
    "WEIGHTS",
    "Generator",
    "file_name",
    "load",
    "make_config",
    "refuse_drawing",
    "weights_sha256",
]

CHUNK = 32
READS = 10


class Generator:
    """A trained generator of any modality.

    Args:
        net: the averaged G, in evaluation mode.
        spec: what one sample is.
        config: JSON values: how to rebuild the net, and where it comes from.

    Attributes:
        kept: which of a run's generators it is, a key of `KEPT`; `""` where it comes from no run.
        input_spec: what it is given beside z; None where it makes samples of nothing.

    Example:
        >>> import multigan
        >>> generator = multigan.load("runs/digits-1")  # doctest: +SKIP
        >>> images = generator.generate(16, seed=0)  # doctest: +SKIP
    """

    def __init__(self, net: nn.Module, spec: Spec, config: Mapping[str, Any]) -> None:
        self.net = net.eval().requires_grad_(False)
        self.spec = spec
        self.config = {**config, "weights_sha256": weights_sha256(net)}
        self.modality = modalities.get(spec.modality)
        self.kept = self.source = ""
        self.input_spec = input_spec(self.config)

    def apply(self, path: str | Path, seed: int = 0, strength: float = 1.0) -> Any:
        """What it makes of a file of any size, see `apply_to`, or of texts, what it writes for a line."""
        return applied(self, path, seed, strength)

    stream = stream_of

    def generate(
        self, n: int, seed: int = 0, label: str | None = None, how: Sampling | None = None, **wish: Any
    ) -> list[Any]:
        """Draw `n` samples: PIL images, strings, or `(array, sample_rate_hz)`, by modality.

        The same seed gives the same samples, and sample number i does not depend on `n`.

        Args:
            n: how many.
            seed: any integer.
            label: class name, for class-conditional generators; None draws classes in turn.
            how: truncation and temperature; None draws plainly.
            wish: the form that samples are to have: of texts `form`, `first`, `acrostic` (docs/text.md).

        Raises:
            UnknownNameError: `label` is no class of this generator.
            DataError: `how` or `wish` asks for what this generator has not.
        """
        require(self.modality, "generate")
        how = wished(how, self.modality, self.spec, wish)
        samples: list[Any] = self.modality.render(self.tensors(n, seed, label, how), self.spec)
        check_rendered(self.modality, samples, n)
        return samples

    def tensors(self, n: int, seed: int = 0, label: str | None = None, how: Sampling | None = None) -> Tensor:
        """Like `generate`, but as a tensor `(n, *spec.shape)` in D's space, on the CPU."""
        refuse_samples(n, self.spec)
        return torch.cat(list(self.batches(n, seed, label, how)))

    @torch.no_grad()
    def batches(self, n: int, seed: int = 0, label: str | None = None, how: Sampling | None = None) -> Iterator[Tensor]:
        """`tensors` piece by piece, for sets that do not fit into memory: `(batch, *spec.shape)`, batch at most 32."""
        refuse_drawing(self, n, label)
        device = next(self.net.parameters()).device
        for number in range(-(-n // CHUNK)):
            # Always whole chunks: a convolution may round differently at another batch size.
            draw = Draw(seed, number, "generate/", device=str(device))
            change = None if how is None else partial(how.latent, latent=latent_of(self.net))
            with nullcontext() if how is None else how.applied(self.net):
                fake = draw_fakes(self.net, CHUNK, draw, self.cond(label, number, device), change=change)
            yield fake.float().cpu()[: n - number * CHUNK]

    def save(
        self,
        folder: str | Path,
        n: int,
        seed: int = 0,
        label: str | None = None,
        how: Sampling | None = None,
        **options: Any,
    ) -> list[Path]:
        """Draw `n` samples and write them into `folder`, each marked as synthetic; returns the files.

        Args:
            folder: made where it is missing.
            n: how many.
            seed: any integer.
            label: class name, as for `generate`.
            how: truncation and temperature; None draws plainly.
            options: of the modality's `save`; checked before anything is drawn.
        """
        bound, folder = bind(self.modality.save, options, "output", "--{flag} VALUE"), Path(folder)
        refuse_drawing(self, n, label)
        refuse_samples(n, self.spec)
        make_folder(folder)
        samples = self.generate(n, seed, label, how)
        written = self.modality.save(samples, folder, self.file_names(n, seed, label), self.label(seed, how), **bound)
        return checked_files(self.modality, written)

    def file_names(self, n: int, seed: int, label: str | None) -> list[str]:
        """`CLASS-SEED-NUMBER`, without the class where the generator knows none."""
        heads = self._heads(label)
        return [f"{heads[number % len(heads)]}{of_seed(seed)}-{number:05d}" for number in range(n)]

    def sheet_name(self, seed: int, label: str | None) -> str:
        """`sheet-SEED`, or `sheet-CLASS-SEED` of one class."""
        return f"sheet-{self._heads(label)[0] if label is not None else ''}{of_seed(seed)}"

    def _heads(self, label: str | None) -> list[str]:
        """What the names of files begin with, in the order of the classes."""
        classes = self.spec.classes if self.conditional else ()
        names = distinct(classes)
        if label is None:
            return [f"{name}-" for name in names] or [""]
        named = {normal(one): name for one, name in zip(classes, names, strict=True)}
        known = dict(zip(classes, names, strict=True))
        return [f"{known.get(label) or named.get(normal(label)) or file_name(label)}-"]

    @property
    def conditional(self) -> bool:
        """Whether it takes class labels."""
        return bool(self.config["net"]["options"].get("conditional"))

    def sheet(
        self, path: str | Path, n: int = 64, seed: int = 0, label: str | None = None, how: Sampling | None = None
    ) -> Path:
        """Draw `n` samples and write them as one overview file at `path` plus the modality's suffix."""
        refuse_drawing(self, n, label)
        refuse_samples(n, self.spec)
        make_folder(Path(path).parent)
        return self.modality.sheet(self.generate(n, seed, label, how), Path(path), self.label(seed, how))

    def label(self, seed: int, how: Sampling | None = None) -> dict[str, str]:
        """What every file made with `seed` says about itself."""
        return {**label_of(self.config, seed), **said(how)}

    def save_pretrained(self, folder: str | Path) -> Path:
        """Write `config.json` and `generator.safetensors`; whatever else is in the folder stays as it is.

        A new folder is there whole or not at all. In one that exists each file is replaced whole, the weights first: a
        kill between the two leaves a folder that says that its checksum is wrong.
        """
        folder = Path(folder)
        if not folder.exists() or {path.name for path in folder.iterdir()} <= {CONFIG, WEIGHTS}:
            replace_folder(folder, lambda into: _write(self, into / CONFIG, into / WEIGHTS))
        else:
            # Both are whole before either is renamed; the inner one, the weights, is the first.
            with writing(folder), staged(folder / CONFIG) as config, staged(folder / WEIGHTS) as weights:
                _write(self, config, weights)
        return folder

    @classmethod
    def from_pretrained(cls, path: str | Path, which: str | None = None) -> "Generator":
        """Load a generator folder, a run directory, or a repository of the Hugging Face hub.

        Args:
            path: where it is.
            which: of a run directory, the `"last"` generator, the `"best"` by held-out distance, or the one that the
                adversarial phase began with, `"mle"` or `"fit"`; None = the best where the run kept one, else the last.

        Raises:
            CheckpointError: nothing loadable is there, or the config or the weights are damaged or do not fit.
        """
        folder, kept = find_folder(path, which)
        for attempt in range(READS):
            before = version(folder)
            try:
                generator = _read(cls, folder)
                break
            except (CheckpointError, OSError):
                # A run that is being trained replaces its folders: what was read in between is of two generators.
                if attempt == READS - 1 or version(folder) == before:
                    raise
                folder, kept = find_folder(path, which)
        generator.kept, generator.source = kept, str(path)
        _try(generator, folder / CONFIG)
        return generator

    def cond(self, label: str | None, chunk: int, device: torch.device | str = "cpu") -> Tensor | None:
        """Labels `(32,)` of a chunk: one class, or all in turn; None for an unconditional generator.

        Raises:
            UnknownNameError: `label` is no class of this generator.
        """
        classes = self.spec.classes
        if not self.conditional:
            if label is not None:
                given = f"class '{label}' was asked for, but this generator was trained without classes"
                raise UnknownNameError(given, "", "train with --set game.conditional=true")
            return None
        if label is None:
            return (torch.arange(CHUNK) + chunk * CHUNK).remainder(len(classes)).to(device)
        # A keyboard and a file system may write the same name in two of Unicode's forms.
        named = {normal(name): number for number, name in enumerate(classes)}
        number = classes.index(label) if label in classes else named.get(normal(label))
        if number is None:
            raise UnknownNameError(f"there is no class '{label}'", "", did_you_mean(label, classes))
        return torch.full((CHUNK,), number, device=device)


def load(
    path: str | Path, which: str | None = None, *, refined: bool = False, acceptance: float | None = None
) -> Generator:
    """Load a generator: the shortest way to `Generator.from_pretrained`.

    Args:
        path: a run directory, a generator folder or a hub id (`"owner/name"`).
        which: of a run directory, `"last"`, `"best"` or `"mle"`; None = the best where the run kept one, else the last.
        refined: with the critic that `multigan refine` left beside it; see `multigan.generator.refined`.
        acceptance: of a refined one, the share of samples that pass; None = one in ten.

    Raises:
        CheckpointError: as `Generator.from_pretrained`; where the run's last generator is whole, it names that one.
    """
    if refined:
        from multigan.generator.refined import load_refined

        return load_refined(path, which, acceptance)
    try:
        return Generator.from_pretrained(path, which)
    except CheckpointError as error:
        if which == "last" or error.fix != AGAIN or not (Path(path) / KEPT["last"]).is_dir():
            raise
        raise _with_last(path, error) from error


def _with_last(path: str | Path, error: CheckpointError) -> CheckpointError:
    """The same, with the last generator of the run as what to type, where that one can be loaded."""
    try:
        Generator.from_pretrained(path, "last")
    except (CheckpointError, OSError):
        return error
    return CheckpointError(error.given, error.expected, f"type --which last, which is whole, or {error.fix}")


def _read(cls: type[Generator], folder: Path) -> Generator:
    config, spec = read_config(folder / CONFIG)
    if "created" not in config:  # younger than the first folders
        config["created"] = _iso(datetime.fromtimestamp((folder / WEIGHTS).stat().st_mtime, UTC))
    generator = cls(read_net(folder, config, spec), spec, config)
    if generator.config["weights_sha256"] != config["weights_sha256"]:
        raise CheckpointError(
            f"{folder / WEIGHTS} is damaged (checksum)", "the file as it was written", "copy it again"
        )
    return generator


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def make_config(
    name: str, recipe: str, net: str, options: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The JSON of a generator folder: how to rebuild the net, and which run made it."""
    return {
        "library_name": "multigan",
        "multigan_version": __version__,
        "name": name,
        "recipe": recipe,
        "net": {"name": net, "options": dict(options)},
        "created": _iso(datetime.now(UTC)),
        **facts,
    }


@torch.no_grad()
def _try(generator: Generator, path: Path) -> None:
    """Draw one sample: what a config says of samples is only known to fit when one was made."""
    draw = Draw(0, 0, "generate/", device="cpu")
    try:
        cond = generator.cond(None, 0)
        given = None if generator.input_spec is None else torch.zeros(1, *generator.input_spec.shape)
        fake = draw_fakes(generator.net, 1, draw, None if cond is None else cond[:1], given).float()
        if tuple(fake.shape) != (1, *generator.spec.shape):
            raise ValueError(f"samples of {tuple(fake.shape[1:])} where {generator.spec.shape} are promised")
        generator.modality.render(fake, generator.spec)
    except Exception as error:
        raise CheckpointError(
            f"{path} does not fit the net: {words_of(error)}", "the file as it was written", "copy it again"
        ) from error


def _write(generator: Generator, config: Path, weights: Path) -> None:
    tensors = {key: value.detach().cpu().clone().contiguous() for key, value in generator.net.state_dict().items()}
    write_tensors(tensors, weights, metadata={"format": "pt"})
    text = strict_json.dumps({**generator.config, "spec": asdict(generator.spec)}, indent=1, ensure_ascii=False)
    config.write_text(text + "\n", encoding="utf-8")


def refuse_drawing(generator: Generator, n: int, label: str | None) -> None:
    """What cannot be drawn is refused before a folder is made for it."""
    refuse_input(generator, "generate")
    if n < 1:
        raise DataError(f"n = {n} samples were asked for", "at least 1", "type --n 16")
    generator.cond(label, 0)


def weights_sha256(net: nn.Module) -> str:
    """The SHA-256 of all parameters and buffers, in the order of their names: which generator made a file."""
    return sha256_of_tensors(sorted(net.state_dict().items()))

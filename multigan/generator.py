"""What a person keeps: a generator in a folder, loaded with one call, sampled by seed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from multigan import __version__
from multigan.build import net_builder
from multigan.capacity import refuse_samples
from multigan.contract import check_rendered, require
from multigan.draw import Draw
from multigan.engine.folders import OLD, replace_folder
from multigan.errors import CheckpointError, DataError, UnknownNameError, did_you_mean
from multigan.file_names import distinct, file_name
from multigan.folders import beside
from multigan.options import bind
from multigan.plugins import modalities
from multigan.provenance import label as provenance_label
from multigan.provenance import make_folder
from multigan.types import Spec
from multigan.walk import normal

if TYPE_CHECKING:
    from multigan.explore.sampling import Sampling

__all__ = ["Generator", "file_name", "load", "make_config", "weights_sha256"]

CONFIG, WEIGHTS = "config.json", "generator.safetensors"
CHUNK = 32
KEPT = {"last": "generator", "best": "generator-best", "mle": "generator-mle"}


class Generator:
    """A trained generator of any modality.

    Args:
        net: the averaged G, in evaluation mode.
        spec: what one sample is.
        config: JSON values: how to rebuild the net, and where it comes from.

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

    def generate(self, n: int, seed: int = 0, label: str | None = None, how: "Sampling | None" = None) -> list[Any]:
        """Draw `n` samples: PIL images, strings, or `(array, sample_rate_hz)`, by modality.

        The same seed gives the same samples, and sample number i does not depend on `n`.

        Args:
            n: how many.
            seed: any integer.
            label: class name, for class-conditional generators; None draws classes in turn.
            how: truncation and temperature; None draws plainly.

        Raises:
            UnknownNameError: `label` is no class of this generator.
            DataError: `how` asks for what this generator has not.
        """
        require(self.modality, "generate")
        samples: list[Any] = self.modality.render(self.tensors(n, seed, label, how), self.spec)
        check_rendered(self.modality, samples, n)
        return samples

    def tensors(self, n: int, seed: int = 0, label: str | None = None, how: "Sampling | None" = None) -> Tensor:
        """Like `generate`, but as a tensor `(n, *spec.shape)` in D's space, on the CPU."""
        refuse_samples(n, self.spec)
        return torch.cat(list(self.batches(n, seed, label, how)))

    @torch.no_grad()
    def batches(
        self, n: int, seed: int = 0, label: str | None = None, how: "Sampling | None" = None
    ) -> Iterator[Tensor]:
        """`tensors` piece by piece, for sets that do not fit into memory: `(batch, *spec.shape)`, batch at most 32."""
        if n < 1:
            raise DataError(f"n = {n} samples were asked for", "at least 1", "type --n 16")
        device = next(self.net.parameters()).device
        for number in range(-(-n // CHUNK)):
            # Always whole chunks: a convolution may round differently at another batch size.
            draw = Draw(seed, number, "generate/", device=str(device))
            z = self.net.latent.sample(CHUNK, draw)  # type: ignore[union-attr, operator]
            z = z if how is None else how.latent(z, self.net.latent)  # type: ignore[arg-type]
            with nullcontext() if how is None else how.applied(self.net):
                fake = self.net(z, self.cond(label, number, device), draw).float().cpu()
            yield fake[: n - number * CHUNK]

    def save(
        self,
        folder: str | Path,
        n: int,
        seed: int = 0,
        label: str | None = None,
        how: "Sampling | None" = None,
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
        bound = bind(self.modality.save, options, "output", "--{flag} VALUE")
        folder = Path(folder)
        make_folder(folder)
        samples = self.generate(n, seed, label, how)
        return self.modality.save(samples, folder, self.file_names(n, seed, label), self.label(seed), **bound)

    def file_names(self, n: int, seed: int, label: str | None) -> list[str]:
        """`CLASS-SEED-NUMBER`, without the class where the generator knows none."""
        heads = self._heads(label)
        return [f"{heads[number % len(heads)]}{seed}-{number:05d}" for number in range(n)]

    def sheet_name(self, seed: int, label: str | None) -> str:
        """`sheet-SEED`, or `sheet-CLASS-SEED` of one class."""
        return f"sheet-{self._heads(label)[0] if label is not None else ''}{seed}"

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
        self, path: str | Path, n: int = 64, seed: int = 0, label: str | None = None, how: "Sampling | None" = None
    ) -> Path:
        """Draw `n` samples and write them as one overview file at `path` plus the modality's suffix."""
        path = Path(path)
        make_folder(path.parent)
        return self.modality.sheet(self.generate(n, seed, label, how), path, self.label(seed))

    def label(self, seed: int) -> dict[str, str]:
        """What every file made with `seed` says about itself."""
        config = self.config
        return provenance_label(config["name"], config["weights_sha256"], config["recipe"], seed)

    def save_pretrained(self, folder: str | Path) -> Path:
        """Write `config.json` and `generator.safetensors`, whole or not at all."""
        folder = Path(folder)

        def write(into: Path) -> None:
            weights = {key: value.detach().cpu().clone().contiguous() for key, value in self.net.state_dict().items()}
            save_file(weights, into / WEIGHTS, metadata={"format": "pt"})
            text = json.dumps({**self.config, "spec": asdict(self.spec)}, indent=1, ensure_ascii=False)
            (into / CONFIG).write_text(text + "\n", encoding="utf-8")

        replace_folder(folder, write)
        return folder

    def push_to_hub(self, repo_id: str, *, private: bool = False, token: str | None = None, **options: Any) -> str:
        """Upload the generator with a model card; see `multigan.publish.hub.push_to_hub` for `options` and errors."""
        from multigan.publish.hub import push_to_hub

        return push_to_hub(self, repo_id, private=private, token=token, **options)

    @classmethod
    def from_pretrained(cls, path: str | Path, which: str = "last") -> "Generator":
        """Load a generator folder, a run directory, or a repository of the Hugging Face hub.

        Args:
            path: where it is.
            which: of a run directory, the `"last"` generator, the `"best"` by held-out distance, or the one that the
                adversarial phase began with, `"mle"`.

        Raises:
            CheckpointError: nothing loadable is there, or the weights are damaged.
        """
        folder = _find(path, which)
        config, spec = _read_config(folder / CONFIG)
        modality = modalities.get(spec.modality)
        net = net_builder(modality, "G", config["net"]["name"])(spec, **config["net"]["options"])
        try:
            net.load_state_dict(load_file(folder / WEIGHTS))
        except (RuntimeError, SafetensorError, OSError) as error:
            raise CheckpointError(
                f"{folder / WEIGHTS} is damaged or of another net: {error}",
                "the file as it was written",
                "copy it again",
            ) from error
        generator = cls(net, spec, config)
        if generator.config["weights_sha256"] != config["weights_sha256"]:
            raise CheckpointError(
                f"{folder / WEIGHTS} is damaged (checksum)", "the file as it was written", "copy it again"
            )
        return generator

    def cond(self, label: str | None, chunk: int, device: torch.device | str = "cpu") -> Tensor | None:
        """Labels `(32,)` of a chunk: one class, or all in turn; None for an unconditional generator.

        Raises:
            UnknownNameError: `label` is no class of this generator.
        """
        classes = self.spec.classes
        if not self.conditional:
            if label is not None:
                raise UnknownNameError(
                    f"class '{label}' was asked for, but this generator was trained without classes",
                    "",
                    "train with --set game.conditional=true",
                )
            return None
        if label is None:
            return (torch.arange(CHUNK) + chunk * CHUNK).remainder(len(classes)).to(device)
        # A keyboard and a file system may write the same name in two of Unicode's forms.
        named = {normal(name): number for number, name in enumerate(classes)}
        number = classes.index(label) if label in classes else named.get(normal(label))
        if number is None:
            raise UnknownNameError(f"there is no class '{label}'", "", did_you_mean(label, classes))
        return torch.full((CHUNK,), number, device=device)


def load(path: str | Path, which: str = "last") -> Generator:
    """Load a generator: the shortest way to `Generator.from_pretrained`.

    Args:
        path: a run directory, a generator folder or a hub id (`"owner/name"`).
        which: of a run directory, `"last"`, `"best"` or `"mle"`.
    """
    return Generator.from_pretrained(path, which)


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
        **facts,
    }


def _read_config(path: Path) -> tuple[dict[str, Any], Spec]:
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        plain = config.pop("spec")
        axis = plain.get("channel_axis", 0)  # younger than the first folders
        spec = Spec(plain["modality"], tuple(plain["shape"]), tuple(plain["classes"]), plain["meta"], axis)
        config["net"]["name"], config["net"]["options"], config["weights_sha256"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{path} is damaged: {type(error).__name__} {error}", "the file as it was written", "copy it again"
        ) from error
    return config, spec


def _find(path: str | Path, which: str) -> Path:
    here = Path(path)
    if which not in KEPT:
        raise UnknownNameError(f"a run has no '{which}' generator", "", did_you_mean(which, KEPT))
    # The last one is what a kill between two renames leaves; see `replace_folder`.
    for folder in (here, here / KEPT[which], here / f"{OLD}{KEPT[which]}"):
        if (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file():
            return folder
    if kept := [name for name, folder in KEPT.items() if (here / folder / CONFIG).is_file()]:
        given = f"{path} kept no '{which}' generator"
        raise CheckpointError(given, f"one of {', '.join(kept)}", f"type --which {kept[0]}")
    if here.exists() or str(path).count("/") != 1 or str(path).startswith((".", "/")):
        near = beside(here)
        hint = did_you_mean(here.name, near) if near and not here.exists() else "train one: multigan train image/digits"
        raise CheckpointError(f"no generator in {path}", f"a run directory or a folder with {CONFIG}", hint)
    return _download(str(path))


def _download(repo_id: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo_id, allow_patterns=[CONFIG, WEIGHTS, "README.md"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointError(
            f"'{repo_id}' is neither a folder nor a repository that can be fetched", "a run directory", "check the path"
        ) from error


def weights_sha256(net: nn.Module) -> str:
    """The SHA-256 of all parameters and buffers, in the order of their names: which generator made a file."""
    digest = hashlib.sha256()
    for name, value in sorted(net.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()

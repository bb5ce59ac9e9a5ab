"""Features kept on disk, so that a set of samples is seen by an extractor once."""

import hashlib
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor

from multigan.core.atomic import staged
from multigan.core.cache_folder import cache_folder
from multigan.core.errors import PluginError
from multigan.core.tensor_file import open_tensors, write_tensors
from multigan.features import Extractor

__all__ = ["cache_folder", "cached", "key_of", "key_of_items"]

Say = Callable[[str], None]


def key_of(*parts: object) -> str:
    """SHA-256 of the parts' `str`, for content that a few words decide: weights' hash, seed, number of samples."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def key_of_items(batches: Iterable[Tensor]) -> str:
    """SHA-256 of tensors' shapes, types and bytes: the content itself, for data. It does not matter how it is cut.

    Args:
        batches: tensors `(batch, ...)` of one dtype and item shape.
    """
    digest, rows = hashlib.sha256(), 0
    what = ""
    for batch in batches:
        rows, what = rows + len(batch), f"{batch.dtype}{tuple(batch.shape[1:])}"
        digest.update(batch.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    digest.update(f"{what}{rows}".encode())
    return digest.hexdigest()


@torch.no_grad()
def cached(
    extractor: Extractor, batches: Iterable[Tensor], key: str, folder: Path | None, say: Say | None = None
) -> Tensor:
    """Features of all batches, from the folder where they are there, else computed and kept there.

    Args:
        extractor: see `Extractor`.
        batches: samples `(batch, *spec.shape)` in D's space; a generator is not touched when the features are kept.
        key: names the content, as `key_of` and `key_of_items` do; with the extractor's hash it is the file's name.
        folder: None = keep nothing; usually `cache_folder()`.
        say: gets a sentence when a damaged file is computed again or the folder cannot be written; default: a warning.

    Returns:
        float32 `(n, dim)` on the CPU.
    """
    say = say or (lambda line: warnings.warn(line, stacklevel=3))
    file = folder / "features" / f"{key_of(key, extractor.sha256)}.safetensors" if folder else None
    kept = _read(file, key, extractor.sha256, say) if file and file.exists() else None
    if kept is not None:
        return kept
    found = torch.cat([_rows(extractor, batch).float().flatten(1).cpu() for batch in batches])
    if file:
        _write(file, found, {"key": key, "extractor": extractor.name, "sha256": extractor.sha256}, say)
    return found


def _rows(extractor: Extractor, batch: Tensor) -> Tensor:
    """Features of a batch as they come, of which each sample has a row.

    Raises:
        PluginError: they are none, or of another length than it says.
    """
    found: object = extractor(batch)
    if isinstance(found, Tensor) and found.ndim >= 2 and len(found) == len(batch):
        if extractor.dim in (None, found.shape[1:].numel()):
            return found
        given = f"feature extractor '{extractor.name}' has dim = {extractor.dim}, and gives {tuple(found.shape)}"
        raise PluginError(given, f"({len(batch)}, {extractor.dim})", "correct its dim")
    given = f"{tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
    expected = f"float32 ({len(batch)}, dim): a row for each sample"
    raise PluginError(f"feature extractor '{extractor.name}' gives {given}", expected, "correct its __call__")


def _read(file: Path, key: str, sha256: str, say: Say) -> Tensor | None:
    try:
        with open_tensors(file) as opened:
            about = opened.metadata() or {}
            found: Tensor = opened.get_tensor("features")
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        say(f"kept features {file.name} cannot be read ({error}): computed again")
        return None
    whole = about.get("digest") == key_of_items([found])
    if not whole or about.get("key") != key or about.get("sha256") != sha256:
        say(f"kept features {file.name} are damaged or of something else: computed again")
        return None
    return found


def _write(file: Path, found: Tensor, about: dict[str, str], say: Say) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with staged(file) as part:
            write_tensors({"features": found.contiguous()}, part, {**about, "digest": key_of_items([found])})
    except (OSError, SafetensorError) as error:
        say(f"features cannot be kept in {file.parent} ({error})")

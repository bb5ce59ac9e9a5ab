"""Directions that were written before, read back for the same generator."""

from pathlib import Path

from safetensors import SafetensorError
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.generators import latent_of
from multigan.core.tensor_file import load_tensors
from multigan.generator.generator import Generator

__all__ = ["read_vector"]


def read_vector(path: Path, number: int, generator: Generator) -> Tensor:
    """Vector `number` `(nz,)` of a `directions.safetensors`.

    Raises:
        DataError: it is no such file, has fewer vectors, or is of another generator's size.
    """
    try:
        vectors = load_tensors(path)["vectors"]
    except (OSError, SafetensorError, KeyError) as error:
        raise DataError(f"{path} holds no directions", "directions.safetensors", "run multigan directions") from error
    if not 0 <= number < len(vectors):
        raise DataError(f"direction {number} of {len(vectors)}", f"0 to {len(vectors) - 1}", "type --number 0")
    nz = latent_of(generator.net).shape[0]
    if vectors.shape[1] != nz:
        raise DataError(f"directions of {vectors.shape[1]} numbers", f"{nz}, as z has", "find them for this generator")
    return vectors[number]

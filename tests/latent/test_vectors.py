import pytest
import torch
from safetensors.torch import save_file

from multigan.core.errors import DataError
from multigan.generator.generator import load
from multigan.latent.directions import find_directions
from multigan.latent.strips import write_directions
from multigan.latent.vectors import read_vector


def test_written_directions_are_read_back(tiny_runs, tmp_path):
    generator = load(tiny_runs("points/ring"))
    found = find_directions(generator, "sefa", 2)
    write_directions(generator, found, tmp_path, [0], steps=2)
    assert torch.equal(read_vector(tmp_path / "directions.safetensors", 1, generator), found.vectors[1])


def test_what_does_not_fit_is_refused(tiny_runs, tmp_path):
    generator, path = load(tiny_runs("points/ring")), tmp_path / "d.safetensors"
    with pytest.raises(DataError, match="no directions"):
        read_vector(path, 0, generator)
    save_file({"vectors": torch.zeros(1, 5)}, path)
    with pytest.raises(DataError, match="directions of 5 numbers"):
        read_vector(path, 0, generator)
    with pytest.raises(DataError, match="direction 1 of 1"):
        read_vector(path, 1, generator)
    path.write_bytes(b"nonsense")
    with pytest.raises(DataError, match="no directions"):
        read_vector(path, 0, generator)

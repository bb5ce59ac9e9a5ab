import json

import pytest
import torch
from safetensors.torch import load_file

from multigan.generator.generator import load
from multigan.latent.blend import Place
from multigan.latent.directions import find_directions
from multigan.latent.strips import along, effect, write_directions


def test_the_middle_of_a_strip_is_the_sample_itself(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    vector = torch.tensor([1.0, 0.0])
    rows = along(generator, vector, [Place(0), Place(1)], [-1.0, 0.0, 2.0])
    assert torch.equal(rows[[1, 4]], torch.stack([generator.tensors(1, seed)[0] for seed in (0, 1)]))
    z = generator.net.latent.sample(32, _draw())[:1]
    assert torch.allclose(rows[2], generator.net(z + 2 * vector)[0], atol=1e-6)


def _draw():
    from multigan.core.draw import Draw

    return Draw(0, 0, "generate/")


def test_more_rows_than_a_chunk_move_by_their_own_amounts(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    amounts = torch.linspace(-1, 1, 41).tolist()
    rows = along(generator, torch.tensor([0.0, 1.0]), [Place(0)], amounts)
    alone = torch.cat([along(generator, torch.tensor([0.0, 1.0]), [Place(0)], [amount]) for amount in amounts])
    assert torch.equal(rows, alone)


def test_the_effect_grows_with_the_step(tiny_runs):
    generator = load(tiny_runs("image/digits"))
    vector = find_directions(generator, "sefa", 1).vectors[0]
    assert effect(generator, vector, 0.0) == 0
    assert effect(generator, vector, 0.5) < effect(generator, vector, 2.0)


@pytest.mark.parametrize("recipe", ["points/ring", "image/digits"])
def test_directions_are_written_with_what_they_do(tiny_runs, tmp_path, recipe):
    generator = load(tiny_runs(recipe))
    found = find_directions(generator, "pca", 2)
    files = write_directions(generator, found, tmp_path, [0, 1], steps=3)
    tensors = load_file(tmp_path / "directions.safetensors")
    assert torch.equal(tensors["vectors"], found.vectors)
    facts = json.loads((tmp_path / "directions.json").read_text())
    assert facts["method"] == "pca"
    assert len(facts["change_per_unit"]) == 2
    assert facts["change_per_unit_of_random_vectors"]["n"] == 8
    assert {"pca-0.png", "pca-1.png"} <= {file.name for file in files}

import json

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.types import Modality, Spec
from multigan.plugins.adapter import Adapter
from multigan.plugins.members import check_members
from multigan.provenance import labels as provenance


def test_an_adapter_with_a_name_is_a_modality():
    mine = type("Mine", (Adapter,), {"name": "mine"})()
    assert isinstance(mine, Modality)
    check_members("mine", mine)
    with pytest.raises(NotImplementedError, match="write its method load"):
        mine.load("x")


@pytest.mark.parametrize("shape", [(3,), (2, 5), (4, 30)])
def test_default_nets_and_features_fit_any_shape(shape):
    spec = Spec("mine", shape)
    G, D = Adapter.generators["mlp"](spec, width=8), Adapter.discriminators["mlp"](spec, width=8)
    fake = G(G.latent.sample(5, Draw(0)))
    assert fake.shape == (5, *shape)
    assert D(fake).logits[0].shape == (5,)
    assert Adapter().features(fake, spec).shape == (5, min(64, torch.Size(shape).numel()))


def test_random_projections_keep_distances():
    x = torch.randn(40, 1000)
    found = Adapter().features(x, Spec("mine", (1000,)))
    ratio = torch.pdist(found) / torch.pdist(x)
    assert ratio.min() > 0.6
    assert ratio.max() < 1.4
    assert torch.equal(found, Adapter().features(x, Spec("mine", (1000,))))


def test_default_files_hold_the_samples_and_their_provenance(tmp_path):
    mine, label = type("Mine", (Adapter,), {"name": "mine", "suffixes": (".mine",)})(), {"generator": "g"}
    (path,) = mine.save([[1.5, 2], [3, 4]], tmp_path, ["0-00000", "0-00001"], label)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [[1.5, 2], [3, 4]]
    assert path.suffix == ".mine"
    sheet = mine.sheet(["a"], tmp_path / "s", label)
    assert provenance.read(path) == provenance.read(sheet) == label

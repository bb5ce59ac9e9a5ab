import pytest
import torch

import multigan
from multigan.core.errors import ExportError
from multigan.core.types import Latent
from multigan.provenance import labels as provenance


def test_the_file_is_read_back_by_torch_alone(tiny, tmp_path):
    done = multigan.export(tiny("mlp"), "pt2", tmp_path)
    assert done.difference <= 1e-6
    assert done.path.suffix == ".pt2"
    assert provenance.read(done.path)["generator"] == "mlp"


class Frozen(torch.nn.Module):
    """Takes one batch size for the only one."""

    latent = Latent((2,))

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, z, cond=None, draw=None):
        return (z if float(z.sum()) > 0 else -z) * self.weight


@pytest.mark.parametrize("form", ["torch-export", "torchscript"])
def test_a_net_that_asks_for_values_is_refused(tiny, tmp_path, form):
    generator = tiny("mlp")
    generator.net = Frozen()
    with pytest.raises(ExportError):  # the graph cannot be made, or its numbers differ
        multigan.export(generator, form, tmp_path)
    assert list(tmp_path.iterdir()) == []

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from multigan.core.draw import Draw
from multigan.core.types import Latent
from multigan.exporters.explicit import make_explicit
from multigan.nets.spectral import normalise_spectrum
from multigan.plugins.abilities import Exports, able


def explicit(generator):
    conditional = bool(generator.config["net"]["options"].get("conditional"))
    return make_explicit(generator.net, generator.modality, generator.spec, conditional=conditional)


NAMES = {
    "dcgan": ["z"],
    "dcgan-classes": ["z", "cond"],
    "lstm": ["noise_tokens"],
    "lstm-z": ["z", "noise_tokens"],
    "wavegan-batch": ["z", "cond"],
    "mlp": ["z"],
}


@pytest.mark.parametrize("name", NAMES)
def test_inputs_are_found_and_the_function_is_the_net(tiny, name):
    generator = tiny(name)
    net = explicit(generator)
    assert [one.name for one in net.inputs] == NAMES[name]
    values = dict(zip(NAMES[name], net.sample(4), strict=True))
    assert [tuple(v.shape) for v in values.values()] == [(4, *one.shape) for one in net.inputs]

    class Fixed(Draw):
        def uniform(self, purpose, shape):
            return values[f"noise_{purpose}"]

    z = values.get("z", torch.zeros(4, 0))
    fake = generator.net(z, values.get("cond"), Fixed(0))
    truth = generator.modality.to_output(fake, generator.spec)
    assert torch.equal(net(*values.values()), truth)
    assert able(generator.modality, Exports)


def test_outputs_are_what_render_shows(tiny):
    points = tiny("mlp")
    fake = torch.randn(3, 2)
    output = points.modality.to_output(fake, points.spec)
    assert torch.allclose(output.double(), torch.tensor(list(points.modality.render(fake, points.spec))).double())
    for name in ("dcgan", "wavegan"):
        assert tiny(name).modality.to_output(torch.tensor([-3.0, 0.5, 3.0]), None).tolist() == [-1, 0.5, 1]
    one_hot = nn.functional.one_hot(torch.tensor([[3, 1, 0]]), 10)
    assert tiny("lstm").modality.to_output(one_hot, None).tolist() == [[3, 1, 0]]


def test_parametrisations_are_folded_in_a_copy(tiny):
    generator = tiny("mlp")
    net = normalise_spectrum(generator.net).eval()
    net.latent = Latent((2,), "uniform")
    plain = make_explicit(net, generator.modality, generator.spec, conditional=False)
    assert any(parametrize.is_parametrized(module) for module in net.modules())
    assert not any(parametrize.is_parametrized(module) for module in plain.modules())
    (z,) = plain.sample(5)
    assert z.min() < 0
    assert torch.allclose(plain(z), generator.modality.to_output(net(z), generator.spec))

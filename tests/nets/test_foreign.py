import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from multigan.core.errors import RecipeError
from multigan.core.generators import Encoding, latent_of
from multigan.core.types import Spec
from multigan.nets import programs
from multigan.nets.foreign import foreign_builder
from multigan.nets.placing import begun, going_on
from multigan.recipe.options import bind

SPEC = Spec("image", (1, 4, 4))
PROGRAM = """
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, width: int, two: bool):
        super().__init__()
        self.norm = nn.BatchNorm1d(16)
        self.inside = nn.Linear(16, 6 * (2 if two else 1))
        self.outside = nn.Linear(6, 16)
        self.two = two

    def encode(self, x):
        code = self.inside(self.norm(x.flatten(1)))
        return code.chunk(2, 1) if self.two else code.view(-1, 2, 3)

    def decode(self, code):
        return self.outside(code.flatten(1)).view(-1, 1, 4, 4)

    def forward(self, x):
        return self.decode(self.encode(x))


def build(width: int = 3, two=False):
    return Model(width, two)


def decoder(spec):
    return nn.Sequential(nn.Linear(5, 16), nn.Unflatten(1, spec.shape))


def translator(spec, source, *, gain: float = 2.0):
    layer = nn.Conv2d(source.shape[0], spec.shape[0], 1)
    nn.init.constant_(layer.weight, gain)
    return layer


def nothing():
    return 3


def broken():
    raise ValueError("no luck")


def other():
    return nn.Flatten()


class Kind(nn.Module):
    def __init__(self, nz: int = 2):
        super().__init__()
        self.net = nn.Linear(nz, 16)

    def forward(self, z):
        return self.net(z).view(-1, 1, 4, 4)
"""


@pytest.fixture(autouse=True)
def program(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(programs, "_modules", {})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.py").write_text(PROGRAM)


def made(function, *specs, **options):
    builder = foreign_builder(f"py:m.py:{function}")
    return begun(builder(*(specs or (SPEC,)), **bind(builder, options, "G")))


@pytest.mark.parametrize("two", [False, True])
def test_a_model_with_an_encoder_plays_the_game_autoencoding(two):
    net = made("build", two=two)
    assert isinstance(net, Encoding)
    assert latent_of(net).shape == (6,)
    x = torch.rand(5, 1, 4, 4)
    mean, log_deviation = net.eval().encode(x)
    if two:
        assert torch.equal(mean, net.net.encode(x)[0])
        assert torch.equal(log_deviation, net.net.encode(x)[1] / 2)
        torch.testing.assert_close(net.decode(mean), net.net.decode(mean))
    else:
        assert torch.equal(mean, net.net.encode(x).flatten(1))
        assert torch.equal(log_deviation, torch.full_like(mean, 0.05).log())
        torch.testing.assert_close(net.decode(mean), net.net(x))
    z = torch.randn(3, 6)
    torch.testing.assert_close(net.to_z(net.to_code(z)), z, atol=1e-4, rtol=1e-3)
    assert net(z).shape == (3, 1, 4, 4)


def test_it_is_tried_without_a_trace():
    net = made("build")
    assert net.net.training
    assert int(net.net.norm.num_batches_tracked) == 0


def test_a_decoder_and_a_class():
    net = made("decoder", nz=5)
    assert net(torch.randn(2, 5)).shape == (2, 1, 4, 4)
    kind = made("Kind", nz=7)
    assert (latent_of(kind).shape, kind.net.net.in_features) == ((7,), 7)


def test_a_model_that_is_given_an_input():
    net = made("translator", SPEC, Spec("image", (3, 4, 4)), gain=5.0)
    x = torch.rand(2, 3, 4, 4)
    assert torch.equal(net(torch.zeros(2, 0), source=x), net.net(x))
    assert net.net.weight.eq(5).all()


def test_weights_are_read(tmp_path):
    trained = made("build").net
    nn.init.constant_(trained.outside.bias, 0.25)
    save_file(trained.state_dict(), tmp_path / "w.safetensors")
    assert torch.equal(made("build", weights="w.safetensors").net.outside.bias, trained.outside.bias)
    with going_on():
        assert not made("build", weights="w.safetensors").net.outside.bias.eq(0.25).any()
    with pytest.raises(RecipeError, match=r"G\.weights = 'v\.safetensors': there is no such file"):
        made("build", weights="v.safetensors")
    with pytest.raises(
        RecipeError, match=r"inside\.bias is \(6,\) where the model of m\.py:25 has \(12,\), and 1 more"
    ):
        made("build", two=True, weights="w.safetensors")
    with pytest.raises(RecipeError, match=r"0\.weight is missing, and \d+ more; expected the weights of that model"):
        made("decoder", nz=5, weights="w.safetensors")
    (tmp_path / "v.safetensors").write_bytes(b"x")
    with pytest.raises(RecipeError, match=r"expected a safetensors file"):
        made("build", weights="v.safetensors")


@pytest.mark.parametrize(
    ("function", "options", "words"),
    [
        ("nothing", {}, r"m\.py:39: nothing gives int; expected a torch\.nn\.Module"),
        ("broken", {}, r"m\.py:43: broken raises ValueError: no luck"),
        ("decoder", {}, r"m\.py:29: a model without encoder, and no \[input\]; expected the size of z.*nz = 64"),
        ("decoder", {"nz": 4}, r"m\.py:29: the model raises on z \(4,\)"),
        ("other", {"nz": 4}, r"m\.py:47: the model makes a tensor \(2, 4\) of 2 z \(4,\); expected a tensor \(2, 1, 4"),
    ],
)
def test_what_does_not_fit_is_told_with_file_and_line(function, options, words):
    with pytest.raises(RecipeError, match=words):
        made(function, **options)


def test_options_are_the_functions_and_checked():
    with pytest.raises(RecipeError, match=r"G\.widht is no option here; did you mean 'width'"):
        made("build", widht=3)
    with pytest.raises(RecipeError, match=r"G\.width = 'wide'"):
        made("build", width="wide")
    with pytest.raises(RecipeError, match=r"the model raises on samples \(1, 3, 3\)"):
        made("build", Spec("image", (1, 3, 3)))

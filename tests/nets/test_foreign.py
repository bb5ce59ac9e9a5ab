import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from multigan.core.errors import RecipeError
from multigan.core.generators import Encoding, latent_of
from multigan.core.types import Spec
from multigan.nets import programs
from multigan.nets.capacity import built
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
        (
            "other",
            {"nz": 4},
            r"m\.py:47: the model makes a tensor \(2, 4\) of float32 of 2 z \(4,\); expected a tensor",
        ),
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


WRONG = """from __future__ import annotations

import sys
from functools import partial
from torch import nn


class Coder(nn.Module):
    def __init__(self, code):
        super().__init__()
        self.code = code

    def encode(self, x):
        return self.code(x)

    def decode(self, code):
        return code


class Bare(nn.Module):
    def __init__(self):
        pass


class Leaving(nn.Module):
    def forward(self, z):
        sys.exit(4)


class Double(nn.Linear):
    def forward(self, z):
        return super().forward(z).view(-1, 1, 4, 4).double()


def outer(): return nn.Sequential(Bare())
def leaves(): sys.exit(3)
def annotated(width: Width = 3): return nn.Flatten()
def double(): return Double(5, 16)
def on_double(): return nn.Linear(5, 16).double()
model = nn.Linear(5, 16)
build = dict
gives = partial(int, 3)
a_dict = partial(Coder, lambda x: {"mean": x})
none = partial(Coder, lambda x: None)
empty = partial(Coder, lambda x: ())
flat = partial(Coder, lambda x: x.sum((1, 2, 3)))
doubled = partial(Coder, lambda x: (x.flatten(1), x.flatten(1).double()))
"""


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("Bare", r"m\.py:21: Bare gives Bare, whose weights cannot be told.*super\(\)\.__init__\(\)"),
        ("outer", r"m\.py:35: outer gives Sequential, whose weights cannot be told.*super\(\)\.__init__\(\)"),
        ("leaves", r"m\.py:36: leaves raises SystemExit: 3; expected a torch\.nn\.Module"),
        ("Leaving", r"m\.py:\d+: the model raises on z \(5,\): SystemExit: 4"),
        ("annotated", r"m\.py:37: the annotation of annotated's 'width': NameError: .*expected a type"),
        (
            "double",
            r"m\.py:38: the model makes a tensor \(2, 1, 4, 4\) of float64 of 2 z \(5,\); expected .* of float32",
        ),
        ("on_double", r"m\.py:39: the model (raises on z .*RuntimeError|makes a tensor .* of float64).*float32"),
        ("model", r"m\.py:40: model is a Linear, a model and not what builds one; expected a function or a class"),
        ("build", r"m\.py:41: what build takes cannot be told: ValueError.*expected a function or a class"),
        ("gives", r"m\.py:42: (what gives takes cannot be told|gives gives int)"),
        (
            "a_dict",
            r"m\.py:43: the encoder makes dict of 2 samples \(1, 4, 4\); expected codes \(2, \.\.\.\) of float32",
        ),
        ("none", r"m\.py:44: the encoder makes None of 2 samples"),
        ("empty", r"m\.py:45: the encoder makes tuple of 2 samples"),
        ("flat", r"m\.py:46: the encoder makes a tensor \(2,\) of float32 of 2 samples"),
        ("doubled", r"m\.py:47: the encoder makes a tensor \(2, 16\) of float64 of 2 samples"),
    ],
)
@pytest.mark.parametrize("counted", [False, True])
def test_mistakes_in_the_file_are_told_in_words(tmp_path, function, words, counted):
    (tmp_path / "m.py").write_text(WRONG)
    name, options = f"py:m.py:{function}", {"nz": 5}
    with pytest.raises(RecipeError, match=words):
        built("G", name, options, lambda: made(function, **options)) if counted else made(function, **options)


def test_a_file_that_leaves_python(tmp_path):
    (tmp_path / "m.py").write_text("import sys\n\nsys.exit(2)\n")
    with pytest.raises(RecipeError, match=r"m\.py:3: SystemExit: 2; expected a file that can be run"):
        made("build")


def test_what_cannot_be_built_without_memory_is_built_all_the_same(tmp_path):
    text = "from torch import linspace, nn\n\n\ndef build(nz: 'int' = 5):\n    scale = linspace(1, 2, 3)[0].item()\n"
    (tmp_path / "m.py").write_text(text + "    return nn.Sequential(nn.Linear(nz, 16), nn.Unflatten(1, (1, 4, 4)))\n")
    builder = foreign_builder("py:m.py:build")
    assert built("G", "py:m.py:build", {"nz": 5}, lambda: builder(SPEC, **bind(builder, {"nz": 5}, "G"))).net

"""Generators that are given an input, as files: any size goes in, and two are checked."""

import json

import pytest
import torch

import multigan
from multigan.core.types import Spec
from multigan.exporters.about import KEY
from multigan.generator.generator import Generator, make_config
from multigan.plugins.image.filler import build_filler
from multigan.plugins.image.unet import build_unet
from multigan.plugins.image.upscaler import build_upscaler

SMALL, LARGE = Spec("image", (3, 12, 12)), Spec("image", (3, 24, 24))
HOLED = Spec("image", (4, 12, 12), meta={"hole": True})


def _generator(name, options, build, source, spec):
    net = build(spec, source, **options)
    for value in net.parameters():
        value.data = torch.randn(value.shape, generator=torch.Generator().manual_seed(0)) * 0.1
    plain = {"modality": "image", "shape": list(source.shape), "meta": dict(source.meta)}
    return Generator(net, spec, make_config("translator", "image/x", name, options, {"input": {"spec": plain}}))


NETS = {
    "unet": ("unet", {"width": 2, "downs": 2}, build_unet, SMALL, SMALL),
    "holes": ("unet", {"width": 2, "downs": 3, "norm": "none"}, build_unet, HOLED, SMALL),
    "filler": ("filler", {"width": 2, "downs": 2}, build_filler, HOLED, SMALL),
    "upscaler": ("upscaler", {"width": 2, "layers": 1}, build_upscaler, SMALL, LARGE),
}


@pytest.mark.parametrize("form", ["safetensors", "torchscript"])
@pytest.mark.parametrize("net", NETS)
def test_two_sizes_are_checked(tmp_path, net, form):
    done = multigan.export(_generator(*NETS[net]), form, tmp_path)
    multiple = {"unet": 4, "holes": 8, "filler": 4, "upscaler": 1}[net]
    usual = -(-12 // multiple) * multiple
    sizes = [f"{usual} x {usual}"] * 3 + [f"{usual + multiple} x {usual + 2 * multiple}"]
    assert [row.size for row in done.rows] == sizes
    assert done.difference <= 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("net", NETS)
def test_onnx_takes_every_size(tmp_path, net):
    onnxruntime = pytest.importorskip("onnxruntime")
    generator = _generator(*NETS[net])
    done = multigan.export(generator, "onnx", tmp_path)
    assert done.difference <= 1e-5
    session = onnxruntime.InferenceSession(done.path.read_bytes(), providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    about = json.loads(session.get_modelmeta().custom_metadata_map[KEY])
    assert (given.name, about["inputs"][0]["shape"][2:]) == ("source", ["height", "width"])
    multiple = about["inputs"][0]["multiple"]
    source = torch.rand(2, generator.input_spec.shape[0], 10 * multiple, 3 * multiple) * 2 - 1
    source[:, 3:] = (source[:, 3:] > 0).float()
    found = session.run(None, {"source": source.numpy()})[0]
    truth = generator.net(torch.zeros(2, 0), source=source).clamp(-1, 1)
    assert (torch.from_numpy(found) - truth).abs().max() <= 1e-4

import json
from dataclasses import asdict

import onnx
import pytest
import torch

import multigan
from multigan.core.errors import RecipeError
from multigan.core.strict_json import finite
from multigan.core.types import Spec
from multigan.generator.generator import Generator, make_config
from multigan.plugins import modalities
from multigan.plugins.audio.mel_degrade import build_mel
from multigan.plugins.audio.vocoder import build_vocoder

SPEC = Spec("audio", (2, 4096), meta={"sample_rate_hz": 8000})


def built(**given):
    torch.manual_seed(0)
    source = build_mel(None, SPEC, **given).spec(SPEC)
    return build_vocoder(SPEC, source, width=16, blocks=2).eval(), source


@pytest.mark.parametrize(
    "given", [{}, {"pad": "same"}, {"hop": 100, "n_fft": 400, "pad": "same"}, {"log": "db", "power": 2.0}]
)
def test_any_number_of_frames_and_gradients_everywhere(given):
    spec = Spec("audio", (2, 40 * given.get("hop", 64)), meta={"sample_rate_hz": 8000})
    source = build_mel(None, spec, **given).spec(spec)
    net = build_vocoder(spec, source, width=8, blocks=1)
    for frames in (source.shape[1], 5, 77):
        made = net(None, source=torch.randn(3, source.shape[0], frames))
        assert made.shape == (3, 2, net.mel.samples(frames))
    made.square().mean().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_the_size_of_a_small_one():
    net = build_vocoder(*_one_channel())
    conv, norms, block = 40 * 128 * 7 + 128, 2 * 2 * 128, 128 * 7 + 128 + 2 * 128 + 2 * 3 * 128 * 128 + 4 * 128 + 128
    assert sum(p.numel() for p in net.parameters()) == conv + norms + 4 * block + 129 * 2 * 129 == 470_658


def _one_channel():
    spec = Spec("audio", (1, 4096), meta={"sample_rate_hz": 8000})
    return spec, build_mel(None, spec).spec(spec)


@pytest.mark.parametrize("pad", ["same", "centre"])
def test_nothing_beyond_its_reach_is_heard(pad):
    net, source = built(pad=pad)
    with torch.no_grad():
        net.net.out.weight.normal_(0, 0.1)
    frames = 4 * net.reach
    x, at = torch.randn(1, source.shape[0], frames, requires_grad=True), 2 * net.reach
    (slope,) = torch.autograd.grad(net(None, source=x)[0, 0, at * 64 : (at + 1) * 64].sum(), x)
    heard = slope[0].abs().amax(0).nonzero()[:, 0]
    assert at - net.reach <= int(heard.min())
    assert int(heard.max()) <= at + net.reach


@pytest.mark.parametrize(("name", "options"), [("vocoder", {"width": 8, "blocks": 1}), ("hifigan", {"width": 8})])
def test_exported_files_know_the_definition(tmp_path, name, options):
    spec, source = _one_channel()
    net = modalities.get("audio").translators[name](spec, source, **options).eval()
    facts = {"input": {"spec": finite(asdict(source)), "degrade": [{"name": "mel"}]}}
    generator = Generator(net, spec, make_config("x", "y", name, options, facts))
    done = multigan.export(generator, "onnx", tmp_path / "x.onnx")
    assert {row.size for row in done.rows} == {"65", "66"}
    held = {one.key: one.value for one in onnx.load(tmp_path / "x.onnx").metadata_props}
    assert json.loads(held["multigan"])["input"]["spec"]["meta"]["mel"] == source.meta["mel"]


def test_inputs_that_are_no_mel_spectra_are_refused():
    with pytest.raises(RecipeError, match=r"the net 'vocoder' without mel spectra.*degrade = \[{ name = \"mel\" }\]"):
        build_vocoder(SPEC, SPEC)
    source = build_mel(None, SPEC).spec(SPEC)
    with pytest.raises(RecipeError, match=r"mel spectra of .* for sounds of"):
        build_vocoder(Spec("audio", (1, 4096)), source)

import json
import subprocess
import sys

import pytest

import multigan
from multigan import provenance
from multigan.errors import ExportError
from multigan.exporters import onnx
from multigan.types import Latent

# What docs/export.md shows: numpy and ONNX Runtime only.
ALONE = """
import sys
sys.modules["multigan"] = sys.modules["torch"] = None
import json, numpy as np, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
about = json.loads(session.get_modelmeta().custom_metadata_map["multigan"])
random, feed = np.random.default_rng(0), {}
for one in about["inputs"]:
    shape = [7, *one["shape"][1:]]
    draw = {"normal": lambda: random.standard_normal(shape),
            "uniform": lambda: random.uniform(one["low"], one["high"], shape),
            "integers": lambda: random.integers(one["low"], one["high"], shape)}[one["kind"]]
    feed[one["name"]] = draw().astype(one["dtype"])
out = session.run(None, feed)[0]
entries = about["meta"].get("vocabulary", {}).get("entries")
texts = ["".join(entries[k] for k in row).rstrip() for row in out] if entries else None
print(json.dumps([list(out.shape), float(out.min()), float(out.max()), texts, about["output"]["name"]]))
"""


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        pytest.param("dcgan-nearest-film", [7, 3, 12, 10], marks=pytest.mark.slow),
        ("lstm", [7, 5]),
        ("wavegan", [7, 1, 300]),
    ],
)
def test_the_file_generates_without_multigan_and_torch(tiny, tmp_path, name, shape):
    done = multigan.export(tiny(name), "onnx", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.onnx"]
    assert done.difference <= 1e-5
    out = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, done.path], capture_output=True, text=True, check=False, timeout=120
    )
    assert out.returncode == 0, out.stderr
    found, low, high, texts, output = json.loads(out.stdout)
    assert found == shape
    if name == "lstm":
        assert output == "tokens"
        assert all(0 <= k < 10 for k in (low, high))
        assert any(set(text) <= set("abcdefgh�") and text for text in texts)
    else:
        assert -1 <= low < high <= 1
    assert provenance.read(done.path)["weights_sha256"] == tiny(name).config["weights_sha256"]


def test_plain_metadata_stands_beside_the_json():
    about = {
        "label": {"software": "MultiGAN"},
        "modality": "audio",
        "output": {"meaning": "waves"},
        "meta": {"sample_rate_hz": 8000, "vocabulary": {}},
    }
    flat = onnx.flat(about)
    assert (flat["sample_rate_hz"], flat["value_range"], flat["software"]) == ("8000", "waves", "MultiGAN")
    assert "vocabulary" not in flat
    assert json.loads(flat["multigan"]) == about


def test_a_missing_package_is_named_with_its_cure(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExportError, match=r"onnxruntime.*pip install 'multigan\[export\]'"):
        multigan.export(tiny("mlp"), "onnx", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_operation_that_onnx_lacks_is_one_clear_error(tiny, tmp_path):
    import torch

    class Odd(torch.nn.Module):
        latent = Latent((2,))

        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(1))

        def forward(self, z, cond=None, draw=None):
            return torch.linalg.eigvalsh(z[:, :, None] * z[:, None, :]) * self.weight

    generator = tiny("mlp")
    generator.net = Odd()
    with pytest.raises(ExportError, match=r"no form in ONNX.*torch-export"):
        multigan.export(generator, "onnx", tmp_path)
    assert list(tmp_path.iterdir()) == []

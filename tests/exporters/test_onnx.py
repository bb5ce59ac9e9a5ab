import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import multigan
from multigan.core.errors import ExportError
from multigan.core.types import Latent
from multigan.exporters import onnx
from multigan.provenance import labels as provenance

DOCS = Path(__file__).parent.parent.parent / "docs" / "export.md"
BLOCK = "import sys\nsys.modules['multigan'] = sys.modules['torch'] = None\n"
REPORT = """
entries = about["meta"].get("vocabulary", {}).get("entries")
texts = ["".join(entries[k] for k in row) for row in samples] if entries else None
print(json.dumps([list(samples.shape), float(samples.min()), float(samples.max()), texts, about["output"]["name"]]))
"""


def snippet():
    """What the docs show: numpy and ONNX Runtime only."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    return BLOCK + code + REPORT


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
        [sys.executable, "-I", "-c", snippet(), done.path], capture_output=True, text=True, check=False, timeout=120
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

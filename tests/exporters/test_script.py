import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
import torch

import multigan
from multigan.core.errors import ExportError
from multigan.core.types import Latent
from multigan.exporters.explicit import make_explicit

ALONE = """
import sys
sys.modules["multigan"] = None
import json, torch
extra = {"multigan": ""}
script = torch.jit.load(sys.argv[1], _extra_files=extra)
about = json.loads(extra["multigan"])
values = [torch.tensor(v, dtype=getattr(torch, one["dtype"])) for v, one in zip(json.load(sys.stdin), about["inputs"])]
print(json.dumps(script(*values).tolist()))
"""


@pytest.mark.parametrize("name", ["lstm-z", "dcgan-classes"])
def test_the_written_file_does_what_the_net_does_without_multigan(tiny, tmp_path, name):
    generator = tiny(name)
    done = multigan.export(generator, "torchscript", tmp_path / "a.ts")
    conditional = name == "dcgan-classes"
    net = make_explicit(generator.net, generator.modality, generator.spec, conditional=conditional)
    values = net.sample(4, seed=5)
    out = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", ALONE, done.path],
        input=json.dumps([v.tolist() for v in values]),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert out.returncode == 0, out.stderr
    assert torch.allclose(torch.tensor(json.loads(out.stdout)), net(*values), atol=1e-6)


def test_a_net_that_cannot_be_traced_is_one_clear_error(tiny, tmp_path):
    class Named(torch.nn.Module):
        latent = Latent((2,))

        def forward(self, z, cond=None, draw=None):
            return z if not torch.jit.is_tracing() else {"z": {1: "no tensor"}}

    generator = tiny("mlp")
    generator.net = Named()
    generator.modality = object()
    with pytest.raises(ExportError, match="cannot trace"):
        multigan.export(generator, "torchscript", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_does_not_know_the_name_under_which_it_was_written(tiny, tmp_path):
    done = multigan.export(tiny("dcgan-classes"), "torchscript", tmp_path / "a.ts")
    assert {name.split("/")[0] for name in ZipFile(done.path).namelist()} == {"archive"}

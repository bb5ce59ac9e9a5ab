import math
from dataclasses import replace

import pytest

import multigan
from multigan.core.errors import ExportError, UnknownNameError
from multigan.exporters import Form, exporting, forms
from multigan.exporters.parity import Row
from multigan.provenance import labels as provenance


@pytest.mark.parametrize("form", ["safetensors", "torchscript"])
def test_every_net_keeps_its_function(every, form, tmp_path):
    done = multigan.export(every, form, tmp_path)
    name = every.config["name"]
    assert done.path == tmp_path / f"{name}{forms.get(form).suffix}"
    assert [path.name for path in tmp_path.iterdir()] == [done.path.name]
    assert done.difference <= (0 if form == "safetensors" else 1e-6)
    assert done.size_bytes == done.path.stat().st_size
    assert [row.batch for row in done.rows] == [1, 3, 8]
    label = provenance.read(done.path)
    assert (label["generator"], label["kind"]) == (name, "generator")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["onnx", "torch-export"])
def test_every_net_keeps_its_function_as_a_graph(every, form, tmp_path):
    assert multigan.export(every, form, tmp_path).difference <= 1e-5


class Wrong:
    """A format whose files are off by a little in one batch size."""

    suffix = ".wrong"
    runtime = "nothing"

    def __init__(self, error):
        self.error = error

    def write(self, net, generator, about, path):
        path.write_bytes(b"x")
        return lambda values: net(*values) + (self.error if len(values[0]) == 3 else 0.0)


@pytest.mark.parametrize("error", [2e-4, -1.0, math.nan, math.inf])
def test_a_file_that_differs_is_refused_and_removed(tiny, tmp_path, monkeypatch, error):
    monkeypatch.setitem(forms._loaded, "wrong", Wrong(error))
    kept = tmp_path / "kept.wrong"
    kept.write_bytes(b"of yesterday")
    for out in ("new.wrong", "kept.wrong"):
        with pytest.raises(ExportError, match=r"differs from the net by .* at batch 3"):
            multigan.export(tiny("wavegan"), "wrong", tmp_path / out)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.wrong"]
    assert kept.read_bytes() == b"of yesterday"


def test_the_tolerance_is_the_callers(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(forms._loaded, "wrong", Wrong(2e-4))
    done = multigan.export(tiny("wavegan"), "wrong", tmp_path, tolerance=1e-3)
    assert done.difference == pytest.approx(2e-4, rel=0.05)
    assert replace(done, rows=(Row(1, 5.0, 1, 1),)).difference == 5.0


def test_sounds_get_a_real_time_factor(tiny, tmp_path):
    row = multigan.export(tiny("wavegan"), "safetensors", tmp_path).rows[1]
    assert row.real_time_factor == pytest.approx(3 * 300 / 8000 / (row.file_ms / 1000))


def test_wrong_names_and_places_are_said(tiny, tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'onnx'"):
        multigan.export(tiny("mlp"), "onx", tmp_path)
    (tmp_path / "folder.ts").mkdir()
    assert multigan.export(tiny("mlp"), "ts", tmp_path / "folder.ts").path.name == "mlp.ts"
    assert exporting.TOLERANCE == 1e-4


def test_a_run_is_exported_by_its_path(tiny, tmp_path):
    tiny("mlp").save_pretrained(tmp_path / "run" / "generator-best")
    done = multigan.export(tmp_path / "run", "safetensors", tmp_path / "new" / "a.safetensors", which="best")
    assert done.path.is_file()
    assert all(isinstance(form, Form) for _, form in forms.items())


def test_a_hostile_name_stays_in_the_folder(tiny, tmp_path):
    generator = tiny("mlp")
    generator.config["name"] = "../../out"
    done = multigan.export(generator, "safetensors", tmp_path)
    assert done.path.parent == tmp_path
    assert done.path.name.startswith("_.._out~")

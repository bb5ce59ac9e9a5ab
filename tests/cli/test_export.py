import json

from multigan.cli.export import table
from multigan.exporters.exporting import Exported
from multigan.exporters.parity import Row


def test_formats_are_written_with_their_proof_and_read_back(multigan, run, tmp_path):
    done = multigan("export", run, "--to", "safetensors,torchscript", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("max |difference|") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ring.safetensors", "ring.ts"]
    assert json.loads(multigan("provenance", tmp_path / "ring.ts").stdout)["generator"] == "ring"


def test_too_strict_a_tolerance_exits_with_1_and_leaves_nothing(multigan, run, tmp_path):
    done = multigan("export", run, "--to", "onnx", "--out", tmp_path, "--tolerance", "0")
    assert done.returncode == 1
    assert "differs from the net" in done.stderr
    assert list(tmp_path.iterdir()) == []
    typo = multigan("export", run, "--to", "onxx", "--out", tmp_path)
    assert typo.returncode == 2
    assert "did you mean 'onnx'?" in typo.stderr


def test_the_table_shows_a_real_time_factor_for_sound_only(tmp_path):
    rows = (Row(1, 2.5e-7, 4.0, 2.0, 123.45), Row(8, 1e-7, 9.0, 5.0, 400.0))
    lines = table(Exported(tmp_path / "a.onnx", "onnx", "onnxruntime", 1_500_000, rows, 1e-4))
    assert "1.50 MB" in lines[0]
    assert "x real time" in lines[1]
    assert lines[2].split() == ["1", "2.5e-07", "4.00", "2.00", "123.5"]
    silent = table(Exported(tmp_path / "a.onnx", "onnx", "onnxruntime", 1, (Row(1, 0.0, 1.0, 1.0),), 1e-4))
    assert "real time" not in "".join(silent)

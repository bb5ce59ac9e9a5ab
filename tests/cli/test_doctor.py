import json
import sys
import types

import pytest
from typer.testing import CliRunner

from multigan.cli.app import app


def test_a_run_gets_its_verdict(multigan, run):
    done = multigan("doctor", run)
    assert done.returncode == 0
    assert done.stdout.startswith("verdict: ")
    assert "multigan " in done.stdout
    assert json.loads(multigan("doctor", run, "--json").stdout)["name"] in done.stdout


def test_the_best_generator_draws(multigan, run, tmp_path):
    assert multigan("generate", run, "--which", "best", "--n", 3, "--out", tmp_path).returncode == 0
    assert list(tmp_path.iterdir())
    wrong = multigan("generate", run, "--which", "bestt", "--out", tmp_path)
    assert wrong.returncode == 2
    assert "did you mean 'best'?" in wrong.stderr


@pytest.mark.parametrize("report", ["all is well", ["all is", "well"]])
def test_anything_else_is_data_to_inspect(tmp_path, monkeypatch, report):
    module = types.ModuleType("multigan.inspect")
    module.__spec__ = types.SimpleNamespace(name="multigan.inspect")
    module.inspect_data = lambda path: report
    monkeypatch.setitem(sys.modules, "multigan.inspect", module)
    done = CliRunner().invoke(app, ["doctor", str(tmp_path)])
    assert done.exit_code == 0
    assert done.stdout.replace("\n", " ").strip() == "all is well"

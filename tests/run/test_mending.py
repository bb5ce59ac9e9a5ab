import json
import shutil

import pytest

import multigan
from multigan.core.errors import CheckpointError
from multigan.doctor.health import examine
from multigan.generator.generator import load


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    sets = ["train.samples=1500", "train.vitals=3", "data.n=600", "train.sheets=0", "train.report=false"]
    return multigan.train("points/ring", run=tmp_path_factory.mktemp("runs") / "run", overrides=sets, quiet=True).folder


@pytest.mark.parametrize("name", ["generator.safetensors", "config.json"])
def test_a_resume_with_nothing_to_train_writes_a_truncated_generator_anew(whole, tmp_path, name, capsys):
    run = shutil.copytree(whole, tmp_path / "run")
    path = run / "generator" / name
    before = path.read_bytes()
    path.write_bytes(before[: len(before) // 2])
    with pytest.raises(CheckpointError):
        load(run, "last")
    multigan.resume(run)
    assert "it is written anew, from" in capsys.readouterr().err
    assert load(run, "last").config["weights_sha256"] == load(whole, "last").config["weights_sha256"]
    if name == "generator.safetensors":
        assert path.read_bytes() == before


def test_a_best_one_that_is_damaged_is_said_and_a_whole_run_is_not_touched(whole, tmp_path, capsys):
    run = shutil.copytree(whole, tmp_path / "run")
    multigan.resume(run)
    assert "nothing in it is touched" in capsys.readouterr().err
    (run / "generator-best").mkdir(exist_ok=True)
    (run / "generator-best" / "config.json").write_text("{torn")
    multigan.resume(run)
    assert "no checkpoint holds that one; type --which last" in capsys.readouterr().err


@pytest.mark.parametrize("size", [0, 40])
def test_facts_that_are_empty_or_cut_are_written_anew_and_said(whole, tmp_path, size, capsys):
    run = shutil.copytree(whole, tmp_path / "run")
    path = run / "run.json"
    before = json.loads(path.read_text())
    path.write_text(path.read_text()[:size])
    said = f"run.json is damaged: {'it is empty' if not size else ''}"
    assert any(said in line for line in examine(run).evidence)
    warned = [line for line in multigan.evaluate(run, samples=64, cache=False).warnings if said in line]
    assert f"type multigan train --resume {run}, which writes it anew" in warned[0]
    multigan.resume(run)
    assert "it is written anew; how long training took" in capsys.readouterr().err
    after = json.loads(path.read_text())
    lost = {"seconds", "extractor", "judge"}
    assert {key: after[key] for key in before.keys() - lost} == {key: before[key] for key in before.keys() - lost}
    multigan.resume(run)
    assert "nothing in it is touched" in capsys.readouterr().err

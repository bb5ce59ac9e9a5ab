import json
import shlex
import shutil
import subprocess
import sys

import pytest
from safetensors.torch import load_file, save_file

import multigan
from multigan.core.errors import DivergedError, RunError, UnknownNameError
from multigan.doctor.doctor import VERDICTS
from multigan.doctor.health import examine, facts_of
from multigan.recipe.recipe import load_recipe
from multigan.run.ledger import read_metrics

SHORT = ["train.samples=6000", "train.batch=100", "train.sheets=1", "data.n=2000"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A short run of the ring."""
    return multigan.train("points/ring", run=tmp_path_factory.mktemp("runs") / "whole", overrides=SHORT, quiet=True)


def test_a_run_ends_with_a_verdict_and_a_best_generator(whole):
    written = json.loads((whole.folder / "verdict.json").read_text())
    assert written["name"] in VERDICTS
    assert written["evidence"]
    assert shlex.split(written["command"])[0] == "multigan"
    best = multigan.load(whole.folder, which="best")
    assert best.config["samples_seen"] <= 6000
    assert best.generate(2, seed=1) == multigan.load(whole.folder / "generator-best").generate(2, seed=1)
    with pytest.raises(UnknownNameError, match="best"):
        multigan.load(whole.folder, which="bst")


def test_the_best_is_the_one_with_the_lowest_distance_or_the_last_where_that_is_level(whole):
    rows = [row for row in read_metrics(whole.folder / "metrics.jsonl") if "vitals/distance" in row and row["step"]]
    lowest = min(rows, key=lambda row: row["vitals/distance"])
    last, name = rows[-1], "vitals/distance"
    above = (last[name] - lowest[name]) / (last[f"{name}_trivial"] - last[f"{name}_floor"])
    kept = last if above <= 1 / last["vitals/heldout_items"] else lowest
    assert multigan.load(whole.folder, which="best").config["samples_seen"] == kept["samples"]


def test_the_verdict_is_found_again_from_the_files_alone(whole, tmp_path):
    shutil.copytree(whole.folder, tmp_path / "run")
    before = json.loads((tmp_path / "run" / "verdict.json").read_text())
    (tmp_path / "run" / "verdict.json").unlink()
    assert examine(tmp_path / "run").name == before["name"]
    assert list(examine(tmp_path / "run").evidence) == before["evidence"]


def test_a_run_that_died_says_so_again(tmp_path):
    with pytest.raises(DivergedError, match=r"first layer|finite"):
        multigan.train(
            "points/ring", run=tmp_path / "run", overrides=[*SHORT, "optim.name=sgd", "optim.lr=1e6"], quiet=True
        )
    verdict = examine(tmp_path / "run")
    assert verdict.name == "diverged"
    assert "finite" in verdict.evidence[0]


def test_what_was_never_measured_cannot_be_judged(tmp_path):
    run = multigan.train("points/ring", run=tmp_path / "run", overrides=[*SHORT, "train.vitals=0"], quiet=True)
    assert not (run.folder / "generator-best").exists()
    with pytest.raises(RunError, match="no vitals"):
        examine(run.folder)
    with pytest.raises(RunError, match="no run directory"):
        examine(tmp_path)


def test_facts_come_from_the_recipe(tmp_path):
    recipe = load_recipe("points/ring", ["optim.D.lr=0.5", 'phases=[{name="p", turns=["d"], samples=50}]'])
    facts = facts_of(recipe, tmp_path, items=7)
    assert facts.samples == recipe.train.samples + 50
    assert facts.last_phase_samples == recipe.train.samples
    assert facts.lr == {"G": 1e-3, "D": 0.5}
    assert [term["name"] for term in facts.penalties] == ["r1", "r2"]
    assert facts.items == 7


def test_facts_know_whether_d_could_be_shown_augmented_samples(tmp_path):
    augment = 'game.views=[{name="augment"}]'
    assert facts_of(load_recipe("points/ring"), tmp_path).augments
    assert not facts_of(load_recipe("points/ring", [augment]), tmp_path).augments
    assert not facts_of(load_recipe("text/translate"), tmp_path).augments


def test_facts_know_where_the_data_of_a_run_is_now(whole, tmp_path):
    recipe = load_recipe(str(whole.folder / "recipe.toml"))
    assert facts_of(recipe, whole.folder).moved_to == ""
    run = shutil.copytree(whole.folder, tmp_path / "run")
    plain = json.loads((run / "data.json").read_text())
    plain["identity"]["source"] = "/moved/points.csv"
    (run / "data.json").write_text(json.dumps(plain))
    assert facts_of(recipe, run).moved_to == "/moved/points.csv"


def test_an_evaluation_of_the_weights_that_lie_there_counts_and_of_others_does_not(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    config = json.loads((run / "generator-best" / "config.json").read_text())
    judged = {"generator": {"which": "best", "weights_sha256": config["weights_sha256"]}}
    judged["flags"] = {"still-far": "still far: coverage 0.20 of real 0.90", "memorising": "copies"}
    (run / "evaluation.json").write_text(json.dumps(judged))
    assert any(line.startswith("coverage 0.20 of real 0.90") for line in examine(run).evidence)  # not "still far" twice
    recipe = load_recipe(str(run / "recipe.toml"))
    assert facts_of(recipe, run).evaluated
    judged["generator"]["weights_sha256"] = "of another"
    (run / "evaluation.json").write_text(json.dumps(judged))
    assert "coverage 0.20" not in " ".join(examine(run).evidence)
    assert not facts_of(recipe, run).evaluated
    (run / "evaluation.json").write_text("{torn")
    assert examine(run).name in VERDICTS


def test_damaged_measurements_are_said_and_the_rest_is_judged(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    sound = examine(run)
    path = run / "metrics.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(["what is this?\n", *lines, "x\n"]))
    said = f"2 lines of metrics.jsonl cannot be read, and are left out: 1, {len(lines) + 2}"
    assert examine(run).evidence == (*sound.evidence, said)
    assert said in (run / "verdict.json").read_text()
    assert multigan.write_report(run).read_text().count(said) == 1
    (run / "verdict.json").unlink()
    assert multigan.write_report(run).read_text().count(said) == 1
    path.write_text("x\n")
    with pytest.raises(RunError, match=r"metrics.jsonl is damaged: 1 line of metrics.jsonl cannot be read"):
        examine(run)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "metrics.jsonl is missing"),
        (b"", "metrics.jsonl is damaged: it is empty"),
        (bytes(4096), "metrics.jsonl is damaged: the last line of metrics.jsonl is cut"),
        (b"{\n" * 9, "metrics.jsonl is damaged: 9 lines of metrics.jsonl cannot be read"),
    ],
)
def test_measurements_that_are_gone_are_not_called_untaken(whole, tmp_path, content, said):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    (run / "metrics.jsonl").unlink()
    if content is not None:
        (run / "metrics.jsonl").write_bytes(content)
    with pytest.raises(RunError, match=said) as caught:
        examine(run)
    assert "copy it again" in str(caught.value)


@pytest.mark.parametrize("name", ["run.json", "budget.json"])
def test_other_files_that_are_damaged_are_said_and_the_rest_is_judged(whole, tmp_path, name):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    sound = examine(run)
    (run / name).write_text("{")
    verdict = examine(run)
    assert verdict.evidence[:-1] == sound.evidence
    assert f"{name} is damaged" in verdict.evidence[-1]
    assert "goes on without it" in verdict.evidence[-1]
    assert multigan.write_report(run).read_text().count(f"{name} is damaged") == 1


def test_a_verdict_that_cannot_be_written_is_shown_all_the_same(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "a run")
    sound = examine(run)
    (run / "verdict.json").unlink()
    (run / "verdict.json").mkdir()
    verdict = examine(run)
    assert (verdict.name, verdict.evidence[:-1]) == (sound.name, sound.evidence)
    assert f"mv '{run}/verdict.json' '{run}/verdict.json.old'" in verdict.evidence[-1]


def test_a_run_that_cannot_be_written_is_judged_all_the_same_and_says_that_the_verdict_is_not_kept(
    whole, tmp_path, no_room
):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    sound, before = examine(run), (run / "verdict.json").read_text()
    with no_room():
        verdict = examine(run)
    assert verdict.evidence[:-1] == sound.evidence
    assert verdict.evidence[-1].startswith("this verdict is not kept in the run: cannot write")
    assert (run / "verdict.json").read_text() == before


def test_weights_that_are_not_finite_outweigh_a_history_that_was_well(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    path = run / "generator" / "generator.safetensors"
    tensors = load_file(path)
    first = next(iter(tensors))
    save_file({**tensors, first: tensors[first] * float("nan")}, path)
    verdict = examine(run)
    assert verdict.name == "diverged"
    assert verdict.evidence[0].startswith(f"{path}: ")
    assert verdict.command == f"multigan train --resume {shlex.quote(str(run))} --samples 12000"
    path.unlink()
    verdict = examine(run)
    assert verdict.evidence[0] == f"{path} is missing"
    assert verdict.name == examine(whole.folder).name


def test_a_run_that_another_process_trains_is_not_to_be_resumed_meanwhile(whole, tmp_path):
    folder = shutil.copytree(whole.folder, tmp_path / "copy")
    take = (
        "import sys; from pathlib import Path; from multigan.run.lock import RunLock; RunLock.take(Path(sys.argv[1]))"
    )
    hold = f"{take}; print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        verdict = examine(folder)
        process.stdin.close()
    assert f"it is being trained now, by process {process.pid}" in verdict.evidence[-1]
    assert verdict.command == f"multigan doctor {shlex.quote(str(folder))}"
    assert "being trained" not in " ".join(examine(folder).evidence)


def test_an_evaluation_that_says_nearly_is_quoted(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    config = json.loads((run / "generator-best" / "config.json").read_text())
    judged = {"generator": {"which": "best", "weights_sha256": config["weights_sha256"]}, "flags": {}}
    judged["health"] = {"name": "undecided", "why": ["a judge calls 80% rightly"]}
    (run / "evaluation.json").write_text(json.dumps(judged))
    assert facts_of(load_recipe(str(run / "recipe.toml")), run).undecided == "a judge calls 80% rightly"
    (run / "evaluation.json").write_text(json.dumps({**judged, "health": {"name": "healthy", "why": ["it does not"]}}))
    assert facts_of(load_recipe(str(run / "recipe.toml")), run).undecided == ""


def test_a_run_without_vitals_is_said_to_have_an_evaluation_where_it_has_one(whole, tmp_path):
    run = shutil.copytree(whole.folder, tmp_path / "run")
    lines = (run / "metrics.jsonl").read_text().splitlines()
    (run / "metrics.jsonl").write_text("".join(f"{line}\n" for line in lines if "vitals/" not in line))
    with pytest.raises(RunError, match="holds no vitals") as bare:
        examine(run)
    assert "multigan report" not in str(bare.value)
    config = json.loads((run / "generator-best" / "config.json").read_text())
    judged = {"generator": {"which": "best", "weights_sha256": config["weights_sha256"]}, "flags": {}}
    (run / "evaluation.json").write_text(json.dumps(judged))
    with pytest.raises(RunError, match="stands in the report: multigan report"):
        examine(run)

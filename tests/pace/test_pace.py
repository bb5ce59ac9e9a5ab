import importlib.util
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import multigan
from multigan.build import build_data, build_trainer
from multigan.core.errors import CheckpointError, RunError
from multigan.doctor.health import Clinic
from multigan.engine.stretching import lengths_of as stretched_lengths
from multigan.engine.stretching import stretch
from multigan.pace.budget import Budget
from multigan.pace.pace import _come_to, as_begun
from multigan.pace.record import Record, read_record, write_record
from multigan.recipe.length import lengths_of, with_lengths
from multigan.recipe.recipe import dumps, load_recipe
from multigan.run.ledger import read_metrics
from multigan.training import resume_within, train_within

spec = importlib.util.spec_from_file_location("ticking", Path(__file__).with_name("ticking.py"))
ticking = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ticking)
Ticking = ticking.Ticking

SMALL = {
    "image/digits": ["G.width=4", "D.width=4"],
    "audio/drums": [
        'G={net="wavegan",width=2}',
        'D={net="wavegan",width=2}',
        'game={loss="relativistic"}',
        "data.samples=1024",
    ],
    "text/surnames": ["G.hidden=8", "D.filters=4"],
    "points/ring": ["G.width=8", "D.width=8", "data.n=64"],
}
BRIEF = ["train.vitals=0", "train.sheets=0", "train.report=false", "train.batch=8", "train.checkpoints=4"]


def newest(folder):
    return load_file(sorted((folder / "checkpoints").glob("step-*"))[-1] / "tensors.safetensors")


def same(one, other):
    a, b = newest(one), newest(other)
    return set(a) == set(b) and all(torch.equal(a[name], b[name]) for name in a)


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    """`timed(recipe)`: a run of 12 seconds by a clock that ticks when it is read, and that clock."""
    made = {}

    def run(name):
        if name not in made:
            clock = Ticking()
            folder = tmp_path_factory.mktemp("timed") / name.replace("/", "-")
            budget = Budget(minutes=0.2, clock=clock)
            made[name] = train_within(budget, name, run=folder, overrides=[*SMALL[name], *BRIEF], quiet=True), clock
        return made[name]

    return run


@pytest.mark.parametrize("name", SMALL)
def test_a_run_of_any_modality_ends_in_time_and_its_record_says_how(timed, name):
    run, clock = timed(name)
    assert 1000 + 0.8 * 12 < clock.now < 1000 + 1.1 * 12
    record = read_record(run.folder)
    recipe = load_recipe(str(run.folder / "recipe.toml"))
    assert lengths_of(recipe) == record.written[-1]
    assert run.state.samples >= sum(lengths_of(recipe))
    assert run.state.samples - sum(lengths_of(recipe)) < 16 * len(lengths_of(recipe))
    assert record.left_seconds == 0
    assert record.lines[0].startswith("--minutes 0.2: about")
    assert (" of the fit at " in record.lines[0]) is (recipe.game.name == "autoencoding")
    assert json.loads((run.folder / "run.json").read_text())["budget"] == list(record.lines)


def test_phases_of_a_text_keep_their_proportions(timed):
    run, _ = timed("text/surnames")
    first, last = lengths_of(load_recipe(str(run.folder / "recipe.toml")))
    assert first / last == pytest.approx(100 / 60, rel=0.3)  # whole iterations of a short run


def test_a_run_that_has_ended_in_time_is_finished(timed):
    run, _ = timed("points/ring")
    before = {path: path.read_bytes() for path in run.folder.rglob("*.json")}
    again = multigan.resume(run.folder, quiet=True)
    assert again.state.samples == run.state.samples
    assert {path: path.read_bytes() for path in run.folder.rglob("*.json")} == before


def test_a_stopped_run_goes_on_with_what_is_left_of_its_minutes(timed, tmp_path, capsys):
    run, _ = timed("text/surnames")
    folder = tmp_path / "run"
    shutil.copytree(run.folder, folder)
    shutil.rmtree(sorted((folder / "checkpoints").glob("step-*"))[-1])
    plain = json.loads((folder / "budget.json").read_text())
    (folder / "budget.json").write_text(json.dumps(plain | {"spent_seconds": 6.0}))
    clock = Ticking()
    done = resume_within(Budget(clock=clock), folder)
    assert " s of 0.2 minutes are left; of its samples " in capsys.readouterr().err
    assert 1000 + 0.7 * 6 < clock.now < 1000 + 1.2 * 6
    assert done.state.phase == 2
    assert lengths_of(load_recipe(str(folder / "recipe.toml"))) == read_record(folder).written[-1]


def test_a_run_killed_before_its_first_checkpoint_has_all_its_minutes(timed, tmp_path):
    run, _ = timed("points/ring")
    for name in ("recipe.toml", "budget.json"):
        shutil.copy(run.folder / name, tmp_path / name)
    clock = Ticking()
    resume_within(Budget(clock=clock), tmp_path, quiet=True)
    assert 1000 + 0.8 * 12 < clock.now < 1000 + 1.1 * 12


def test_instead_of_minutes_that_never_began_samples_may_be_asked_for(timed, tmp_path):
    run, _ = timed("points/ring")
    for name in ("recipe.toml", "budget.json"):
        shutil.copy(run.folder / name, tmp_path / name)
    assert multigan.resume(tmp_path, samples=40, quiet=True).state.samples == 40
    assert multigan.resume(tmp_path, quiet=True).state.samples == 40
    assert read_record(tmp_path).minutes is None


@pytest.mark.parametrize("name", SMALL)
def test_samples_are_those_of_all_phases(name, tmp_path):
    run = multigan.train(name, run=tmp_path / "run", overrides=[*SMALL[name], *BRIEF], samples=80, quiet=True)
    own = lengths_of(load_recipe(str(run.folder / "recipe.toml")))
    assert sum(own) == 80
    assert 80 <= run.state.samples < 80 + 8 * len(own)
    assert read_record(run.folder) is None  # nothing but another recipe


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """A text run of 80 samples that has ended."""
    folder = tmp_path_factory.mktemp("ended") / "run"
    name = "text/surnames"
    multigan.train(name, run=folder, overrides=[*SMALL[name], *BRIEF], samples=80, quiet=True)
    return folder


def test_a_run_that_tells_how_long_it_takes_ends_with_the_same_bits(ended, tmp_path, capsys):
    overrides = [*SMALL["text/surnames"], *BRIEF]
    multigan.train("text/surnames", run=tmp_path / "run", overrides=overrides, samples=80)
    assert same(tmp_path / "run", ended)
    assert "first 49 samples in pretrain" in capsys.readouterr().err


@pytest.fixture(scope="module")
def longer(ended, tmp_path_factory):
    """The same run, lengthened to 160 samples."""
    folder = tmp_path_factory.mktemp("longer") / "run"
    shutil.copytree(ended, folder)
    multigan.resume(folder, samples=160, quiet=True)
    return folder


def test_a_run_that_has_ended_is_lengthened(ended, longer):
    begun, recipe = (load_recipe(str(folder / "recipe.toml")) for folder in (ended, longer))
    assert lengths_of(begun) == (49, 31)
    assert lengths_of(recipe) == (49, 104)  # seven batches of eight were trained in the first phase
    rows = read_metrics(longer / "metrics.jsonl")
    assert rows[-1]["samples"] == 160
    assert rows[: len(read_metrics(ended / "metrics.jsonl"))] == read_metrics(ended / "metrics.jsonl")
    assert read_record(longer).lines == ("going on from 88 samples: about 72 samples more, 160 in all",)
    assert multigan.load(longer).generate(2, seed=0)
    assert as_begun(longer, recipe) == as_begun(ended, begun) == begun


def test_killed_at_once_a_lengthened_run_is_lengthened_all_the_same(ended, longer, tmp_path):
    shutil.copytree(ended, tmp_path / "run")
    for name in ("budget.json", "recipe.toml"):
        shutil.copy(longer / name, tmp_path / "run" / name)
        if name == "budget.json":  # killed between the two
            assert as_begun(tmp_path / "run", load_recipe(str(ended / "recipe.toml"))) is not None
    multigan.resume(tmp_path / "run", quiet=True)
    assert same(tmp_path / "run", longer)


def test_killed_on_the_way_it_ends_bit_for_bit_the_same(longer, tmp_path):
    shutil.copytree(longer, tmp_path / "run")
    shutil.rmtree(sorted((tmp_path / "run" / "checkpoints").glob("step-*"))[-1])
    multigan.resume(tmp_path / "run", quiet=True)
    assert same(tmp_path / "run", longer)


def test_a_lengthened_run_may_be_lengthened_again_also_by_minutes(longer, tmp_path):
    shutil.copytree(longer, tmp_path / "run")
    clock = Ticking()
    done = resume_within(Budget(minutes=0.1, clock=clock), tmp_path / "run", quiet=True)
    assert done.state.samples > 160
    assert clock.now < 1000 + 6 * 1.2
    assert len(read_record(tmp_path / "run").lines) == 2


def test_minutes_that_are_over_at_once_change_nothing(ended):
    before = {path: path.read_bytes() for path in ended.rglob("*") if path.is_file()}
    with pytest.raises(RunError, match="were over when everything was read"):
        resume_within(Budget(minutes=0.01, clock=Ticking()), ended, quiet=True)
    assert {path: path.read_bytes() for path in ended.rglob("*") if path.is_file()} == before


def test_minutes_that_are_nearly_over_do_not_cut_a_plan_short(longer, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(longer, folder)
    path = folder / "recipe.toml"
    path.write_text(dumps(with_lengths(load_recipe(str(path)), (49, 100_000))))
    write_record(folder, read_record(folder).lengthened((49, 100_000)))
    before = path.read_bytes()
    with pytest.raises(RunError, match="nearly over when everything was read, and 99,889 samples of its plan would"):
        resume_within(Budget(minutes=1, clock=Ticking(), began=1000.0 - 50), folder, quiet=True)
    assert path.read_bytes() == before
    assert read_record(folder).minutes is None


def test_what_is_done_already_is_no_length(ended):
    with pytest.raises(RunError, match="has trained 88 samples already"):
        multigan.resume(ended, samples=80, quiet=True)


def test_a_recipe_that_was_edited_by_hand_is_not_one_that_was_lengthened(longer, tmp_path):
    shutil.copytree(longer, tmp_path / "run")
    path = tmp_path / "run" / "recipe.toml"
    path.write_text(dumps(with_lengths(load_recipe(str(path)), (8, 8))))
    with pytest.raises(CheckpointError, match="another recipe"):
        multigan.resume(tmp_path / "run", quiet=True)


def test_processes_end_at_the_same_step_whatever_their_clocks_say(torchrun, tmp_path):
    torchrun(Path(__file__).with_name("pace_worker.py"), 2, tmp_path / "run")
    one, other = (json.loads((tmp_path / "run" / f"ended-rank{rank}.json").read_text()) for rank in (0, 1))
    assert one == other
    assert one["phase"] == 1


def test_a_run_for_which_more_time_is_of_no_use_ends_early_and_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    asked = []

    def no_use(clinic, since):
        asked.append(since)
        return "it knows all by heart" if len(asked) > 1 else ""

    monkeypatch.setattr(Clinic, "no_use", no_use)
    clock = Ticking()
    sets = [*SMALL["points/ring"], *BRIEF]
    run = train_within(Budget(minutes=0.2, clock=clock), "points/ring", run=tmp_path / "run", overrides=sets)
    said = " ".join(capsys.readouterr().err.split())
    assert clock.now - 1000 < 9  # of 12 seconds
    assert said.count("it ends early: it knows all by heart; the best one is kept") == 1
    assert "--resume" in said
    assert set(asked) == {0}
    assert sum(lengths_of(load_recipe(str(run.folder / "recipe.toml")))) == pytest.approx(run.state.samples, abs=16)


def test_a_phase_whose_length_was_set_keeps_it_whatever_the_minutes(tmp_path):
    name = load_recipe("text/surnames").phases[0].name
    sets = [*SMALL["text/surnames"], *BRIEF, f"phases.{name}.samples=64", "train.samples=80"]
    run = train_within(Budget(minutes=0.2, clock=Ticking()), "text/surnames", run=tmp_path / "r", overrides=sets)
    record = read_record(run.folder)
    assert record.fixed == (0,)
    first, game = lengths_of(load_recipe(str(run.folder / "recipe.toml")))
    assert first == 64
    assert game > 80
    assert "64 samples, as set, in" in record.lines[0]
    assert "train.samples = 80 is not kept" in record.lines[0]


def test_a_run_with_minutes_that_is_stopped_is_as_long_for_its_readers_as_it_was_for_itself():
    """The doctor read the lengths of the first probe: 17 % done of what had been said to be 25 %."""
    recipe = load_recipe("points/ring", [*SMALL["points/ring"], *BRIEF, "train.samples=800"])
    trainer = build_trainer(recipe, build_data(recipe))
    record = Record((800,), ((800,),), minutes=1.0)
    assert _come_to(record, trainer) is None
    stretch(trainer, (400,))
    assert _come_to(record, trainer).written[-1] == stretched_lengths(trainer) == (400,)

import json
import random
import shutil

import pytest
import torch
from safetensors.torch import load_file

import multigan
from multigan.core.errors import RecipeError
from multigan.doctor.likeliest import FILE, Likeliest
from multigan.doctor.likelihood import likelihood_left
from multigan.pace.record import read_record
from multigan.recipe.recipe import load_recipe
from multigan.run.ledger import read_metrics

PHASES = "phases=[{name='pretrain', turns=['mle'], samples=%d, lr=2e-2, patience=%d}]"
SMALL = ["G.hidden=32", "D.filters=4", "train.batch=8", "train.samples=80", "train.sheets=0", "train.report=false"]
SMALL += ["train.vitals=10", "train.checkpoints=12", "data.holdout=16", "train.ema_halflife_samples=80"]
SOURCE = "data.source=%s/lines.txt"
UNSEEN = "vitals/surprise_unseen"


def trained(folder, samples=2400, patience=2, more=()):
    """A run on sixty lines without any rule, which can be learnt by heart alone."""
    letters = random.Random(0)
    lines = ["".join(letters.choices("abcdefgh", k=10)) for _ in range(60)]
    (folder / "lines.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    overrides = [SOURCE % folder, *SMALL, PHASES % (samples, patience), *more]
    multigan.train("text/file", run=folder / "run", overrides=overrides)
    return folder / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One that ended its likelihood early."""
    return trained(tmp_path_factory.mktemp("likeliest"))


def weights(run, name="generator"):
    return load_file(run / name / "generator.safetensors")


def equal(one, other):
    return set(one) == set(other) and all(torch.equal(one[name], other[name]) for name in one)


def measured(run):
    return [row for row in read_metrics(run / "metrics.jsonl") if UNSEEN in row]


def test_likelihood_ends_when_held_out_items_grow_no_likelier_and_says_so(run):
    likelihood = [row for row in measured(run) if row["phase"] == "pretrain" and row["step"]]
    best = min(likelihood, key=lambda row: row[UNSEEN])
    assert len(likelihood) - 1 - likelihood.index(best) == 2
    assert likelihood[-1]["samples"] < 2400
    (line,) = json.loads((run / "run.json").read_text())["budget"]
    assert line.startswith(f"pretrain ends early, after {likelihood[-1]['samples']:,} samples: held-out items were lik")
    lengths = load_recipe(str(run / "recipe.toml")).phases[0].samples, load_recipe(str(run / "recipe.toml")).train
    assert likelihood[-1]["samples"] < lengths[0] <= likelihood[-1]["samples"] + 8
    assert lengths[1].samples == 80
    assert read_metrics(run / "metrics.jsonl")[-1]["samples"] == likelihood[-1]["samples"] + 8 + 80


def test_what_follows_begins_with_what_was_best(run):
    assert equal(load_file(run / FILE), weights(run, "generator-mle"))
    after = next(row for row in measured(run) if row["phase"] != "pretrain")
    assert after[UNSEEN] == pytest.approx(min(row[UNSEEN] for row in measured(run)), abs=0.1)


def test_killed_anywhere_it_ends_bit_for_bit_the_same(run, tmp_path):
    whole = trained(tmp_path, more=["train.checkpoints=1000"])
    steps = sorted((whole / "checkpoints").glob("step-*"))
    assert equal(weights(whole), weights(run))  # how often it is saved changes nothing
    shutil.rmtree(steps[-1])
    multigan.resume(whole, quiet=True)
    assert equal(weights(whole), weights(run))


@pytest.mark.parametrize("after", [1, 0])
def test_killed_around_the_early_end_it_ends_bit_for_bit_the_same(after, run, tmp_path, monkeypatch):
    """The last checkpoint is that of the step that ended the phase, or of the first after it."""
    done = Likeliest.stepped
    rows = [row for row in measured(run) if row["phase"] == "pretrain"]

    def killed(self, trainer, parts):
        done(self, trainer, parts)
        if trainer.state.step == rows[-1]["step"] + 1 + after:
            raise KeyboardInterrupt

    monkeypatch.setattr(Likeliest, "stepped", killed)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, more=["train.checkpoints=1000"])
    monkeypatch.undo()
    multigan.resume(tmp_path / "run", quiet=True)
    assert equal(weights(tmp_path / "run"), weights(run))
    assert len(read_record(tmp_path / "run").lines) == 1


def test_stopped_after_the_early_end_its_lengths_are_known_and_it_goes_on_to_the_same_bits(run, tmp_path, monkeypatch):
    done = Likeliest.stepped

    def stopped(self, trainer, parts):
        done(self, trainer, parts)
        trainer.stopping = trainer.state.phase == 1

    monkeypatch.setattr(Likeliest, "stepped", stopped)
    folder = trained(tmp_path)
    monkeypatch.undo()
    assert load_recipe(str(folder / "recipe.toml")) == load_recipe(str(run / "recipe.toml"), [SOURCE % tmp_path])
    assert likelihood_left(folder) == 0
    multigan.resume(folder, quiet=True)
    assert equal(weights(folder), weights(run))


def test_a_run_that_ended_early_is_finished_and_may_be_lengthened(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    multigan.resume(tmp_path / "run", quiet=True)
    assert equal(weights(tmp_path / "run"), weights(run))
    samples = read_metrics(run / "metrics.jsonl")[-1]["samples"]
    assert multigan.resume(tmp_path / "run", samples=samples + 40, quiet=True).state.samples == samples + 40


def test_patience_that_is_not_used_up_ends_nothing(tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    patient, plain = trained(tmp_path / "a", 480, 1000), trained(tmp_path / "b", 480, 1000, ["train.vitals=0"])
    rows = [row[UNSEEN] for row in measured(patient) if row["phase"] == "pretrain" and row["step"]]
    assert rows == sorted(rows, reverse=True)
    assert equal(weights(patient), weights(plain))
    assert read_record(patient) is None


def test_the_game_begins_with_the_averaged_generator(tmp_path, monkeypatch):
    begun, done = [], Likeliest.stepped

    def seen(self, trainer, parts):
        done(self, trainer, parts)
        if trainer.state.phase == 1 and not trainer.state.phase_step:
            begun.append({name: value.clone() for name, value in trainer.game.players["G"].state_dict().items()})

    monkeypatch.setattr(Likeliest, "stepped", seen)
    run = trained(tmp_path, 480, 1000)
    assert equal(begun[0], weights(run, "generator-mle"))


def test_weights_that_cannot_be_read_cost_the_best_and_not_the_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("multigan.doctor.likeliest.load_tensors", lambda path: {})
    trained(tmp_path)
    assert f"{FILE} cannot be read, so what follows begins with the last weights" in capsys.readouterr().err


def test_without_held_out_items_a_line_says_that_nothing_ends_early(tmp_path, capsys):
    trained(tmp_path, 160, 2, ["data.holdout=0"])
    assert "and no earlier: how likely held-out items are was not measured" in capsys.readouterr().err


def test_patience_is_for_likelihood_alone():
    with pytest.raises(RecipeError, match="for likelihood alone"):
        load_recipe("text/file", ["phases=[{name='a', turns=['d', 'g'], samples=9, patience=2}]"])

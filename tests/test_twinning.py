"""The twin of a run: as many updates of G, no adversary, and its place in the evaluation."""

import json
import shutil

import pytest

import multigan
from multigan.core.errors import RunError, UnsupportedError, WriteError
from multigan.evaluation.run import evaluate
from multigan.evaluation.subject import load_subject
from multigan.evaluation.translated import GENERATOR, bought, pairs_of, systems_of
from multigan.generator.generator import load
from multigan.generator.twin import FIT, TWIN, twin_of
from multigan.recipe.recipe import load_recipe
from multigan.report.write import write_report
from multigan.run.lock import RunLock
from multigan.twinning import Updates, twin, twin_recipe, updates_of
from tests.tiny_writer import WRITER

SMALL = [*WRITER, "train.report=false"]
SETS = [*SMALL, "data.n=120", "data.vocab=80", "train.batch=8", "train.vitals=0", "train.sheets=0", "data.holdout=32"]
SETS += ['phases=[{name="fit", turns=["fit"], samples=64, lr=3e-3}]', "train.samples=48"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reply") / "run"
    multigan.train("text/reply", run=folder, overrides=SETS, quiet=True)
    return folder


@pytest.fixture(scope="module")
def twinned(folder, tmp_path_factory):
    run = tmp_path_factory.mktemp("twin") / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    twin(run, quiet=True)
    return run


def test_updates_are_counted_turn_by_turn(folder):
    found = updates_of(folder)
    # 8 of the fit; 6 rounds of one turn of G and one of likelihood
    assert (found.phases, found.total) == ((8, 12), 20)
    assert found.seconds > 0


def test_its_recipe_is_the_fit_alone_at_the_rate_of_the_phase(folder):
    recipe = load_recipe(str(folder / "recipe.toml"))
    made = twin_recipe(recipe, Updates((8, 12), 1.0))
    assert (made.game.name, made.phases, made.train.samples) == ("fitting", (), 160)
    assert made.optim.for_player("G")["lr"] == 3e-3
    assert made.optim.for_player("D")["lr"] == recipe.optim.for_player("D")["lr"]
    assert (made.G, made.data, made.input) == (recipe.G, recipe.data, recipe.input)
    other = [phase.model_copy(update={"name": "before", "turns": ("denoise",)}) for phase in recipe.phases]
    kept = twin_recipe(recipe.model_copy(update={"phases": (*other, *recipe.phases)}), Updates((3, 8, 12), 1.0))
    assert [phase.name for phase in kept.phases] == ["before"]
    assert kept.train.samples == 160
    alone = twin_recipe(recipe.model_copy(update={"phases": ()}), Updates((12,), 1.0))
    assert alone.train.samples == 96


def test_it_has_had_as_many_updates_and_no_adversary(twinned):
    found = updates_of(twinned / "twin")
    assert found.total == 20
    said = json.loads((twinned / "twin" / "twin.json").read_text())
    assert (said["updates"], said["of"]) == (20, load(twinned, "last").config["weights_sha256"])
    assert load(twinned / "twin", "last").config["samples_seen"] == 160
    names = {
        name for line in (twinned / "twin" / "metrics.jsonl").read_text().splitlines() for name in json.loads(line)
    }
    assert not {"loss/D", "reward/G"} & names


def test_evaluate_puts_it_beside_the_generator(twinned):
    found = evaluate(twinned, cache=False)
    assert list(found.curves["translation"]["systems"])[-2:] == [FIT, TWIN]
    assert GENERATOR in found.curves["translation"]["systems"]
    assert "its twin of as many updates" in found.verdict[0]
    subject = load_subject(twinned, "last")
    few = pairs_of(subject, 10)
    said = "what the adversary bought cannot be told by 10 pairs: 30 are needed"
    assert bought(subject, few, systems_of(subject, few, 0)) == [said]
    assert "20 updates of G" in found.curves["translation"]["notes"][TWIN]
    assert "twin: " in found.score("bleu").note


def test_once_more_it_is_left_as_it_is(twinned):
    before = (twinned / "twin" / "generator" / "generator.safetensors").read_bytes()
    twin(twinned, quiet=True)
    assert (twinned / "twin" / "generator" / "generator.safetensors").read_bytes() == before


def test_one_that_was_stopped_goes_on_to_the_same(folder, twinned, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    from multigan.engine.trainer import Trainer

    class Stop(Exception):
        pass

    update, seen = Trainer.update, []

    def stopping(self, *given, **named):
        seen.append(1)
        if len(seen) == 14:
            raise Stop
        return update(self, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "update", stopping)
        with pytest.raises(Stop):
            twin(run, quiet=True)
    assert not (run / "twin" / "twin.json").exists()
    twin(run, quiet=True)
    a, b = (load(one / "twin", "last").config["weights_sha256"] for one in (run, twinned))
    assert a == b


def test_the_twin_of_a_run_that_went_on_is_no_longer_shown_and_said(twinned, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(twinned, run, ignore=shutil.ignore_patterns(".run-lock"))
    multigan.resume(run, samples=144, quiet=True)
    found = evaluate(run, cache=False)
    assert TWIN not in found.curves["translation"]["systems"]
    assert any("as the run has gone on since: remove it" in line for line in found.warnings)
    with pytest.raises(RunError, match="the twin of another state of the run: 20 updates") as said:
        twin(run, quiet=True)
    assert "rm -r" in said.value.fix


def test_a_twin_that_was_trained_for_longer_is_no_longer_shown_as_equal(twinned, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(twinned, run, ignore=shutil.ignore_patterns(".run-lock"))
    multigan.resume(run / "twin", samples=240, quiet=True)
    found = evaluate(run, cache=False)
    assert TWIN not in found.curves["translation"]["systems"]
    assert any("as it was trained for longer than the run" in line for line in found.warnings)


def test_damaged_weights_are_said_in_the_same_words_by_all(twinned, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(twinned, run, ignore=shutil.ignore_patterns(".run-lock"))
    weights = run / "twin" / "generator" / "generator.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"xx")
    said = f"the twin in {run / 'twin'} is damaged ({weights} is damaged"
    cure = f"remove it (rm -r {run / 'twin'}), then type multigan twin {run}"
    with pytest.raises(RunError, match="is damaged") as refused:
        twin(run, quiet=True)
    assert refused.value.given.startswith(said)
    assert refused.value.fix == cure
    (warning,) = [line for line in evaluate(run, cache=False).warnings if "twin" in line]
    assert warning.startswith(said)
    assert warning.endswith(cure)
    page = write_report(run).read_text()
    assert said in page
    assert cure in page
    weights.write_bytes(whole)
    (run / "generator" / "generator.safetensors").write_bytes(b"xx")
    assert twin_of(run).left_out.startswith(f"the twin in {run / 'twin'} is left out, as the run's last generator")


def test_its_weights_are_read_once(twinned, monkeypatch):
    read = []
    once = load

    def counted(place, which=None, *given):
        read.append((place.name, which))
        return once(place, which, *given)

    monkeypatch.setattr("multigan.generator.twin.load", counted)
    evaluate(twinned, cache=False)
    assert read == [("twin", "last"), ("run", "last")]
    read.clear()
    write_report(twinned)
    assert read == [("twin", "last"), ("run", "last")]


def test_beside_a_training_it_says_that_the_run_has_to_end_first(folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    lock = RunLock.take(run)
    try:
        with pytest.raises(RunError, match="trains just now") as said:
            twin(run)
    finally:
        lock.release()
    assert said.value.fix.endswith(f"then type multigan twin {run}")
    assert not (run / "twin").exists()


def test_seconds_are_those_of_all_sittings(folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    rows = [{"step": k, "seconds": seconds} for k, seconds in enumerate((40.0, 100.0, 3.0, 50.5, 1.0, 2.0))]
    (run / "metrics.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert updates_of(run).seconds == 152.5
    (run / "metrics.jsonl").unlink()
    assert updates_of(run).seconds == json.loads((run / "run.json").read_text())["seconds"]


def test_what_has_no_twin_says_so(folder, tmp_path, short_ring):
    with pytest.raises(UnsupportedError, match="makes samples of nothing"):
        twin(short_ring)
    with pytest.raises(RunError, match="no run directory"):
        twin(tmp_path)
    run = tmp_path / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    (run / "run.json").unlink()
    with pytest.raises(RunError, match="no sitting of it has ended"):
        twin(run)


def test_where_the_run_cannot_be_written_no_option_is_offered_that_there_is_not(folder, tmp_path, no_room):
    run = tmp_path / "run"
    shutil.copytree(folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    with no_room(), pytest.raises(WriteError, match=r"make .* writable, or copy the run") as refused:
        twin(run, quiet=True)
    assert "--out" not in str(refused.value)
    (run / "twin").mkdir()
    (run / "twin" / "mine.txt").write_text("notes")
    with pytest.raises(RunError, match=r"is there and is no twin.*mv ") as refused:
        twin(run, quiet=True)
    assert "--out" not in str(refused.value)


def test_of_pictures_it_is_the_matching_terms_alone(negatives, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(negatives.folder, run, ignore=shutil.ignore_patterns(".run-lock"))
    made = twin(run, quiet=True)
    assert updates_of(run).total == updates_of(made.folder).total
    found = evaluate(run, cache=False)
    assert TWIN in found.curves["translation"]["systems"]
    assert "twin" in write_report(run).read_text()

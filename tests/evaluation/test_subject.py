"""What is opened, and that the split is that of training."""

import json
import shutil

import pytest
import torch

from multigan.build import build_data, build_split
from multigan.core.errors import DataError, RunError
from multigan.evaluation.subject import load_subject
from multigan.recipe.recipe import load_recipe


def test_the_split_is_that_of_training_and_the_twin_is_untrained(ring):
    subject = load_subject(ring, "last")
    recipe = load_recipe(str(ring / "recipe.toml"))
    split = build_split(recipe, build_data(recipe))
    assert torch.equal(subject.split.held_out, split.held_out)
    assert not set(split.held_out.tolist()) & set(subject.split.train.tolist())
    trained, blank = subject.generator.net.state_dict(), subject.untrained.net.state_dict()
    assert trained.keys() == blank.keys()
    assert any(not torch.equal(trained[key], blank[key]) for key in trained)
    assert subject.warnings == ()


def test_data_may_say_more_of_itself_than_when_the_run_was_trained_and_nothing_else(digits, copy_of):
    run = copy_of(digits)
    for folder in ("generator", "generator-best"):
        config = run / folder / "config.json"
        kept = json.loads(config.read_text())
        assert kept["spec"]["meta"] == {"enlarged": 2}
        config.write_text(json.dumps({**kept, "spec": {**kept["spec"], "meta": {}}}))
    assert load_subject(run, "last").data.spec.meta == {"enlarged": 2}
    config.write_text(json.dumps({**kept, "spec": {**kept["spec"], "meta": {"enlarged": 4}}}))
    with pytest.raises(DataError, match="is another"):
        load_subject(run, "best")


def test_the_other_generator_is_offered_where_it_is_another(ring, copy_of):
    run = copy_of(ring)
    shutil.rmtree(run / "generator-best")
    assert load_subject(run, "last").other == ""
    shutil.copytree(run / "generator", run / "generator-best")
    assert load_subject(run, "last").other == ""
    config = run / "generator-best" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "weights_sha256": "0" * 64}))
    assert load_subject(run, "last").other == "of the best one: --which best"


def test_reals_are_the_items_in_the_space_of_fakes(ring):
    subject = load_subject(ring, "last")
    items = torch.tensor([5, 3])
    expected = subject.generator.modality.to_real(subject.data.items.points[items], subject.data.spec)
    torch.testing.assert_close(torch.cat(list(subject.reals(items))), expected)


def test_data_of_an_old_run_that_reads_differently_is_warned_of(ring, copy_of):
    run = copy_of(ring)
    (run / "data.json").unlink()
    facts = json.loads((run / "run.json").read_text())
    assert load_subject(run, "last").warnings == ()
    assert facts["counts"] == {"items": len(load_subject(run, "last").data.items)}
    for changes in ({"counts": {"items": 3999}}, {"counts": None, "data": ["ring: 3,999 points drawn"]}):
        (run / "run.json").write_text(json.dumps({**facts, **changes}))
        assert "reads differently than in training" in load_subject(run, "last").warnings[0]
    (run / "run.json").write_text(json.dumps({**facts, "counts": None}))
    assert load_subject(run, "last").warnings == ()


def test_a_missing_best_generator_is_said_and_missing_data_too(ring, copy_of, tmp_path):
    import shutil

    run = copy_of(ring)
    shutil.rmtree(run / "generator-best")
    assert "the last one is evaluated" in load_subject(run, "best").warnings[0]
    with pytest.raises(DataError, match="looked in "):
        load_subject(run, "last", tmp_path / "gone")
    with pytest.raises(RunError, match="no run directory"):
        load_subject(tmp_path / "none", "last")


def test_a_run_that_keeps_its_last_generator_alone_is_not_warned_of_unless_the_best_is_asked_for(ring, copy_of):
    run = copy_of(ring)
    shutil.rmtree(run / "generator-best", ignore_errors=True)
    assert not load_subject(run, None).warnings
    assert load_subject(run, None).which == "last"
    assert load_subject(run, "best").warnings == ("the run kept no best generator: the last one is evaluated",)
    shutil.copytree(run / "generator", run / "generator-best")
    assert load_subject(run, None).which == "best"

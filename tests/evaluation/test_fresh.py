"""The fresh judge of a run, on generators with planted faults."""

import json
import shutil

import torch

from multigan.cli.evaluate import told
from multigan.evaluation.fresh import fresh_judge
from multigan.evaluation.run import evaluate
from multigan.evaluation.subject import load_subject
from multigan.judge.bar import FAR


def reals(subject):
    return torch.cat(list(subject.reals(subject.split.train)))


def test_reals_in_the_place_of_fakes_pass_and_the_untrained_generator_does_not(digits, plant):
    plant(reals)
    found = evaluate(digits, samples=300, cache=False)
    score = found.score("judge")
    assert score.low <= 0.5 <= score.high
    assert score.baseline > FAR
    assert abs(score.floor - 0.5) < 0.1
    assert (score.n_fake, score.n_real) == (300, 300)
    assert found.facts["health"]["name"] == "memorising"  # they are trained items
    assert "still-far" not in found.flags


def test_noise_on_reals_is_seen_and_the_file_says_which_gave_it_away(digits, plant):
    plant(reals, noise=0.5)
    evaluate(digits, samples=300, cache=False)
    written = json.loads((digits / "evaluation.json").read_text())
    assert written["health"]["name"] == "too short to say"  # after 50 batches
    assert "above the bar" in written["health"]["why"][1]
    assert "50 batches" in written["flags"]["too-short"]
    shown = written["judge"]
    assert (shown["bar"], shown["drawn"], shown["compared_with"]) == (FAR, 300, "held-out")
    logits = [one["logit"] for one in shown["giveaways"]]
    assert logits == sorted(logits)
    assert all(0 <= one["fake"] < 300 for one in shown["giveaways"])


def test_few_are_judged_and_fewer_are_not(digits):
    subject = load_subject(digits, "last")
    found = fresh_judge(subject, 64, 0)
    assert found.score is not None
    assert found.score.n_fake == 64
    few = fresh_judge(subject, 40, 0)
    assert few.score is None
    assert few.untold == "40 reals a side: a judge needs 60"


def test_which_generator_was_judged_is_said_and_how_to_get_the_other(digits, copy_of):
    run = copy_of(digits)
    shutil.copytree(run / "generator", run / "generator-best", dirs_exist_ok=True)
    folders = {"last": run / "generator", "best": run / "generator-best"}
    for which, other in (("last", "best"), ("best", "last")):
        config = folders[other] / "config.json"
        as_it_is = config.read_text()
        config.write_text(json.dumps({**json.loads(as_it_is), "weights_sha256": "0" * 64}))  # as of other weights
        found = evaluate(run, samples=128, which=which, cache=False)
        config.write_text(as_it_is)
        line = " ".join(found.facts["health"]["why"])
        assert f"of reals and fakes of the {which} generator rightly" in line
        assert f"(of the {other} one: --which {other})" in line
        assert told(found)[0].startswith(f"{run.name}: {which} generator (of the {other} one: --which {other}), ")
    assert "--which" not in " ".join(told(evaluate(run, samples=128, cache=False)))  # they are the same
    shutil.rmtree(run / "generator-best")
    found = evaluate(run, samples=128, cache=False)
    assert "fakes of the last generator" in " ".join(found.facts["health"]["why"])
    assert "--which" not in " ".join(told(found))

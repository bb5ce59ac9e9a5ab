"""Two generators of a run, or one under two names."""

import json

from multigan.generator.kept import other_kept
from multigan.training import train


def test_another_generator_is_one_of_other_weights(tmp_path):
    run = train(
        "points/ring", run=tmp_path / "run", overrides=["train.samples=320", "train.vitals=2"], quiet=True
    ).folder
    config = run / "generator-best" / "config.json"
    best = json.loads(config.read_text())
    best["weights_sha256"] = "b" * 64
    config.write_text(json.dumps(best))
    last = json.loads((run / "generator" / "config.json").read_text())["weights_sha256"]
    assert other_kept(run, "last", last) == "best"
    assert other_kept(run, "last", "b" * 64) == ""
    assert other_kept(run, "best", "b" * 64) == "last"
    config.write_text("{")
    assert other_kept(run, "last", last) == "best"  # loading it says what is wrong
    config.unlink()
    assert other_kept(run, "last", last) == ""

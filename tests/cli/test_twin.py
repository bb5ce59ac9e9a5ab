"""`multigan twin` as typed."""

from tests.tiny_writer import WRITER


def test_a_twin_is_trained_and_said_what_to_type(multigan, tmp_path):
    run, small = tmp_path / "run", [*WRITER]
    small += ["data.n=60", "data.vocab=60", "data.holdout=8", "train.batch=8", "train.samples=16", "train.vitals=0"]
    small += ['phases=[{name="fit", turns=["fit"], samples=16}]', "train.report=false", "train.sheets=0"]
    done = multigan("train", "text/reply", "--out", run, *(word for one in small for word in ("--set", one)))
    assert done.returncode == 0, done.stderr
    done = multigan("twin", run)
    assert done.returncode == 0, done.stderr
    assert f"next: multigan evaluate {run}" in done.stdout
    done = multigan("apply", run / "twin", "good morning")
    assert done.returncode == 0, done.stderr


def test_what_has_none_is_refused_with_exit_code_2(multigan, run):
    done = multigan("twin", run)
    assert done.returncode == 2
    assert "makes samples of nothing" in done.stderr

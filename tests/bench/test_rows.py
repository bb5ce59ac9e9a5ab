import json

import pytest
import torch

from multigan.bench.configs import CONFIGS, config
from multigan.bench.rows import Results, jobs, train_and_count
from multigan.bench.sets import SETS, yardstick
from multigan.core.errors import RunError, UnknownNameError

RING = SETS["ring"]
TINY = ["train.samples=512", "G.width=8", "D.width=8", "data.n=500"]


def plan(*names, seeds=1, common=TINY):
    return list(jobs(RING, [config(name) for name in names], seeds, common, 100))


def test_jobs_are_sorted_by_seed_and_skip_nets_of_pictures():
    found = plan(*CONFIGS, seeds=2)
    assert [job.seed for job in found] == sorted(job.seed for job in found)
    assert {job.config.name for job in found} == {name for name, c in CONFIGS.items() if not c.only_pictures}
    assert {job.recipe.train.seed for job in found} == {0, 1}


def test_wrong_overrides_are_found_before_training():
    with pytest.raises(UnknownNameError):
        plan("default", common=["game.loss=hing"])


def test_a_row_is_a_function_of_its_job():
    yard = yardstick(RING, TINY, 100)
    one, two, other = (train_and_count(job, yard) for job in (*plan("default"), *plan("default"), *plan("hinge")))
    one.pop("seconds"), two.pop("seconds"), other.pop("seconds")
    assert one == two
    assert one["fingerprint"] != other["fingerprint"]
    assert set(one) == {"set", "config", "seed", "samples", "fingerprint", "modes", "high_quality", "reverse_kl"}


def test_a_run_that_diverges_is_a_row(monkeypatch):
    (job,) = plan("default", common=[*TINY, "optim.lr=1e30", "optim.name=sgd"])
    row = train_and_count(job, yardstick(RING, TINY, 100))
    assert "not finite" in row["diverged"]
    assert "modes" not in row


def test_results_are_kept_found_and_never_mixed_up(tmp_path):
    (job,), (other,) = plan("default"), plan("default", common=[*TINY, "optim.lr=1e-4"])
    results = Results(tmp_path / "new" / "r.json")
    results.note("ring", {"samples": 100})
    results.add({**job.key(), "modes": 3})
    again = Results(tmp_path / "new" / "r.json")
    assert again.find(job)["modes"] == 3
    assert again.find(other) is None
    assert again.sets == {"ring": {"samples": 100}}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["r.json"]


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"rows": 3, "sets": {}}), '{"rows": []}'])
def test_other_files_are_not_overwritten(tmp_path, text):
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(RunError, match="no results of this bench"):
        Results(tmp_path / "r.json")
    assert (tmp_path / "r.json").read_text() == text


def test_samples_come_from_the_average_in_whole_chunks():
    yard = yardstick(RING, TINY, 100)
    seen = []
    spy = type(yard)(yard.data, lambda x: seen.append(x) or {"modes": 0, "reverse_kl": 0.0}, 100, yard.floor, {})
    train_and_count(plan("default")[0], spy)
    assert seen[0].shape == (100, 2)
    assert torch.isfinite(seen[0]).all()

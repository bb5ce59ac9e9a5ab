import io

import pytest
from rich.console import Console

from multigan.bench import modes as bench
from multigan.bench.configs import config
from multigan.bench.modes import ModeBench, _to_go
from multigan.bench.rows import Results
from multigan.bench.sets import SETS
from multigan.core.errors import DataError, RecipeError

TINY = ("train.samples=256", "G.width=8", "D.width=8")


def small(*names, seeds=1, kinds=("ring",), more=(), samples=60):
    return ModeBench(
        [SETS[k] for k in kinds], [config(n) for n in names], seeds, samples, overrides=[*TINY, "data.n=500", *more]
    )


def test_a_half_done_file_is_gone_on_with(tmp_path, monkeypatch):
    file, out = tmp_path / "r.json", io.StringIO()
    small("default", "hinge").run(Results(file), Console(file=out, width=120))
    trained = []
    real = bench.train_and_count
    monkeypatch.setattr(bench, "train_and_count", lambda job, yard: trained.append(job) or real(job, yard))
    rows = small("default", "hinge", seeds=2).run(Results(file), Console(file=out, width=120))
    assert [(job.config.name, job.seed) for job in trained] == [("default", 1), ("hinge", 1)]
    assert len(rows) == len(Results(file).rows) == 4
    assert "ring: 8 modes, 60 samples a seed" in out.getvalue()


def test_rows_of_other_recipes_are_kept_but_not_shown(tmp_path):
    file = tmp_path / "r.json"
    small("default").run(Results(file), Console(quiet=True))
    rows = small("default", more=["optim.lr=1e-4"]).run(Results(file), Console(quiet=True))
    assert len(rows) == 1
    assert len(Results(file).rows) == 2


def test_mistakes_in_the_last_set_cost_nothing(monkeypatch):
    monkeypatch.setattr(bench, "train_and_count", lambda *_: pytest.fail("trained"))
    with pytest.raises(DataError, match="--data FOLDER"):
        small("default", kinds=("ring", "stacked-mnist")).run(Results(None), Console(quiet=True))
    with pytest.raises(RecipeError, match="--seeds 0"):
        small("default", seeds=0).run(Results(None), Console(quiet=True))


def test_how_long_it_will_take_is_told_from_the_runs_of_the_same_set():
    results = Results(None)
    plan = small("default", "hinge", seeds=2, kinds=("ring", "grid"))._plan(results)
    assert _to_go(results, plan, []) == ""
    results.add({**plan[0][0].key(), "seconds": 1.0})
    assert _to_go(results, plan, [("ring", 20.0)]) == "; about 60 s to go, then grid"
    assert _to_go(results, plan, [("ring", 20.0), ("grid", 60.0)]) == "; about 5 min to go"

import json

from typer.testing import CliRunner

from multigan.cli.app import app
from multigan.training import train


def test_two_seeds_of_two_recipes(tmp_path):
    folders = []
    for lr in (0.001, 0.002):
        for seed in (0, 1):
            folders.append(str(tmp_path / f"{lr}-{seed}"))
            sets = ["train.samples=300", "train.vitals=1", f"optim.lr={lr}", f"train.seed={seed}", "train.report=false"]
            train("points/ring", run=folders[-1], overrides=sets, quiet=True)
    out = tmp_path / "c.html"
    done = CliRunner().invoke(app, ["compare", *folders, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert done.stderr.splitlines()[-1] == f"page: {out}"
    assert [group["seeds"] for group in found["groups"]] == [[0, 1], [0, 1]]
    assert found["recipe_keys"] == {"optim.lr": [0.001, 0.002]}
    assert 0 < found["differences"][0]["p"] <= 1
    told = CliRunner().invoke(app, ["compare", *folders, "--out", str(out)]).output
    assert "mean ± deviation" in told
    assert told.startswith(f"page: {out}\n")
    assert out.is_file()
    said = CliRunner().invoke(app, ["compare", "--help"]).output
    assert "compare.html in the current folder" in " ".join(said.split())

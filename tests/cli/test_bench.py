import json

import pytest

TINY = ["--set", "train.samples=256", "--set", "G.width=4", "--set", "D.width=4"]


def test_the_bench_prints_writes_and_goes_on(multigan, tmp_path):
    call = ["bench", "modes", "--sets", "ring,stacked-digits", "--configs", "default,dcgan", "--samples", 50, *TINY]
    files = ["--out", tmp_path / "m.json", "--plot", tmp_path / "m.svg"]
    env = {"MULTIGAN_CACHE": str(tmp_path / "cache"), "COLUMNS": "120"}
    done = multigan(*call, *files, env=env)
    assert done.returncode == 0, done.stderr
    assert "ring: 8 modes" in done.stdout
    assert "held-out accuracy" in done.stdout
    rows = json.loads((tmp_path / "m.json").read_text())["rows"]
    assert [(row["set"], row["config"]) for row in rows] == [
        ("ring", "default"),
        ("stacked-digits", "default"),
        ("stacked-digits", "dcgan"),
    ]
    assert (tmp_path / "m.svg").read_text().startswith("<svg")
    assert len(list((tmp_path / "cache").iterdir())) == 1
    again = multigan(*call, *files, env=env)
    assert again.returncode == 0
    assert json.loads((tmp_path / "m.json").read_text())["rows"] == rows


WRONG = [
    (["--sets", "rng"], "did you mean 'ring'"),
    (["--configs", "wasserstein"], "did you mean 'wasserstein+gp'"),
    (["--sets", "stacked-mnist"], "type --data FOLDER"),
    (["--sets", "stacked-mnist", "--data", "empty"], "no readable picture"),
    (["--plot", "m.png"], "type --plot m.svg"),
    (["--seeds", "0"], "'--seeds': 0 was given; expected a whole number of at least 1; type for example --seeds 1"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_bad_input_is_one_line(multigan, tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    done = multigan("bench", "modes", *arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr

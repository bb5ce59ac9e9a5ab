import pytest

WRONG = [
    (["train"], "nothing to train"),
    (["train", "image/digit"], "did you mean 'image/digits'"),
    (["train", "points/ring", "--set", "G.widht=3"], "G.widht is no option here; did you mean 'width'"),
    (["train", "points/ring", "--set", "train.batch"], "table.key=value"),
    (["train", "points/ring", "--set", "data.source=rng"], "no points in 'rng'"),
    (["train", "--resume", "nowhere"], "no run directory"),
    (["train", "points/ring", "--resume", "nowhere"], "leave them away"),
    (["train", "missing.toml"], "no recipe 'missing.toml'"),
    (["train", "empty"], "nothing to train on"),
    (["train", "zero.png"], "zero.png: empty file"),
    (["generate", "nowhere"], "no generator in nowhere"),
    (["provenance", "zero.png"], "carries no label"),
    (["recipes", "show", "x/y"], "no recipe 'x/y'"),
    (["recipes", "cp", "points/ring", "taken.toml"], "exists already"),
    (["recipes", "validate", "points/ring", "--set", "game.loss=hing"], "did you mean 'hinge'"),
    (["trian"], "No such command"),
    (["train", "points/ring", "--out", "taken.toml/run"], "cannot write"),
    (["train", "unp"], "did you mean 'image/unpaired'?"),
    (["train", "empty", "--recipe", "--out", "x"], "--recipe needs a value, and --out follows; type --recipe VALUE"),
    (["train", "points/ring", "--set", "--quiet"], "--set needs a value, and --quiet follows; type --set KEY=VALUE"),
    (["train", "points/ring", "--minutes", "nan"], "nan was given; expected a finite number of at least 0"),
    (["train", "points/ring", "--minutes=inf"], "inf was given; expected a finite number of at least 0"),
    (["train", "points/ring", "--samples", "many"], "many was given; expected a whole number of at least 1"),
    (["train", "points/ring", "--set", "optim.lr=nan"], "optim.lr = nan; expected a finite number above 0"),
    (["chat", "x", "--temperature", "nan"], "nan was given; expected a finite number from 0 to 100"),
    (["generate", "x", "--temperature", "nan"], "nan was given; expected a finite number; type for example --temp"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_bad_input_is_one_line_and_exit_code_two(multigan, tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "zero.png").write_bytes(b"")
    (tmp_path / "taken.toml").write_text("")
    done = multigan(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert not (tmp_path / "runs").exists() or not any((tmp_path / "runs").iterdir())

import json

from PIL import Image


def test_faults_are_told_with_exit_codes_and_as_json(multigan, tmp_path):
    for k in range(10):
        Image.linear_gradient("L").rotate(36 * k).resize((16, 16)).save(tmp_path / f"{k}.png")
    assert multigan("doctor", tmp_path).returncode == 1
    (tmp_path / "bad.png").write_bytes(b"")
    done = multigan("doctor", tmp_path)
    assert done.returncode == 2
    assert "bad.png: empty file" in done.stdout
    report = json.loads(multigan("doctor", tmp_path, "--json").stdout)
    assert report["findings"][0]["name"] == "unreadable"
    assert multigan("doctor", tmp_path / "nowhere").returncode == 2


def test_a_run_gets_its_verdict(multigan, run):
    done = multigan("doctor", run)
    assert done.returncode == 0
    assert done.stdout.startswith("verdict: ")
    assert "multigan " in done.stdout
    assert json.loads(multigan("doctor", run, "--json").stdout)["name"] in done.stdout


def test_the_best_generator_draws(multigan, run, tmp_path):
    assert multigan("generate", run, "--which", "best", "--n", 3, "--out", tmp_path).returncode == 0
    assert list(tmp_path.iterdir())
    wrong = multigan("generate", run, "--which", "bestt", "--out", tmp_path)
    assert wrong.returncode == 2
    assert "did you mean 'best'?" in wrong.stderr

import json


def test_a_walk_and_variations_of_a_run(multigan, run, tmp_path):
    done = multigan("interpolate", run, "--seeds", "0,4:2", "--steps", 3, "--lerp", "--out", tmp_path / "a")
    told = f"using the best generator of {run}; for the last one type --which last\n"
    assert (done.returncode, done.stderr) == (0, told)
    assert multigan("vary", run, "--which", "last", "-n", 2, "--out", tmp_path / "last").stderr == ""
    label = json.loads(multigan("provenance", tmp_path / "a" / "interpolation.png").stdout)
    assert label["verb"] == "interpolate 0,4:2 lerp 3"
    done = multigan("vary", run, "--seed", 3, "--amount", 0.2, "-n", 4, "--out", tmp_path / "b")
    assert (done.returncode, done.stdout) == (0, f"4 samples in {tmp_path / 'b'}: variations.png\n")
    done = multigan("directions", run, "--method", "pca", "-k", 100_000, "--out", tmp_path / "c")
    assert done.returncode == 0, done.stderr
    told, counted = done.stdout.splitlines()
    assert told == "-k 100,000 directions were asked for; z has no more than 2"
    assert counted.startswith("2 directions in ")
    assert (tmp_path / "c" / "directions.safetensors").is_file()


def test_what_is_wrong_is_said(multigan, run, tmp_path):
    for words, answer in {
        ("interpolate", "--seeds", "a,b"): "names no samples",
        ("generate", "--temperature", "0.5"): "no temperature",
    }.items():
        done = multigan(words[0], run, *words[1:], "--out", tmp_path / "no")
        assert done.returncode == 2
        assert answer in done.stderr

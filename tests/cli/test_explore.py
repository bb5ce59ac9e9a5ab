import json


def test_a_walk_and_variations_of_a_run(multigan, run, tmp_path, told_best):
    done = multigan("interpolate", run, "--seeds", "0,4:2", "--steps", 3, "--lerp", "--out", tmp_path / "a")
    assert (done.returncode, done.stderr) == (0, told_best(run))
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


def test_of_several_classes_it_is_said_which_is_shown(multigan, tmp_path):
    small = ["train.samples=16", "train.batch=8", "train.report=false", "train.vitals=0", "G.width=4", "D.width=4"]
    sets = [part for one in small for part in ("--set", one)]
    assert multigan("train", "image/digits", "--out", tmp_path / "run", *sets).returncode == 0
    for verb, more in (("interpolate", ["--steps", 2]), ("vary", ["-n", 2])):
        done = multigan(verb, tmp_path / "run", *more, "--out", tmp_path / verb)
        assert "all of class 0, the first of 10; of another with --label NAME" in done.stderr
        done = multigan(verb, tmp_path / "run", *more, "--label", "2", "--out", tmp_path / f"{verb}-2")
        assert (done.returncode, done.stderr) == (0, "")

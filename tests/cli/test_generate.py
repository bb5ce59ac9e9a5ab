import json


def test_generate_repeats_itself_and_labels_its_files(multigan, run, tmp_path):
    for out in ("a", "b"):
        done = multigan("generate", run, "-n", 5, "--seed", 3, "--out", tmp_path / out)
        assert done.returncode == 0
    (a,), (b,) = (sorted((tmp_path / out).glob("*.csv")) for out in ("a", "b"))
    assert a.read_text() == b.read_text()
    label = json.loads(multigan("provenance", a).stdout)
    assert label["seed"] == "3"
    assert label["generator"] == "ring"
    assert multigan("generate", run, "--sheet", "--out", tmp_path / "sheet").returncode == 0
    assert list((tmp_path / "sheet").glob("*.png"))

import json

from multigan import load, train
from multigan.cli.copies import copies_line

SMALL = ["train.samples=64", "train.report=false", "train.sheets=1", "phases=[]", "G.hidden=8", "D.filters=4"]


def test_copies_are_counted_and_forms_reach_the_files(multigan, tmp_path):
    poems = [f"the {a} sleeps\nunder a {b}" for a in ("gull", "owl", "deer") for b in ("wave", "tree", "moon")] * 4
    (tmp_path / "poems.txt").write_text("\n\n".join(poems))
    run = train(
        "text/poems", run=tmp_path / "run", overrides=[f"data.source={tmp_path / 'poems.txt'}", *SMALL], quiet=True
    )
    generator = load(run.folder)
    mixed = [poems[0], "the gull sleeps\nunder a roof", "nothing of it"]
    assert copies_line(generator, mixed) == "1 of 3 texts stand in the data, 3 of 4 lines"
    words = ["generate", run.folder, "--out", tmp_path / "out", "--n", 5, "--form", "3x2", "--acrostic", "TU"]
    done = multigan(*words)
    assert done.returncode == 0, done.stderr
    assert "of 5 texts stand in the data" in done.stderr
    (path,) = (tmp_path / "out").glob("*.jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [[len(line.split()) for line in row["text"].split("\n")] for row in rows] == [[3, 3]] * 5
    assert rows[0]["provenance"]["form"] == "3x2 words"
    assert rows[0]["provenance"]["acrostic"] == "TU"
    refused = multigan("generate", run.folder, "--out", tmp_path / "no", "--form", "9x9")
    assert refused.returncode == 2
    assert "at most" in refused.stderr
    assert not (tmp_path / "no").exists()
    generator.save_pretrained(tmp_path / "alone")
    assert "out of reach" in copies_line(load(tmp_path / "alone"), mixed)

import json
import re
import shutil

import pytest

from multigan.core.errors import RunError, WriteError
from multigan.plugins import modalities
from multigan.report.write import LIMIT_BYTES, write_report
from multigan.training import train

EVIL = "<script>alert(1)</script>"


def test_a_run_ends_with_a_report(ring):
    html = (ring / "report.html").read_text()
    for title in ("Samples", "Nearest training items", "Curves", "Data", "Time", "Recipe", "Provenance"):
        assert re.search(rf"<h2[^>]*>{title}", html), title
    assert "<script" not in html
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", html)
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", html))


def test_it_can_be_switched_off(tmp_path):
    train("points/ring", run=tmp_path / "r", overrides=["train.samples=200", "train.report=false"], quiet=True)
    assert not (tmp_path / "r" / "report.html").exists()


def test_an_evaluation_is_shown(run, evaluation):
    (run / "evaluation.json").write_text(json.dumps(evaluation))
    html = write_report(run).read_text()
    assert "Fréchet distance" in html
    assert "far above the floor" in html
    assert "Not evaluated yet" not in html


def test_where_the_page_cannot_be_written_a_copy_is_named(run):
    (run / "report.html").unlink()
    (run / "report.html").mkdir()
    with pytest.raises(WriteError, match=f"or work on a copy: cp -r {run} ELSEWHERE && chmod -R u.w ELSEWHERE"):
        write_report(run)


def test_an_evaluation_of_a_generator_that_is_gone_is_said_to_be_that(run, evaluation):
    evaluation["generator"] |= {"weights_sha256": "0" * 64, "samples_seen": 640}
    (run / "evaluation.json").write_text(json.dumps(evaluation))
    html = write_report(run).read_text()
    assert html.count("as it was after 640 samples; type multigan evaluate") == 2  # at the head, and over the scores
    assert "far above the floor" not in html


def test_strings_of_users_stay_text(run, evaluation):
    evaluation["verdict"] = [EVIL]
    evaluation["scores"][0] |= {"title": EVIL, "note": EVIL, "value": None}
    (run / "evaluation.json").write_text(json.dumps(evaluation))
    (run / "verdict.json").write_text(json.dumps({"name": EVIL, "evidence": [EVIL], "command": EVIL}))
    (run / "run.json").write_text(json.dumps({"platform": EVIL, "data": [EVIL]}))
    recipe = (run / "recipe.toml").read_text()
    (run / "recipe.toml").write_text(re.sub(r"^title = .*", f'title = "{EVIL}"', recipe, flags=re.MULTILINE))
    html = write_report(run).read_text()
    assert "<script" not in html.lower()
    assert html.count("&lt;script&gt;") >= 8


def test_lines_of_text_that_are_html_stay_text(tmp_path):
    (tmp_path / "lines.txt").write_text("".join(f"{EVIL} {n % 7} <b>&amp;\n" for n in range(200)))
    overrides = [f"data.source={tmp_path / 'lines.txt'}", "train.samples=128", "train.vitals=0"]
    overrides += ["phases=[]", "G.hidden=16", "D.filters=4"]
    run = train("text/file", run=tmp_path / EVIL.replace("/", "-"), overrides=overrides, quiet=True)
    html = (run.folder / "report.html").read_text()
    assert "<script" not in html
    assert "script" in html


@pytest.mark.parametrize("name", ["run.json", "verdict.json", "metrics.jsonl", "evaluation.json"])
@pytest.mark.parametrize("content", [None, b"\xff{torn", b"[]"])
def test_missing_and_damaged_files_are_survived(run, name, content):
    (run / name).unlink(missing_ok=True)
    if content is not None:
        (run / name).write_bytes(content)
    assert write_report(run).stat().st_size > 10_000


def test_a_run_without_a_generator_or_data_says_so(run):
    shutil.rmtree(run / "generator")
    assert "There is no generator to draw from" in write_report(run).read_text()


def test_no_run_directory(tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        write_report(tmp_path)


def large(size):
    """A modality's own HTML that is `size` bytes long."""
    return lambda self, sample, spec: f"<i>{'x' * size}</i>"


def test_a_modality_with_large_media_stays_within_three_megabytes(run, monkeypatch):
    monkeypatch.setattr(type(modalities.get("points")), "to_html", large(150_000), raising=False)
    html = write_report(run).read_text()
    assert 1_500_000 < len(html.encode()) <= LIMIT_BYTES
    assert html.count("xxx</i>") == 15  # of 12 samples, 8 steps and 6 pairs
    assert "5 samples are left out" in html
    assert "steps are left out" in html
    assert "pairs are left out" in html


def test_media_make_room_for_long_words(run, monkeypatch, evaluation):
    evaluation["verdict"] = ["y" * 1_500_000]
    (run / "evaluation.json").write_text(json.dumps(evaluation))
    monkeypatch.setattr(type(modalities.get("points")), "to_html", large(150_000), raising=False)
    page = write_report(run)
    assert 2_000_000 < page.stat().st_size <= LIMIT_BYTES
    assert "left out" in page.read_text()


def test_a_page_on_own_data_has_its_name_and_no_advice_on_how_to_give_it(run):
    recipe = (run / "recipe.toml").read_text()
    (run / "recipe.toml").write_text(re.sub(r"^source = .*", 'source = "/somewhere/my-points"', recipe, flags=re.M))
    html = write_report(run).read_text()
    assert "<title>my-points – MultiGAN report</title>" in html
    assert re.search(r"<h1[^>]*>my-points</h1>", html)
    assert "by the recipe" in html


def test_a_page_on_built_in_data_is_called_after_the_recipe(run):
    assert re.search(r"<h1[^>]*>ring</h1>", write_report(run).read_text())

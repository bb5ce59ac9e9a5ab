"""The section on a refinement."""

import json
import shutil

from multigan.report.refined import refined


def test_a_run_without_one_has_no_section(short_ring):
    assert not refined(short_ring)


def test_reliability_and_what_to_type(refined_ring):
    page = str(refined(refined_ring))
    assert "Reliability" in page
    assert "multigan evaluate RUN --refined" in page


def test_plain_stands_beside_refined_and_names_are_escaped(refined_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(refined_ring, folder)
    score = {"key": "frechet", "title": "<b>", "value": 0.5, "low": 0.4, "high": 0.6}
    found = {"scores": [score], "refined": {"line": "so many", "plain": [{**score, "value": 0.75}]}}
    (folder / "refined" / "evaluation.json").write_text(json.dumps(found))
    page = str(refined(folder))
    assert "0.75 (0.4 to 0.6)" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_damage_is_a_line(refined_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(refined_ring, folder)
    (folder / "refined" / "evaluation.json").write_text("[")
    assert "Not evaluated yet" in str(refined(folder))
    (folder / "refined" / "refined.json").write_text("{")
    assert "damaged" in str(refined(folder))

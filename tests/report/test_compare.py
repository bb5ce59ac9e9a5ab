import json
import math
import shutil

import pytest
from scipy.stats import ttest_ind

from multigan.core.errors import RunError
from multigan.report.compare import compare
from multigan.report.compare_page import write_comparison


def test_planted_seeds_are_told_apart(write_runs):
    one, other = [1.0, 1.1, 0.9], [2.0, 2.1, 1.9]
    found = compare([*write_runs("0.01", one), *write_runs("0.02", other)])
    assert [len(group.runs) for group in found.groups] == [3, 3]
    (difference,) = found.differences
    assert difference.verdict == "differs"
    assert difference.difference == pytest.approx(1.0)
    assert difference.p == pytest.approx(ttest_ind(one, other, equal_var=False).pvalue)
    assert found.cell(found.groups[0], "s") == "1 ± 0.1 (3)"
    assert found.keys == {"optim.lr": [0.01, 0.02]}
    assert found.warnings == ()


def test_a_difference_within_noise_is_called_that(write_runs):
    found = compare([*write_runs("0.01", [1.0, 2.0, 3.0]), *write_runs("0.02", [1.5, 2.5, 3.5])])
    assert found.differences[0].verdict == "within noise"
    assert "p = " in found.differences[0].reason


@pytest.mark.parametrize(
    ("low", "verdict"), [(1.4, "within noise"), (1.9, "intervals apart"), (None, "cannot be told")]
)
def test_without_seeds_the_intervals_speak_and_seeds_are_missed(write_runs, low, verdict):
    one = write_runs("0.01", [{"value": 1.0, "low": 0.5, "high": 1.5}])
    other = write_runs("0.02", [{"value": 2.0, "low": low, "high": 2.5}])
    (difference,) = compare([*one, *other]).differences
    assert difference.verdict == verdict
    assert "seeds are missing" in difference.reason
    assert math.isnan(difference.p)


def test_other_extractors_are_not_compared_which_is_said_once_and_other_counts_warn(write_runs, tmp_path):
    one = write_runs("0.01", [1.0, 1.1])
    found = compare([*one, *write_runs("0.02", [2.0, 2.1], extractor={"sha256": "other"})])
    assert {one.verdict for one in found.differences} == {"not comparable"}
    told = "\n".join(found.lines())
    assert told.endswith("Score: not comparable")  # where a number would be held against another
    assert told.startswith("no score is comparable: other feature extractors measured them\n")
    page = write_comparison(found, tmp_path / "compare.html").read_text()
    assert page.count("No score is comparable") == 1
    assert "not comparable</td>" in page
    assert "<circle" not in page
    assert "more than noise?" not in page
    found = compare([*one, *write_runs("0.03", [2.0, 2.1], counts={"fake": 99})])
    assert found.differences[0].verdict in ("differs", "within noise")
    assert any("counts" in line for line in found.warnings)
    assert found.lines()[0] == f"warning: {found.warnings[0]}"  # before the rows, which it is about


def test_a_seed_counts_once(write_runs, tmp_path):
    folders = write_runs("0.01", [1.0, 2.0])
    again = shutil.copytree(folders[0], tmp_path / "again")
    found = compare([*folders, again])
    assert [len(group.runs) for group in found.groups] == [2]
    assert "no new seed" in found.warnings[0]


def test_runs_without_scores_are_compared_by_vitals(write_runs):
    folders = [*write_runs("0.01", [1.0]), *write_runs("0.02", [2.0])]
    (folders[0] / "evaluation.json").unlink()
    found = compare(folders)
    assert set(found.titles) == {"vitals/distance"}
    assert "not evaluated" in found.warnings[0]


def test_too_few_and_mixed_runs_are_refused(run, tmp_path):
    with pytest.raises(RunError, match="at least two"):
        compare([run, run])
    other = shutil.copytree(run, tmp_path / "other")
    text = (other / "recipe.toml").read_text().replace('modality = "points"', 'modality = "image"')
    (other / "recipe.toml").write_text(text)
    with pytest.raises(RunError, match="one modality"):
        compare([run, other])


def test_json_and_lines(write_runs):
    found = compare([*write_runs("0.01", [1.0]), *write_runs("0.02", [2.0])])
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert plain["groups"][1]["scores"]["s"] == {"mean": 2.0, "deviation": None, "values": [2.0]}
    assert plain["differences"][0]["p"] is None
    assert any(line.startswith("Score: 1 (1) | 2 (1)") for line in found.lines())


def test_samples_are_those_that_were_seen(write_runs):
    """Whole batches are trained, so that the last step goes past what a recipe or minutes ask for."""
    folders = [*write_runs("0.01", [1.0]), *write_runs("0.02", [2.0])]
    for folder, asked, seen in zip(folders, (601, 1500), (608, 1536), strict=True):
        text = (folder / "recipe.toml").read_text()
        (folder / "recipe.toml").write_text(text.replace("samples = 1500", f"samples = {asked}"))
        facts = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps({**facts, "state": {**facts["state"], "samples": seen}}))
    found = compare(folders)
    assert found.keys == {"samples seen": [608, 1536], "optim.lr": [0.01, 0.02]}
    assert "   samples seen: 608 | 1536" in found.lines()
    facts.pop("state")
    (folders[1] / "run.json").write_text(json.dumps(facts))
    assert compare(folders).keys["train.samples"] == [601, 1500]


def test_runs_on_unlike_data_are_not_comparable_where_a_score_would_stand(write_runs):
    one, other = write_runs("0.01", [1.0]), write_runs("0.02", [2.0])
    plain = json.loads((other[0] / "data.json").read_text())
    plain["identity"]["items"] += 1
    (other[0] / "data.json").write_text(json.dumps(plain))
    lines = compare([*one, *other]).lines()
    assert sum("different data" in line for line in lines) == 1
    assert lines[0].startswith("no score is comparable: the runs are trained on different data")
    assert lines[-1] == "Score: not comparable"

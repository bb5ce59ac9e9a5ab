import json

import pytest

from multigan.core.errors import RunError
from multigan.publish.facts import RunFiles, read_facts
from multigan.report.write import write_report


def test_a_run_is_read_and_anything_else_is_empty(tiny_runs, tmp_path):
    facts = read_facts(tiny_runs("points/ring"))
    assert facts.has_recipe
    assert facts.run["recipe"]
    assert facts.evaluation is None
    assert read_facts(tmp_path) == read_facts("owner/name") == RunFiles()


def test_an_evaluation_is_found(tmp_path):
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "evaluation.json").write_text(json.dumps({"scores": []}))
    assert read_facts(tmp_path).evaluation == {"scores": []}


@pytest.mark.parametrize("content", ["", "{", "[]", "\udcff"])
def test_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "evaluation.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RunError, match=r"evaluation\.json"):
        read_facts(tmp_path)


def test_two_sets_without_pairs_are_known(two_sets, tiny_runs):
    assert read_facts(two_sets.folder).apart
    assert "no output has a target" in read_facts(two_sets.folder).unjudgeable
    assert not read_facts(tiny_runs("points/ring")).apart
    page = write_report(two_sets.folder).read_text()
    assert "cannot be evaluated: no output has a target" in page
    assert "multigan evaluate" not in page

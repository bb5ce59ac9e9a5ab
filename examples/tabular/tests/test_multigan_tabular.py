"""The conformance kit, encodings by hand, bad files, and a short run."""

import pytest
import torch
from multigan_tabular import columns, scores, tables
from multigan_tabular import modality as mine

import multigan
from multigan.testing import ModalityTests, check_recipe

SMALL = ["data.source=wine", "G.width=16", "D.width=16"]


class TestTabular(ModalityTests):
    modality = mine


def test_the_recipe_is_valid_and_takes_steps():
    check_recipe("tabular/table", SMALL)


@pytest.mark.parametrize("name", tables.NAMES)
def test_rows_survive_encoding(name):
    head, rows = tables.read(name)
    data = mine.load(name)
    back = mine.render(data.items.take(torch.arange(len(rows)), None), data.spec)
    for k, column in enumerate(head):
        before, after = [row[k] for row in rows], [row[column] for row in back]
        if isinstance(before[0], str):
            assert before == after
        else:
            span = max(before) - min(before)
            assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 0.02 * span


def test_a_number_goes_to_its_mode_and_a_category_to_its_place():
    values = [0.0, 0.1, 0.2, 10.0, 10.1, 10.2] * 20
    column = columns.fit("x", values, 2, 0)
    code = columns.encode(column, values)
    assert columns.width(column) == code.shape[1] == 3
    assert (code[:, 1:].argmax(1)[:3] != code[:, 1:].argmax(1)[3:6]).all()
    assert columns.decode(column, code) == pytest.approx(values, abs=1e-6)
    words = columns.fit("w", ["b", "a", "b"], 2, 5)
    assert columns.encode(words, ["b", "a"]).tolist() == [[0, 1], [1, 0]]


def test_scores_know_equal_from_different():
    x = torch.randn(200, 3)
    assert scores.compare(x, x)["column_distance"] == 0
    assert scores.compare(x, x + 50)["column_distance"] == 1


@pytest.mark.parametrize("content", ["", "a,b\n", "a,b\n1,2\n3\n", "a,b\n1,\n2,3\n"])
def test_bad_files_are_refused_in_words(content, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(multigan.MultiGANError, match=r"bad\.csv"):
        mine.load(str(path))


def test_a_short_run_generates_rows(tmp_path):
    run = multigan.train("tabular/table", run=tmp_path / "run", overrides=[*SMALL, "train.samples=1280"], quiet=True)
    rows = run.generator.generate(3, seed=0)
    assert [*rows[0]][-1] == "target"
    assert run.generator.save(tmp_path / "out", 3)[0].read_text().startswith("alcohol,")


def test_its_scores_are_in_the_evaluation_and_the_report(tmp_path):
    run = multigan.train(
        "tabular/table",
        run=tmp_path / "run",
        overrides=[*SMALL, "train.samples=1280", "train.vitals=0", "train.report=false"],
        quiet=True,
    )
    found = multigan.evaluate(run.folder, samples=64, cache=False)
    score = found.score("correlation_difference")
    assert score.floor < score.baseline
    assert score.title in multigan.write_report(run.folder).read_text(encoding="utf-8")

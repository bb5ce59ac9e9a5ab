"""The conformance kit, windows and scores by hand, bad files, and a short run."""

import math

import pytest
import torch
from multigan_series import modality as mine
from multigan_series import scores, tables

import multigan
from multigan.engine.holdout import split_items
from multigan.testing import ModalityTests, check_recipe

SMALL = ["G.width=16", "D.width=16"]


class TestSeries(ModalityTests):
    modality = mine


def write(path, rows, head="day,a,b"):
    path.write_text("\n".join([head, *(f"d{k},{a},{b}" for k, (a, b) in enumerate(rows))]) + "\n")
    return str(path)


def test_the_recipe_is_valid_and_takes_steps():
    check_recipe("series/windows", SMALL)


def test_windows_by_hand(tmp_path):
    source = write(tmp_path / "x.csv", [(k, -k) for k in range(10)])
    data = mine.load(source, length=3, stride=2, block=5)
    assert data.items.starts.tolist() == [0, 2, 5, 7]
    assert data.items.groups.tolist() == [0, 0, 5, 5]
    raw = data.items.take(torch.tensor([1]), None)
    assert raw.tolist() == [[[2, 3, 4], [-2, -3, -4]]]
    assert data.spec.meta == {"channels": ["a", "b"], "low": [0.0, -9.0], "high": [9.0, 0.0]}
    assert "day" in data.report[1]
    assert mine.to_real(raw, data.spec)[0, 0].tolist() == pytest.approx([2 / 4.5 - 1, 3 / 4.5 - 1, 4 / 4.5 - 1])
    assert mine.render(mine.to_real(raw, data.spec), data.spec) == [{"a": [2, 3, 4], "b": [-2, -3, -4]}]


def test_no_step_is_on_both_sides_of_the_split():
    data = mine.load("google")
    split = split_items(len(data.items), 0.3, 0, data.items.groups)
    seen, unseen = (
        {s + k for s in data.items.starts[i].tolist() for k in range(24)} for i in (split.train, split.held_out)
    )
    assert seen
    assert unseen
    assert not seen & unseen


def test_no_window_crosses_from_file_to_file(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / f"{name}.csv", [(k, 0) for k in range(4)])
    data = mine.load(str(tmp_path), length=3)
    assert data.items.starts.tolist() == [0, 1, 4, 5]
    still = mine.to_real(data.items.take(torch.arange(4), None), data.spec)[:, 1]
    assert still.eq(0).all()  # a channel that never changes


def test_real_prices_are_ordered():
    names, [rows], _ = tables.read("google")
    assert len(rows) == 1047
    low, high = names.index("low"), names.index("high")
    assert all(row[low] <= row[0] <= row[high] for row in rows)


def test_autocorrelations_by_hand():
    waves = torch.tensor([[[1.0, -1, 1, -1]]])
    assert scores.autocorrelations(waves).tolist() == [pytest.approx([-3 / 4, 2 / 4, -1 / 4])]
    assert scores.autocorrelation(waves, waves) == 0
    assert scores.steps(waves, waves) == 0
    assert scores.steps(waves, waves * 0 + torch.arange(4) * 9) == 1


def test_useful_windows_predict_and_noise_does_not():
    start = torch.arange(80)[:, None, None] * 0.7
    waves = torch.sin(start + torch.arange(24) * 0.5)
    noise = torch.randn(80, 1, 24, generator=torch.Generator().manual_seed(0)) * 0.7
    train, test = waves[:40], waves[40:]
    assert scores.next_step_error(train, test) < 0.05
    assert scores.next_step_error(noise, test) > 0.3
    assert scores.last_value_error(test) == pytest.approx(2 / math.pi * 2 * math.sin(0.25), rel=0.05)


def test_a_forest_tells_noise_from_waves_and_no_twins():
    generator = torch.Generator().manual_seed(0)
    one, other, third, fourth = torch.randn(4, 100, 1, 12, generator=generator)
    assert scores.discriminative((one, other + 2), (third, fourth + 2), 0) > 0.95
    assert abs(scores.discriminative((one, other), (third, fourth), 0) - 0.5) < 0.15


@pytest.mark.parametrize(
    "content", ["", "a,b\n", "a,b\n1,2\n", "a,b\nx,y\n" * 40, "a\n1\n,\n", "a\n" + "1\n" * 30 + "x\n"]
)
def test_bad_files_are_refused_in_words(content, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(multigan.MultiGANError, match=r"bad\.csv"):
        mine.load(str(path))


def test_impossible_options_are_refused():
    with pytest.raises(multigan.MultiGANError, match="block = 10"):
        mine.load("google", block=10)


def test_a_short_run_generates_windows_in_dollars(tmp_path):
    run = multigan.train("series/windows", run=tmp_path / "run", overrides=[*SMALL, "train.samples=1280"], quiet=True)
    [window] = run.generator.generate(1, seed=0)
    assert [*window] == ["open", "high", "low", "close", "volume"]
    assert all(len(values) == 24 for values in window.values())
    assert all(90 < value < 800 for value in window["close"])
    assert run.generator.save(tmp_path / "out", 3)[0].read_text().startswith("open,high,low,close,volume\n")


def test_its_scores_are_in_the_evaluation_and_the_report(tmp_path):
    run = multigan.train(
        "series/windows",
        run=tmp_path / "run",
        overrides=[*SMALL, "train.samples=1280", "train.vitals=0", "train.report=false"],
        quiet=True,
    )
    found = multigan.evaluate(run.folder, samples=64, cache=False)
    score = found.score("autocorrelation")
    assert score.floor < score.baseline
    assert score.title in multigan.write_report(run.folder).read_text(encoding="utf-8")

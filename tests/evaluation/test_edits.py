import pytest
import torch

from multigan.core.errors import RunError
from multigan.evaluation.edits import benchmark, middle, neighbours
from multigan.latent.invert import Search


def test_rows_of_a_picture_generator_have_their_frame(tiny_runs):
    rows = benchmark(tiny_runs("image/digits"), 4, 1, Search(steps=2, starts=1))
    assert [(row.task, row.way) for row in rows] == [
        ("invert", "generator"),
        ("invert", "nearest of 256 samples"),
        ("invert", "nearest trained item"),
        ("invert", "mean trained item"),
        ("inpaint", "generator"),
        ("inpaint", "nearest trained item"),
        ("inpaint", "mean trained item"),
        ("inpaint", "linear fill"),
    ]
    assert {(row.score, row.n, row.seed) for row in rows} == {("psnr_db", 4, 1)}
    assert all(row.low <= row.mean <= row.high for row in rows)
    found = {(row.task, row.way): row.mean for row in rows}
    assert found["invert", "nearest trained item"] > found["invert", "nearest of 256 samples"]


@pytest.mark.parametrize(("recipe", "score"), [("points/ring", "rms_distance"), ("audio/drums", "log_mel_distance_db")])
def test_other_modalities_have_their_own_score(tiny_runs, recipe, score):
    rows = benchmark(tiny_runs(recipe), 2, 0, Search(steps=1, starts=1))
    assert {row.score for row in rows} == {score}


def test_the_middle_third_is_the_hole():
    assert int(middle((1, 9, 9)).sum()) == 9
    assert middle((2, 9))[:, 3:6].all()
    assert int(middle((2, 9)).sum()) == 6


def test_neighbours_look_at_what_is_known():
    trained = torch.tensor([[0.0, 5.0], [3.0, 0.0]])
    items = torch.tensor([[0.1, -5.0]])
    assert neighbours(items, trained, torch.tensor([1.0, 0.0])).tolist() == [[0.0, 5.0]]


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        benchmark(tmp_path)

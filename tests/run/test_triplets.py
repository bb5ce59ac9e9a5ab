import torch

from multigan import build_data, build_trainer
from multigan.recipe.recipe import load_recipe
from multigan.run.triplets import columns, triplets


def test_rows_of_input_output_and_target_of_the_same_held_out_items(negatives):
    trainer = build_trainer(recipe := load_recipe(str(negatives.folder / "recipe.toml")), build_data(recipe))
    shown = triplets(trainer.batches, trainer.ema.net.eval())
    assert len(shown) == 36
    for given, made, wanted in zip(shown[::3], shown[1::3], shown[2::3], strict=True):
        assert all(a + b in (254, 255, 256) for a, b in zip(given.tobytes(), wanted.tobytes(), strict=True))
        assert made.size == wanted.size
    again = triplets(trainer.batches, trainer.ema.net)
    assert [one.tobytes() for one in again] == [one.tobytes() for one in shown]
    assert torch.is_grad_enabled()


def test_without_pairs_the_third_is_what_comes_back(two_sets):
    trainer = build_trainer(recipe := load_recipe(str(two_sets.folder / "recipe.toml")), build_data(recipe))
    net = trainer.ema.net.eval()
    assert columns(trainer.batches, net) == "input, output, what comes back of it"
    assert len(triplets(trainer.batches, net)) == 36
    assert columns(trainer.batches, net.there) == "input, output"
    assert len(triplets(trainer.batches, net.there)) == 24
    assert "input, output, what comes back of it" in (two_sets.folder / "report.html").read_text()

import pytest

from multigan.recipe.length import lengths_of
from multigan.recipe.recipe import dumps, load_recipe
from multigan.recipe.shortening import in_proportion

PRETRAIN, GAME = lengths_of(load_recipe("text/surnames"))


@pytest.mark.parametrize(
    ("sets", "lengths"),
    [
        (["train.samples=500"], (round(PRETRAIN * 500 / GAME), 500)),
        (["train.samples=500", "phases.pretrain.samples=9000"], (9000, 500)),
        (["phases.pretrain.lr=0.1", "train.samples=500"], (PRETRAIN, 500)),
        (['phases=[{name="warm", turns=["mle"], samples=64}]', "train.samples=500"], (64, 500)),
        ([f"train.samples={2 * GAME}"], (PRETRAIN, 2 * GAME)),
        (["train.samples=1"], (max(1, round(PRETRAIN / GAME)), 1)),
        (["train.batch=8"], (PRETRAIN, GAME)),
    ],
)
def test_a_shorter_game_has_shorter_phases_unless_one_is_named(sets, lengths):
    assert lengths_of(load_recipe("text/surnames", sets)) == lengths


def test_what_was_shortened_is_written_and_read_as_it_is(tmp_path):
    recipe = load_recipe("text/surnames", ["train.samples=500"])
    (tmp_path / "recipe.toml").write_text(dumps(recipe))
    assert load_recipe(str(tmp_path / "recipe.toml")) == recipe


def test_a_file_that_is_shorter_than_what_it_extends_says_its_own_lengths(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "text/surnames"\n[train]\nsamples = 500\n')
    assert lengths_of(load_recipe(str(tmp_path / "mine.toml"))) == (PRETRAIN, 500)


@pytest.mark.parametrize("samples", ["many", -3, True, 2.5, None])
def test_what_is_no_number_of_samples_is_left_to_the_schema(samples):
    table = {"train": {"samples": samples}, "phases": [{"samples": 10}]}
    assert in_proportion(table, 100, [("train", "samples")]) is table
    odd = {"train": {"samples": 5}, "phases": [{"samples": samples}]}
    assert in_proportion(odd, 100, [("train", "samples")]) is odd

from pathlib import Path

import pytest

from multigan.core.errors import DataError, RecipeError, under
from multigan.recipe.origin import Origin, Text, called, located, locating, names_of, settable, shown_key
from multigan.recipe.recipe import load_recipe

CHILD = Text(
    Path("child.toml"),
    "[G]\nnet = 'mlp'\n[[phases]]\nname = 'a'\n",
    {"G": {"net": "mlp"}, "phases": [{"name": "a"}]},
)
PARENT = Text(
    Path("parent.toml"),
    "[G]\nwidth = 3\n[D]\nwidth = 4\n[[phases]]\nlr = 1\n[[phases]]\nlr = 2\n",
    {"G": {"width": 3}, "D": {"width": 4}, "phases": [{"lr": 1}, {"lr": 2}]},
)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (("G", "net"), "child.toml:2"),
        (("G", "width"), "parent.toml:2"),
        (("D", "width"), "parent.toml:4"),
        (("D", "missing"), "parent.toml:3"),
        (("G", "missing"), "child.toml:1"),
        (("phases", 0, "name"), "child.toml:4"),
        (("phases", 0, "lr"), "child.toml:3"),  # lists are of one file whole
        (("train", "batch"), "child.toml"),
    ],
)
def test_the_place_is_in_the_file_whose_word_counts(key, place):
    assert Origin((CHILD, PARENT)).place(key) == place


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (("G", "width"), "--set G.width=2"),  # the later one
        (("G", "nz"), "child.toml:1"),
        (("D", "width", 0), "--set D={width=9}"),
        (("D", "width"), "--set D={width=9}"),
        (("optim", "F"), "--set optim.F.lr=1"),
        (("phases", 0, "samples"), "--set phases.a.samples=3"),
    ],
)
def test_an_override_is_quoted_where_it_gave_the_value(key, place):
    sets = (
        (("G", "width"), "G.width=1"),
        (("D",), "D={width=9}"),
        (("G", "width"), "G.width=2"),
        (("optim", "F", "lr"), "optim.F.lr=1"),
        (("phases", 0, "samples"), "phases.a.samples=3"),
    )
    assert Origin((CHILD,), sets).place(key) == place


def test_keys_are_shown_as_they_can_be_typed():
    table = {"phases": [{"name": "a"}, {"name": "b"}, {"name": "b"}, {"name": "x.y"}, {"name": 5}, {}, "text"]}
    shown = [shown_key(("phases", k, "lr"), table) for k in range(7)]
    assert shown == ["phases.a.lr", *(f"phases.{k}.lr" for k in range(1, 7))]
    assert shown_key(("optim", "betas", 1), {"optim": {"betas": [1, 2]}}) == "optim.betas"
    assert shown_key(("phases", 9, "lr"), table) == "phases.9.lr"
    assert called(names_of(table["phases"]), 0) == "a"
    assert not any(map(settable, ["", "a.b", "a=b", " a", "a\n"]))


def test_what_an_error_is_about_is_put_together_on_its_way_out():
    @located
    def build(recipe: Origin, count: int) -> int:
        with under("phases", 0), under("turns", count):
            raise RecipeError("no such turn", key=["x"])

    with pytest.raises(RecipeError, match=r"^child\.toml:3: phases\.a\.turns\.2\.x: no such turn\.$") as caught:
        build(Origin((CHILD,), table=CHILD.table), 2)
    assert caught.value.key == ("phases", 0, "turns", 2, "x")
    assert caught.value.given == "no such turn"


def test_files_of_data_are_no_keys():
    with pytest.raises(DataError, match=r"^broken\.$") as caught, locating(Origin((CHILD,))), under("G"):
        raise DataError("broken")
    assert caught.value.key == ()
    with pytest.raises(DataError, match=r"^child\.toml:2: G\.net is wrong"), locating(Origin((CHILD,))), under("G"):
        raise DataError("G.net is wrong", key=["net"])


def test_an_origin_is_no_part_of_what_a_recipe_says():
    one, other = load_recipe("points/ring"), load_recipe("points/ring", ["train.batch=64", "train.batch=128"])
    assert one.origin.sets != other.origin.sets
    assert one == other.model_copy(update={"train": one.train})
    assert other.model_copy(update={"title": "x"}).origin is other.origin
    assert "origin" not in one.model_dump()

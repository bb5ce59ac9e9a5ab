from multigan.recipe.recipe import load_recipe
from multigan.recipe.settle import with_data_options


def test_what_data_decides_takes_the_place_of_what_was_open_and_nothing_else_changes():
    recipe = load_recipe("audio/folder", ["data.source=drums"])
    settled = with_data_options(recipe, {"samples": 4096, "kind": "oneshot"})
    assert settled.data.options == {**recipe.data.options, "samples": 4096, "kind": "oneshot"}
    assert settled.G == recipe.G
    assert with_data_options(recipe, {}) is recipe

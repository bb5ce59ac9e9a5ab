import json

import pytest

from multigan.build import check
from multigan.extend.option_defaults import FILE, found, resolved
from multigan.recipe.recipe import dumps, load_recipe, recipe_names


def test_the_file_holds_the_signatures_as_they_are():
    assert json.loads(FILE.read_text()) == found(), "run: python -m multigan.extend.option_defaults"


@pytest.mark.parametrize("name", recipe_names())
def test_the_resolved_recipe_is_itself_a_recipe_with_nothing_left_open(name, tmp_path):
    recipe = load_recipe(name)
    path = tmp_path / "shown.toml"
    path.write_text(dumps(resolved(recipe)), encoding="utf-8")
    again = load_recipe(str(path))
    check(again)
    assert resolved(again) == again == resolved(recipe)
    assert {**again.G.options, **recipe.G.options} == again.G.options


def test_the_values_are_those_that_are_used():
    recipe = resolved(load_recipe("image/digits", ["G.width=3", "game.conditional=true"]))
    assert recipe.data.options == {
        "size": 16,
        "channels": "auto",
        "fit": "crop",
        "flip": False,
        "root": "data",
        "stack": 0,
        "half": "whole",
        "jitter": 0,
        "column": "",
        "crops": 0,
    }
    assert recipe.G.options["width"] == 3
    assert recipe.G.options["up"] == "transpose"
    assert "conditional" not in recipe.G.options  # game.conditional decides
    overrides = ['game.views=[{name="pack"}]', 'game.reduction={name="top-k"}', 'game.constraints=[{name="clip"}]']
    game = resolved(load_recipe("points/ring", overrides)).game
    assert game.views[0].options == {"samples": 2}
    assert game.reduction.options == {"nu": 0.5, "over": 1.0}
    assert game.constraints[0].options == {"limit": 0.01}


def test_things_of_other_packages_are_asked(tmp_path, monkeypatch):
    (tmp_path / "own_net.py").write_text("def build(spec, *, width: int = 7, other: object = None): ...")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("multigan.nets.generators._points", None)
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.generators:own-net=own_net:build")
    assert resolved(load_recipe("points/ring", ['G={net="own-net"}'])).G.options == {"width": 7}
    assert resolved(load_recipe("points/ring", ['G={net="nobody"}'])).G.options == {}
    monkeypatch.setattr("multigan.nets.generators._points", None)

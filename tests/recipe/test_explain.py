"""What can be typed, as the message says, must work."""

import re
import shlex

import pytest

from multigan.core.errors import RecipeError
from multigan.recipe.recipe import load_recipe

TEXT = """title = "x"
extends = "text/surnames"
[[phases]]
{name}
turns = ["mle"]
samples = {samples}
[[phases]]
name = "b"
turns = ["mle"]
samples = 64
"""


@pytest.mark.parametrize(
    ("name", "samples", "value"),
    [
        ("name = ''", "64", "good"),
        ("name = 5", "64", "good"),
        ("", "64", "good"),
        ("name = 'b'", "0", "8"),
        ("name = 'two words'", "-1", "8"),
        ("name = 'a.b'", "'x'", "8"),
        ("name = 'a'", "1.5", "8"),
        ("name = 'a'\nbetas = [0.5, 2]", "64", "[0.5, 0.9]"),
        ("name = 'a'\nbetas = [0.5]", "64", "[0.5, 0.9]"),
    ],
)
def test_the_cure_for_a_phase_can_be_typed_and_works(tmp_path, name, samples, value):
    path = tmp_path / "x.toml"
    path.write_text(TEXT.format(name=name, samples=samples))
    with pytest.raises(RecipeError) as caught:
        load_recipe(str(path))
    (typed,) = shlex.split(re.search(r"type --set (.*)\.$", str(caught.value))[1])
    key, _, meant = typed.partition("=")
    assert meant in ("VALUE", "[...]")
    assert len(load_recipe(str(path), [f"{key}={value}"]).phases) == 2


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("optim.name=adm", "'sgd' or 'rmsprop'; did you mean 'adam' or 'adamw'?"),
        ("optim.schedule=cosin", "did you mean 'cosine'?"),
        ("optim.schedule=zzz", "expected 'constant', 'linear' or 'cosine'; type --set optim.schedule=VALUE."),
        ("game.conditional=x", "game.conditional = 'x'; expected a valid boolean, unable to interpret input or 'auto'"),
        ("game.fakes=frsh", "did you mean 'fresh'?"),
        ("game.penalties=[3]", "game.penalties = 3; expected a table"),
        (
            "game.penalties=r1",
            "= 'r1'; expected a list of tables, such as [{name = NAME}]; type --set 'game.penalties=[",
        ),
        ("phases={name='a'}", "expected a list of tables, such as [{name = NAME}]; type --set 'phases=[...]'."),
        ("train.loggers=x", "train.loggers = 'x'; expected a list of values; type --set 'train.loggers=[...]'."),
        (
            "optim.Q=3",
            "'optim.Q'; expected a setting, or a player of the game with a table, such as {lr = 1e-4}; choose from D",
        ),
        ("optim.betaz=3", "unknown key 'optim.betaz'; did you mean 'betas'?"),
        ("G={nz=3}", "'G.net' is missing; expected every recipe to have it; type --set G.net=VALUE."),
        ("phases=[{name='a', turns=[], samples=1}]", "phases.a.turns = []; expected one value or more"),
    ],
)
def test_what_is_expected_is_said_in_the_words_of_recipes(override, said):
    with pytest.raises(RecipeError, match=re.escape(said)):
        load_recipe("points/ring", [override])

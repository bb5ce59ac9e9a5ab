import pytest

from multigan.doctor.first_use import first_use, verb_for
from multigan.recipe.recipe import load_recipe


@pytest.mark.parametrize(
    ("recipe", "verb", "command"),
    [
        ("text/reply", "chat", "multigan chat 'my run'"),
        ("text/news", "chat", "multigan chat 'my run'"),
        ("text/translate", "line", "multigan apply 'my run' \"a line of yours\""),
        ("image/upscale", "apply", "multigan apply 'my run' FILES --out results/"),
        ("image/digits", "generate", "multigan generate 'my run' --n 16 --seed 0 --out samples/"),
    ],
)
def test_what_to_type_first_goes_by_what_the_generator_is_given(recipe, verb, command):
    assert verb_for(load_recipe(recipe)) == verb
    assert first_use("my run", verb)[0] == command

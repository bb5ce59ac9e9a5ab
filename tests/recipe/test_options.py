from typing import Annotated, Literal

import pytest
from pydantic import Field

from multigan.core.errors import RecipeError
from multigan.recipe.options import bind


def build(spec, *, width: int = 64, size: tuple[int, int] = (1, 1), norm: Literal["batch", "none"] = "none"):
    """A builder."""


class Game:
    def __init__(self, G, *, rollouts: int = 16) -> None:
        """A game."""


def test_values_come_out_with_the_annotated_types():
    assert bind(build, {"width": 3, "size": [4, 5]}, "G") == {"width": 3, "size": (4, 5)}
    assert bind(Game, {"rollouts": 4}, "game") == {"rollouts": 4}
    assert bind(build, {}, "G") == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"widht": 3}, r"G\.widht is no option here; did you mean 'width'\?"),
        ({"spec": 3}, r"G\.spec is no option"),
        ({"width": "wide"}, r"G\.width = 'wide'; expected a valid integer"),
        ({"size": [1, 2, 3]}, r"G\.size"),
        ({"norm": "bach"}, r"G\.norm = 'bach'; expected 'batch' or 'none'"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(RecipeError, match=message):
        bind(build, options, "G")


def test_a_value_of_several_kinds_is_told_all_of_them():
    def load(source, *, column: str | int = "", size: tuple[int, int] = (1, 1)): ...

    with pytest.raises(RecipeError, match=r"data\.column = 1\.5; expected text or a whole number; type --set"):
        bind(load, {"column": 1.5}, "data")
    with pytest.raises(RecipeError, match="expected a valid integer"):
        bind(load, {"size": [1.5, 2.5]}, "data")


def test_ranges_hold_and_the_cure_names_the_flag():
    def save(samples, *, fade_in_ms: Annotated[float, Field(ge=0)] = 2.0): ...

    assert bind(save, {"fade_in_ms": "3.5"}, "output") == {"fade_in_ms": 3.5}
    with pytest.raises(RecipeError, match=r"a number of at least 0; type --fade-in-ms VALUE"):
        bind(save, {"fade_in_ms": -1}, "output", "--{flag} VALUE")


def test_without_options_annotations_need_not_resolve():
    def save(samples, *, folder: "OnlyForTypeCheckers" = None): ...  # noqa: F821

    assert bind(save, {}, "output") == {}

import pytest

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.games.rules import Rules, Term

HINGE = losses.losses.get("hinge")


def test_what_is_as_by_default_is_not_refused():
    Rules(HINGE, views=[], penalties=[], constraints=[]).refuse("mine", "views", "reduction", "fakes", "objectives")


@pytest.mark.parametrize(
    ("part", "given"),
    [("views", [lambda x, draw: x]), ("fakes", "reused"), ("objectives", {"mle": max}), ("label_smoothing", 0.1)],
)
def test_a_game_refuses_what_it_has_no_place_for_by_name(part, given):
    rules = Rules(losses.losses.get("non-saturating"), **{part: given})
    rules.refuse("mine", *({"views", "fakes", "objectives", "label_smoothing"} - {part}))
    with pytest.raises(RecipeError, match=rf"game 'mine' has no place for game\.{part}; expected .*; remove {part}"):
        rules.refuse("mine", part)


def test_smoothing_that_the_loss_does_not_take_is_refused_at_once():
    with pytest.raises(RecipeError, match="smoothing"):
        Rules(losses.losses.get("wasserstein"), label_smoothing=0.1)


def test_a_lazy_term_is_due_on_every_nth_iteration():
    term = Term("r1", max, every=3)
    assert [step for step in range(7) if term.due(Draw(0, step))] == [0, 3, 6]

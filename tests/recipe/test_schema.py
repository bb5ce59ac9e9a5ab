import pytest
from pydantic import ValidationError

from multigan.recipe.schema import GameTable, OptimTable, PhaseTable, PlayerOptim, TermTable


def test_further_keys_are_options():
    term = TermTable.model_validate({"name": "gp", "weight": 10, "centre": 0})
    assert (term.name, term.weight, term.options) == ("gp", 10, {"centre": 0})
    assert GameTable.model_validate({"rollouts": 4}).options == {"rollouts": 4}


def test_a_players_settings_win_over_the_common_ones():
    optim = OptimTable(lr=1.0, D=PlayerOptim(lr=2.0, clip_norm=5.0))
    assert optim.for_player("G")["lr"] == 1.0
    assert optim.for_player("D") == {**optim.for_player("G"), "lr": 2.0, "clip_norm": 5.0}
    assert optim.for_player("z") == optim.for_player("G")


def test_a_phase_changes_only_what_it_names():
    phase = PhaseTable(name="pretrain", turns=("mle",), samples=3, lr=0.5, optimizer="sgd")
    assert phase.optim_overrides() == {"lr": 0.5, "name": "sgd"}


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_ranges_are_checked(smoothing):
    with pytest.raises(ValidationError):
        GameTable(label_smoothing=smoothing)

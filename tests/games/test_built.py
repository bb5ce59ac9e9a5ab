"""A mistake in an own game is one line: which game, what it gave, what was expected, what to type."""

import re

import pytest
import torch
from torch import nn

from multigan import build_data, build_trainer
from multigan.build import check
from multigan.core.errors import PluginError
from multigan.core.types import Loss
from multigan.games import games
from multigan.games.adversarial import AdversarialGame
from multigan.recipe.recipe import load_recipe

SETS = ["game.name=mine", "G.width=8", "D.width=8", "G.layers=1", "D.layers=1", "data.n=64", "game.penalties=[]"]
SETS += ["train.batch=8", "train.samples=16"]


class Mine(AdversarialGame):
    roles = {"d": "D", "g": "G", "q": "Q"}  # noqa: RUF012  (as an author writes it)

    def __init__(self, players, rules):
        super().__init__(players, rules)
        self.players["Q"] = nn.Linear(2, 1)
        self.turns["q"] = ("Q", self.q_loss)

    def round(self, n_critic):
        return ("d",) * n_critic + ("g", "q")

    def q_loss(self, batch, draw):
        return self.made(self.players["Q"](batch.real).square().mean())

    def made(self, loss):
        return Loss(loss, {"loss/Q": loss.detach()})


def init(change):
    """A game whose builder ends with a change of it."""

    def __init__(self, players, rules):
        Mine.__init__(self, players, rules)
        change(self)

    return {"__init__": __init__}


def loss(make):
    return {"q_loss": lambda self, batch, draw: make(self, batch)}


BUILT = {
    "a round of an unknown turn": (
        {"round": lambda self, n: ("d", "gg")},
        r"game 'mine': round\(1\) names 'gg'; expected a turn of its turns; did you mean 'g'\?",
    ),
    "a round that is a word": ({"round": lambda self, n: "dg"}, r"round\(1\) gives 'dg'; expected names of turns"),
    "a round of nothing": ({"round": lambda self, n: None}, r"round\(1\) gives NoneType; expected names of turns"),
    "no turns": ({"round": lambda self, n: ()}, r"round\(1\) gives \(\); expected names of turns"),
    "a round that fails": ({"round": lambda self, n: n / 0}, r"round\(1\) fails: ZeroDivisionError"),
    "a turn of an unknown player": (
        init(lambda self: self.turns.update(q=("QQ", self.q_loss))),
        "game 'mine': turn 'q' is of player 'QQ'; expected a player of its own; did you mean 'Q'",
    ),
    "a turn without a player": (
        init(lambda self: self.turns.update(q=self.q_loss)),
        r"turn 'q' is method; expected \(player, loss\), where loss\(batch, draw\) gives a Loss",
    ),
    "a turn of another player than said": (
        init(lambda self: self.turns.update(q=("G", self.q_loss))),
        "turn 'q' is of player 'G'; expected 'Q', as its roles say",
    ),
    "roles of a turn that is not there": (
        init(lambda self: self.turns.pop("q")),
        "its roles name the turn 'q'; expected a turn of its turns",
    ),
    "a player that is no net": (
        init(lambda self: self.players.update(Q=torch.ones(2))),
        "player 'Q' is Tensor; expected a torch.nn.Module",
    ),
    "a player that cannot learn": (
        init(lambda self: self.players.update(Q=nn.ReLU())),
        "player 'Q' has no parameters that learn",
    ),
    "an unknown player kept": ({"kept": ("G", "F")}, "game 'mine' keeps 'F'; expected a player of its own"),
    "an unknown turn uncounted": ({"uncounted": ("gg",)}, "uncounted names 'gg'; expected a turn .*did you mean 'g'"),
}
PLAYED = {
    "a tensor": (
        loss(lambda self, batch: self.players["Q"](batch.real).mean()),
        "gives Tensor; expected a Loss; return",
    ),
    "nothing": (loss(lambda self, batch: None), "gives NoneType; expected a Loss"),
    "a loss of a batch": (
        loss(lambda self, batch: self.made(self.players["Q"](batch.real))),
        r"gives a total of \(8, 1\) of torch.float32; expected one number",
    ),
    "a number": (loss(lambda self, batch: Loss(0.5, {})), "gives a total of float; expected one number"),
    "parts that are numbers": (
        loss(lambda self, batch: Loss(self.players["Q"](batch.real).mean(), {"loss/Q": 0.5})),
        r"gives 'loss/Q' as float; expected one number: a tensor \(\)",
    ),
    "no parts": (
        loss(lambda self, batch: Loss(self.players["Q"](batch.real).mean(), None)),
        "gives parts of NoneType; expected tensors",
    ),
}
UNREACHED = {
    "a detached loss": loss(lambda self, batch: self.made(self.players["Q"](batch.real).mean().detach())),
    "another player's loss": loss(lambda self, batch: self.made(self.D(batch.real).logits[0].mean())),
    "a constant with a gradient elsewhere": loss(
        lambda self, batch: self.made(batch.real.clone().requires_grad_().mean())
    ),
}


@pytest.fixture
def play():
    """`play(changes)` builds a changed game and plays it."""

    def trained(changes):
        with games.lend("mine", type("Changed", (Mine,), changes)):
            recipe = load_recipe("points/ring", SETS)
            check(recipe)
            trainer = build_trainer(recipe, build_data(recipe))
            trainer.fit()
            return trainer

    return trained


def test_the_game_of_the_guide_plays(play):
    assert play({}).state.step == 1 + (16 - 16) // 8


@pytest.mark.parametrize("fault", BUILT)
def test_a_game_that_is_not_whole_is_refused_before_it_plays(fault, play):
    changes, message = BUILT[fault]
    with pytest.raises(PluginError, match=message):
        play(changes)


@pytest.mark.parametrize("fault", PLAYED)
def test_a_turn_that_gives_no_loss_is_named(fault, play):
    changes, message = PLAYED[fault]
    where = re.escape(f"game {__name__}:Changed: turn 'q' ")
    with pytest.raises(PluginError, match=f"^{where}{message}"):
        play(changes)


@pytest.mark.parametrize("fault", UNREACHED)
def test_a_loss_that_does_not_reach_its_player_is_named(fault, play):
    message = "the loss of player 'Q' does not depend on it; expected a loss with a gradient in the parameters of 'Q'"
    with pytest.raises(PluginError, match=message):
        play(UNREACHED[fault])


def test_a_builder_that_gives_no_game_is_named():
    def build(players, rules):
        return None

    recipe = load_recipe("points/ring", SETS)
    data = build_data(recipe)
    message = "its builder gives NoneType, which has no players"
    with games.lend("mine", build), pytest.raises(PluginError, match=message):
        build_trainer(recipe, data)


def test_parts_that_rules_have_not_got_cannot_be_refused():
    class Refuses(Mine):
        @staticmethod
        def refuse(rules):
            rules.refuse("mine", "penaltys")

    with games.lend("mine", Refuses), pytest.raises(PluginError, match=r"game 'mine' refuses 'penaltys'.*'penalties'"):
        check(load_recipe("points/ring", SETS))

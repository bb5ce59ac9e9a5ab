"""A game with three players, one of them its own: two generators against one D."""

from typing import ClassVar

import pytest
import torch

import multigan
from multigan import build_data, build_trainer
from multigan.build import check
from multigan.core.errors import PluginError, RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.types import Loss
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet
from multigan.games import games
from multigan.games.adversarial import AdversarialGame
from multigan.nets.mlp import MlpG
from multigan.recipe.recipe import fingerprint, load_recipe

SETS = ["game.name=twins", "G.width=8", "D.width=8", "G.layers=1", "D.layers=1", "data.n=200", "optim.F.lr=0.5"]
SETS += ["game.loss=non-saturating"]
SETS += ["train.batch=8", "train.samples=80", "train.sheets=0", "train.report=false", "train.vitals=2"]


class Twins(AdversarialGame):
    """F also wants to be taken for real, and both are kept."""

    roles: ClassVar = {"d": "D", "g": "G", "f": "F"}
    kept = ("G", "F")
    uncounted = ("g", "f")

    def __init__(self, players, rules, *, share: float = 0.5):
        rules.refuse("twins", "fakes")
        super().__init__(players, rules)
        self.F, self.share = MlpG(2, 2, 4, 1), share
        self.players["F"] = self.F
        self.turns["f"] = ("F", self.f_loss)

    def round(self, n_critic):
        return ("d",) * n_critic + ("g", "f")

    def f_loss(self, batch, draw):
        fake = draw_fakes(self.F, len(batch.real), draw, batch.cond)
        (logits,) = self.judge(fake, batch, draw).logits
        loss = self.share * self.loss.g(logits, logits).mean()
        return Loss(loss, {"loss/F": loss.detach()})


class StopAt(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step == self.step


@pytest.fixture
def recipe():
    with games.lend("twins", Twins):
        yield load_recipe("points/ring", SETS)


def test_three_players_train_and_resume_to_the_bit(recipe, tmp_path):
    check(recipe)
    data = build_data(recipe)
    whole, halted, resumed = (build_trainer(recipe, data) for _ in range(3))
    before = [param.clone() for param in whole.game.players["F"].parameters()]
    whole.fit()
    assert whole.phase.turns == ("d", "g", "f")
    assert whole.state.samples == 80
    assert not any(torch.equal(a, b) for a, b in zip(before, whole.game.players["F"].parameters(), strict=True))
    assert whole.optimizers["F"].param_groups[0]["lr"] > 100 * whole.optimizers["G"].param_groups[0]["lr"]
    halted.handlers = [StopAt(4)]
    halted.fit()
    save_checkpoint(halted, tmp_path, fingerprint(recipe))
    restore_latest(resumed, tmp_path, fingerprint(recipe))
    resumed.fit()
    for name in ("G", "D", "F"):
        assert_equal(whole.game.players[name], resumed.game.players[name])
    for name in ("G", "F"):
        assert_equal(whole.averages[name].net, resumed.averages[name].net)
    assert set(whole.averages) == {"G", "F"}


def assert_equal(one, other):
    for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_a_run_of_three_players_keeps_its_first_and_measures_all(recipe, tmp_path):
    run = multigan.train(recipe, run=tmp_path / "run", quiet=True)
    assert run.generator.tensors(3).shape == (3, 2)
    assert "vitals/F_moved" in (run.folder / "metrics.jsonl").read_text()
    assert fingerprint(load_recipe(str(run.folder / "recipe.toml"))) == fingerprint(recipe)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["optim.FF.lr=0.1"], r"optim\.FF is for nobody; expected a player of the game 'twins'; .*'F'"),
        (['phases=[{name="warm", turns=["ff"], samples=8}]'], "names 'ff'; expected a turn of the game 'twins'"),
        (["game.name=adversarial"], r"optim\.F is for nobody; expected a player of the game 'adversarial'"),
        (["game.shar=0.1"], r"game\.shar is no option here; .*'share'"),
    ],
)
def test_a_player_or_turn_that_the_game_does_not_know_is_refused_before_data_is_read(recipe, settings, said):
    with pytest.raises(RecipeError, match=said):
        check(load_recipe("points/ring", [*SETS, *settings]))


def test_a_builder_without_roles_is_told_that_it_needs_them(recipe):
    with (
        games.lend("twins", lambda players, rules: None),
        pytest.raises(RecipeError, match=r"F is for nobody: its builder says no roles = \{TURN: PLAYER, "),
    ):
        check(load_recipe("points/ring", SETS))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"roles": {"d": "D", "g": "G"}}, r"has the players \['D', 'F', 'G'\]; expected \['D', 'G'\], of its roles"),
        ({"kept": ("F",)}, r"keeps \('F',\); expected first the net of \[G\]"),
    ],
)
def test_a_game_that_is_not_what_its_builder_said_is_refused(recipe, change, said):
    data = build_data(recipe)
    with games.lend("twins", type("Odd", (Twins,), change)), pytest.raises(PluginError, match=said):
        build_trainer(recipe, data)


def test_a_game_of_the_old_form_gets_one_clear_line():
    def old(G, D, *, loss, penalties=()):
        return AdversarialGame({"G": G, "D": D}, loss)

    with pytest.raises(PluginError, match=r"'old' cannot be called so: .*'loss'; expected build\(players, rules, \*"):
        games.check("old", old)
    games.check("new", Twins)

import ast
import inspect
from pathlib import Path

import pytest
import torch

from multigan.build import build_data, build_trainer
from multigan.core.draw import Draw
from multigan.core.errors import DataError, DivergedError
from multigan.core.types import Batch, Data, Loss
from multigan.engine import trainer as trainer_module
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.recipe.recipe import load_recipe

OPTIM = {"G": OptimSettings(lr=1e-2), "D": OptimSettings(lr=1e-2)}


def weights(net):
    return {name: value.clone() for name, value in net.state_dict().items() if name != "calls"}


def same(a, b):
    return all(torch.equal(a[name], b[name]) for name in a)


def batch_of(trainer):
    return trainer.batches.take("adversarial", 0), Draw(0, 0)


def test_a_turn_of_d_moves_d_and_leaves_g_without_a_gradient(tiny):
    t = tiny()
    G, D = t.game.players["G"], t.game.players["D"]
    before_g, before_d = weights(G), weights(D)
    t.turn("d", *batch_of(t))
    assert same(before_g, weights(G))
    assert not same(before_d, weights(D))
    assert all(p.grad is None for p in G.parameters())


def test_a_turn_of_g_moves_g_and_leaves_d_without_a_gradient(tiny):
    t = tiny()
    G, D = t.game.players["G"], t.game.players["D"]
    before_g, before_d = weights(G), weights(D)
    t.turn("g", *batch_of(t))
    assert not same(before_g, weights(G))
    assert same(before_d, weights(D))
    assert all(p.grad is None for p in D.parameters())


def test_a_parameter_that_its_owner_froze_stays_frozen(tiny):
    t = tiny()
    t.game.players["D"].unused.requires_grad_(False)
    t.turn("g", *batch_of(t))
    assert not t.game.players["D"].unused.requires_grad
    assert t.game.players["D"].net[0].weight.requires_grad


def test_a_parameter_outside_the_graph_is_left_alone(tiny):
    t = tiny()
    t.fit()
    assert torch.equal(t.game.players["D"].unused, torch.ones(2))


def test_fit_spends_exactly_the_budget(tiny):
    t = tiny(phases=[Phase("pretrain", ("mle",), 30, OPTIM), Phase("adversarial", ("d", "d", "g"), 100, OPTIM, ("g",))])
    state = t.fit()
    assert state.step == 4 + 7  # ceil(30/8) + ceil(100/16)
    assert state.samples == 4 * 8 + 7 * 16
    assert t.finished


def test_phases_get_fresh_optimizers(tiny):
    t = tiny(phases=[Phase("pretrain", ("mle",), 8, OPTIM), Phase("adversarial", ("d", "g"), 8, OPTIM, ("g",))])
    first = t.optimizers["G"]
    t.fit()
    assert t.optimizers["G"] is not first


def test_same_seed_same_weights_and_another_seed_others(tiny):
    runs = [tiny(seed=0), tiny(seed=0), tiny(seed=1)]
    for t in runs:
        t.fit()
    a, b, c = (weights(t.game.players["G"]) for t in runs)
    assert same(a, b)
    assert not same(a, c)


def test_stopping_leaves_after_the_iteration_and_fit_goes_on(tiny):
    class Stop(Quiet):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 5

    whole, halted = tiny(), tiny()
    whole.fit()
    halted.handlers = [Stop()]
    assert halted.fit().step == 5
    halted.fit()
    assert same(weights(whole.game.players["G"]), weights(halted.game.players["G"]))
    assert same(weights(whole.ema.net), weights(halted.ema.net))


def test_handlers_hear_every_iteration_with_named_parts(tiny):
    heard = []

    class Ear(Quiet):
        def stepped(self, trainer, parts):
            heard.append(dict(parts))

    t = tiny()
    t.handlers = [Ear()]
    t.fit()
    assert len(heard) == 20
    assert {"loss/D", "loss/G", "logits/real", "logits/fake", "penalty/r1"} <= set(heard[0])
    assert [("penalty/r2" in parts) for parts in heard[:4]] == [True, False, False, True]
    assert not any(value.requires_grad for value in heard[0].values())


def test_nan_is_refused_before_it_reaches_the_weights(tiny):
    t = tiny()
    before = weights(t.game.players["D"])
    nan = torch.tensor(float("nan"))
    with pytest.raises(DivergedError, match="penalty/r1 is not finite"):
        t.update("D", [Loss(nan, {"loss/D": torch.tensor(1.0), "penalty/r1": nan})])
    assert same(before, weights(t.game.players["D"]))


def test_clip_norm_bounds_the_update(tiny):
    clipped = {"G": OptimSettings("sgd", lr=1.0, clip_norm=1e-3, schedule="constant"), "D": OPTIM["D"]}
    t = tiny(phases=[Phase("adversarial", ("d", "g"), 8, clipped, ("g",))])
    before = torch.cat([p.detach().flatten().clone() for p in t.game.players["G"].parameters()])
    t.turn("g", *batch_of(t))
    after = torch.cat([p.detach().flatten() for p in t.game.players["G"].parameters()])
    torch.testing.assert_close((after - before).norm(), torch.tensor(1e-3), rtol=1e-3, atol=0)


def test_learning_rate_ends_at_its_final_fraction(tiny):
    t = tiny()
    t.fit()
    assert t.phase.optim["G"].final_lr_fraction == 0.25
    t.state.phase, t.state.phase_step = 0, 19
    t._set_learning_rates(t.phases[0], t.state.progress(t.phases[0], 8))
    assert t.optimizers["G"].param_groups[0]["lr"] == pytest.approx(0.25e-2)


def test_batch_of_labels_travels(tiny):
    batch = tiny().batches.take("adversarial", 0)
    assert isinstance(batch, Batch)
    assert batch.cond is not None
    assert batch.cond.shape == (8,)


def test_the_step_fits_on_one_screen():
    tree = ast.parse(Path(inspect.getfile(trainer_module)).read_text())
    steps = {"turn", "update", "fit"}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in steps]
    lines = sum(node.end_lineno - node.body[1].lineno + 1 for node in functions)
    ifs = sum(isinstance(node, ast.If | ast.IfExp) for function in functions for node in ast.walk(function))
    assert len(functions) == 3
    assert lines <= 50
    assert ifs <= 3


def test_data_that_fails_for_a_second_turn_ends_the_run_at_a_whole_iteration(tiny, tiny_source):
    """D has not been trained by the iteration that lacks G's batch: going on equals the unbroken run."""

    class Fails(tiny_source):
        good = 7  # calls: the fourth iteration gets D's batch, and not G's

        def take(self, indices, draw):
            self.good -= 1
            if self.good < 0:
                raise OSError("gone")
            return super().take(indices, draw)

    whole, t, heard = tiny(), tiny(), []
    whole.fit()
    source = Fails(50)
    t.batches.data = Data(source, t.batches.data.spec, t.batches.data.labels)

    class Hears(Quiet):
        def ended(self, trainer):
            heard.append(trainer.state.step)

    t.handlers = [Hears()]
    with pytest.raises(DataError, match=r"item \d+ of the data cannot be read: OSError: gone"):
        t.fit()
    assert heard == [3]
    source.good = 1000
    t.fit()
    assert all(same(weights(t.game.players[name]), weights(whole.game.players[name])) for name in "GD")


class Medic(Quiet):
    def __init__(self, cure):
        self.cure, self.heard = cure, []

    def stepped(self, trainer, parts):
        if trainer.state.step == 4 and not self.heard:
            raise ValueError("a handler broke")

    def failed(self, trainer, error):
        self.heard.append(str(error))
        return self.cure


def test_every_handler_hears_a_failure_and_the_error_goes_on(tiny):
    t = tiny()
    t.handlers = [Medic(cure=False), Medic(cure=False)]
    with pytest.raises(ValueError, match="a handler broke"):
        t.fit()
    assert [medic.heard for medic in t.handlers] == [["a handler broke"]] * 2


def test_a_failure_that_a_handler_cured_does_not_end_the_run(tiny):
    t = tiny()
    t.handlers = [Medic(cure=False), Medic(cure=True)]
    assert t.fit().step == 20
    assert len(t.handlers[0].heard) == len(t.handlers[1].heard) == 1


def test_backward_reaches_the_player_alone(monkeypatch):
    """A penalty makes its samples leaves of the graph; a gradient for them is work that nobody reads."""
    leaves, autograd_grad = [], torch.autograd.grad

    def watched(outputs, inputs, **options):
        leaves.append(inputs)
        return autograd_grad(outputs, inputs, **options)

    recipe = load_recipe("points/ring")
    trainer = build_trainer(recipe, build_data(recipe))
    monkeypatch.setattr(torch.autograd, "grad", watched)
    trainer.turn("d", trainer.batches.take("adversarial", 0), Draw(0))
    assert len(leaves) == len(trainer.game.penalties) == 2
    assert [leaf.grad for leaf in leaves] == [None, None]
    assert all(param.grad is not None for param in trainer.game.players["D"].parameters())


def test_a_layer_that_is_frozen_for_good_stays_as_it_is():
    recipe = load_recipe("points/ring")
    trainer = build_trainer(recipe, build_data(recipe))
    first, *others, _ = trainer.game.players["D"].parameters()  # a relativistic loss leaves the last bias alone
    first.requires_grad_(False)
    before = [first.clone(), *(param.detach().clone() for param in others)]
    trainer.turn("d", trainer.batches.take("adversarial", 0), Draw(0))
    trainer.turn("g", trainer.batches.take("adversarial", 1), Draw(1))
    assert torch.equal(first, before[0])
    assert not first.requires_grad
    assert not any(torch.equal(param, old) for param, old in zip(others, before[1:], strict=True))

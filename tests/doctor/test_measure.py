import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.types import Batch
from multigan.doctor.measure import flat_weights, measure
from multigan.doctor.reference import make_reference
from multigan.engine.phases import Phase


def take(trainer):
    return measure(trainer, make_reference(trainer.batches, lambda x: x), lambda x: x)


def fixed(trainer, function):
    """Make the averaged G return `function(number of samples)`, whatever z."""
    for net in (trainer.game.players["G"], trainer.ema.net):
        net.forward = lambda z, cond=None, draw=None: function(len(z))
    trainer.game.fake = lambda batch, draw: function(len(batch.real))
    return trainer


def test_d_is_read_on_trained_reals_held_out_reals_and_fakes(tiny):
    t = tiny(n=400, holdout=60)
    found = take(t)
    D, reals = t.game.players["D"], make_reference(t.batches, lambda x: x).items[:128]
    logits = torch.cat([D(b.real, b.cond, None) for b in (t.batches.pick(part) for part in reals.split(8))])
    assert found["vitals/logits_real"] == pytest.approx(logits.mean().item(), abs=0.02)  # D adds noise of its draw
    assert {"vitals/logits_heldout", "vitals/logits_fake", "vitals/sign_real", "vitals/D_memory"} <= set(found)
    assert 0 <= found["vitals/D_accuracy"] <= 1


def test_the_gradient_of_g_is_relative_to_its_parameters(tiny):
    t = tiny(n=400)
    reference = make_reference(t.batches, lambda x: x)
    batch, draw = t.batches.pick(reference.items[:8]), Draw(0, 0, "vitals/", progress=0.0).child("g")
    G = t.game.players["G"]
    grads = torch.autograd.grad(t.game.g_loss(batch, draw).total, list(G.parameters()))
    expected = torch.cat([grad.flatten() for grad in grads]).norm() / flat_weights(G).norm()
    assert take(t)["vitals/G_gradient"] == pytest.approx(expected.item(), rel=1e-5)


def test_fakes_like_the_held_out_items_reach_the_floor(tiny):
    t = tiny(n=900, holdout=300)
    items = t.batches.data.items.items[t.batches.split.train]
    good = take(fixed(t, lambda n: items[torch.randint(len(items), (n,))]))
    assert good["vitals/distance"] < good["vitals/distance_floor"] + 0.02
    assert good["vitals/spread"] == pytest.approx(1, abs=0.15)
    assert good["vitals/variety"] == pytest.approx(1, abs=0.15)
    bad = take(fixed(tiny(n=900, holdout=300), lambda n: torch.full((n, 2), 3.0)))
    assert bad["vitals/distance"] > 0.5
    assert bad["vitals/spread"] == 0
    assert bad["vitals/variety"] < 0.1


def test_the_level_of_fakes_is_that_of_reals_or_less(tiny):
    t = tiny(n=900, holdout=300)
    items = t.batches.data.items.items[t.batches.split.train]
    assert take(fixed(t, lambda n: items[:n]))["vitals/strength"] == pytest.approx(1, abs=0.1)
    t = tiny(n=900, holdout=300)
    assert take(fixed(t, lambda n: items[:n] / 1000 + 3))["vitals/strength"] == pytest.approx(0.001, rel=0.1)


def test_copies_of_trained_items_are_nearer_than_held_out_ones(tiny):
    t = tiny(n=900, holdout=300)
    items = t.batches.data.items.items[t.batches.split.train]
    found = take(fixed(t, lambda n: items[:n]))
    assert found["vitals/nearest"] < 0.2
    assert found["vitals/nearer"] > 0.9


def test_without_held_out_items_trained_ones_stand_in(tiny):
    found = take(tiny(n=10))
    assert found["vitals/heldout_items"] == 0
    assert "vitals/logits_heldout" not in found
    assert {"vitals/distance", "vitals/nearest", "vitals/distance_floor"} <= set(found)


def test_broken_fakes_are_counted_and_not_compared(tiny):
    def half_broken(n):
        fakes = torch.zeros(n, 2)
        fakes[::2] = torch.nan
        return fakes

    found = take(fixed(tiny(n=400, holdout=60), half_broken))
    assert found["vitals/fake_finite"] == 0.5
    assert "vitals/distance" not in found


def test_features_that_are_not_finite_are_no_distance_and_end_nothing(tiny):
    t = fixed(tiny(n=400, holdout=60), lambda n: torch.full((n, 2), 3.0))
    found = measure(t, make_reference(t.batches, lambda x: x), lambda x: x / (x != 3.0))
    assert found["vitals/fake_finite"] == 1.0
    assert math.isnan(found["vitals/distance"])


def test_a_modality_measures_the_averaged_g_and_its_fakes_in_its_own_way(tiny):
    seen = {}

    def make_gauge(trained, unseen):
        seen["trained"], seen["unseen"] = torch.cat(list(trained)), torch.cat(list(unseen))

        def gauge(G, fake):
            assert not G.training
            seen["weights"] = flat_weights(G)
            return {"mean": fake.mean()}

        return gauge

    t = tiny(n=400, holdout=60)
    t.fit()
    reference = make_reference(t.batches, lambda x: x, make_gauge)
    found = measure(t, reference, lambda x: x)
    assert torch.equal(seen["trained"].double(), reference.trained)
    assert torch.equal(seen["unseen"].double(), reference.target)
    assert torch.equal(seen["weights"], flat_weights(t.ema.net))
    assert isinstance(found["vitals/mean"], float)  # numbers, as the metrics file must hold them


def test_labels_that_tell_nothing_are_at_chance(tiny):
    t = tiny(n=600, holdout=60)
    labels = (torch.arange(600) // 200).long()
    object.__setattr__(t.batches.data, "labels", labels)
    told = take(t)
    assert told["vitals/labels_real"] > 0.95
    assert told["vitals/labels_chance"] == pytest.approx(1 / 3, abs=0.02)
    object.__setattr__(t.batches.data, "labels", labels[torch.randperm(600)])
    assert take(t)["vitals/labels_real"] < 0.45


def test_phases_without_a_player_do_not_ask_for_it(tiny, optim):
    found = take(tiny(n=400, phases=[Phase("pretrain", ("mle",), 80, optim)]))
    assert not {"vitals/D_accuracy", "vitals/G_gradient"} & set(found)
    assert "vitals/distance" in found


def test_the_original_nets_are_as_they_were(tiny):
    t = tiny(n=400, holdout=60)
    t.game.players["G"].train()
    before = {k: v.clone() for k, v in t.game.players["G"].state_dict().items()}
    take(t)
    assert all(torch.equal(before[k], v) for k, v in t.game.players["G"].state_dict().items())
    assert t.game.players["G"].training
    assert all(p.grad is None and p.requires_grad for p in t.game.players["D"].parameters())
    assert isinstance(t.batches.take("adversarial", 0), Batch)


def test_of_a_small_set_one_half_is_covered_by_fakes_or_by_the_other(tiny):
    found = take(tiny(n=150, holdout=0))
    assert (found["vitals/coverage_items"], found["vitals/coverage_fakes"]) == (75, 75)
    assert found["vitals/coverage_floor"] > 0.7
    assert take(tiny(n=900, holdout=300))["vitals/coverage_items"] == 256
    assert "vitals/coverage" not in take(tiny(n=100, holdout=0))


def test_of_reals_that_are_all_the_same_no_distance_is_told(tiny):
    t = tiny(n=400, holdout=60)
    found = measure(t, make_reference(t.batches, lambda x: 0 * x + 3), lambda x: x)
    assert found["vitals/reals_same"] == 1
    assert not {"vitals/distance", "vitals/spread", "vitals/variety", "vitals/nearest"} & set(found)
    assert {"vitals/strength", "vitals/D_accuracy", "vitals/fake_finite"} <= set(found)
    assert max(abs(value) for value in found.values()) < 1e6
    assert "vitals/reals_same" not in take(t)

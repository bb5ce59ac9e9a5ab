import pytest
import torch

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Batch
from multigan.engine.accumulate import mean_parts, refuse_uneven, split
from multigan.engine.trainer import Trainer
from multigan.games.rules import Term

PENALTIES = {"r1": 1.0, "r2": 0.5, "gp": 2.0}
PER_SAMPLE = [name for name in losses.losses.names() if name != "relativistic-average"]


def accumulated(trainer, parts):
    return Trainer(trainer.game, trainer.batches, trainer.phases, ema_halflife_samples=100, accumulate=parts)


def weights_after(trainer):
    trainer.fit()
    nets = {**trainer.game.players, "ema": trainer.ema.net}
    return {f"{n}.{k}": v for n, net in nets.items() for k, v in net.state_dict().items() if k != "calls"}


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("loss", PER_SAMPLE)
def test_four_micro_batches_take_the_steps_of_the_whole_batch(tiny, loss, penalty):
    """Batch 16 = 4 x 4: labels, noise in D, a lazy term; 20 iterations of Adam."""
    terms = [Term(penalty, losses.penalties.get(penalty), PENALTIES[penalty], every=2)]
    options = {"batch": 16, "loss": losses.losses.get(loss), "penalties": terms}
    whole = weights_after(tiny(**options))
    micro = weights_after(accumulated(tiny(**options), 4))
    for name, value in whole.items():
        torch.testing.assert_close(micro[name], value, rtol=0, atol=2e-5, msg=name)


def penalty_of(name):
    """Of the registry, and those with a builder as they are built."""
    thing = losses.penalties.get(name)
    jitter = {"jitter": lambda x, draw: x + 0.1 * draw.normal("n", tuple(x.shape))}
    return {"lecam": lambda: thing(0.9), "consistency": lambda: thing(jitter, True)}.get(name, lambda: thing)()


@pytest.mark.parametrize("penalty", losses.penalties.names())
@pytest.mark.parametrize("loss", PER_SAMPLE)
def test_gradients_are_equal_to_a_millionth_for_every_loss_and_penalty(tiny, loss, penalty):
    grads = []
    for parts in (1, 4):
        options = {"loss": losses.losses.get(loss), "penalties": [Term(penalty, penalty_of(penalty), 0.1)]}
        trainer = accumulated(tiny(batch=16, **options), parts)
        for turn, player in (("g", "G"), ("d", "D")):
            trainer.turn(turn, trainer.batches.take("adversarial", 0), Draw(0, 0))
            grads.append([p.grad for p in trainer.game.players[player].parameters() if p.grad is not None])
    for a, b in zip([*grads[0], *grads[1]], [*grads[2], *grads[3]], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


def test_micro_batches_draw_the_rows_of_the_whole():
    draw = Draw(3, rank=1, world_size=2)
    batch = Batch(torch.arange(8.0)[:, None], torch.arange(8))
    whole = draw.normal("z", (8, 2))
    seen = [(micro, d.normal("z", (2, 2))) for micro, d in split(batch, draw, 4)]
    assert torch.equal(torch.cat([z for _, z in seen]), whole)
    assert torch.equal(torch.cat([micro.real for micro, _ in seen]), batch.real)
    assert torch.equal(torch.cat([micro.cond for micro, _ in seen]), batch.cond)
    assert all(micro.source is None for micro, _ in seen)


def test_no_net_sees_more_than_a_micro_batch(tiny):
    trainer = accumulated(tiny(batch=16), 4)
    sizes = set()
    for net in trainer.game.players.values():
        net.register_forward_pre_hook(lambda net, inputs: sizes.add(len(inputs[0])))
    trainer.fit()
    assert sizes == {4}


def test_the_graph_of_one_micro_batch_lives_at_a_time(tiny):
    """Bytes that autograd keeps for the backward pass, at their highest."""
    peaks = []
    for parts in (1, 4):
        trainer, live, peak = accumulated(tiny(batch=64), parts), [0], [0]
        batch = trainer.batches.take("adversarial", 0)

        class Kept:
            def __init__(self, tensor, live=live, peak=peak):
                self.tensor, self.live = tensor, live
                live[0] += tensor.numel()
                peak[0] = max(peak[0], live[0])

            def __del__(self):
                self.live[0] -= self.tensor.numel()

        with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
            trainer.turn("g", batch, Draw(0, 0))
        peaks.append(peak[0])
    assert peaks[1] < 0.5 * peaks[0]


def test_logged_parts_are_means():
    assert mean_parts([{"a": torch.tensor(1.0)}, {"a": torch.tensor(3.0)}]) == {"a": torch.tensor(2.0)}


def test_uneven_parts_are_refused_with_a_batch_that_fits():
    refuse_uneven(16, 2, 4)
    with pytest.raises(RecipeError, match="batch=24"):
        refuse_uneven(20, 2, 4)

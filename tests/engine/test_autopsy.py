import pytest
import torch

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import DivergedError
from multigan.core.types import Batch
from multigan.engine.agreement import ElsewhereError
from multigan.engine.autopsy import NOWHERE, first_bad_layer, names_the_layer
from multigan.engine.trainer import Quiet
from multigan.games.rules import Term


def say(trainer, turn="d"):
    return first_bad_layer(trainer.game, turn, trainer.batches.take("adversarial", 0), Draw(0, 0, "0-d/"))


def test_a_broken_weight_is_named_with_its_layer(tiny):
    t = tiny()
    t.game.players["D"].net[2].weight.data[0, 3] = torch.nan
    assert "D.net.2 (Linear); its weight is not finite" in say(t)
    t.game.players["G"].net[0].bias.data[1] = torch.inf
    assert "G.net.0 (Linear); its bias is not finite" in say(t)  # earlier in forward order: D sees G's fakes
    assert "G.net.0" in say(t, "g")


def test_an_overflow_inside_a_layer_is_told_from_a_broken_weight(tiny):
    t = tiny()
    t.game.players["D"].net[0].weight.data.fill_(3e38)
    assert "D.net.0 (Linear); its input and weights are finite" in say(t)


def test_a_broken_batch_is_no_layers_fault(tiny):
    t = tiny()
    batch = t.batches.take("adversarial", 0)
    broken = Batch(batch.real.clone().fill_(torch.nan), batch.cond)
    assert "batch of reals" in first_bad_layer(t.game, "d", broken, Draw(0))


def test_a_broken_penalty_is_no_layers_fault(tiny):
    def nan(D, real, fake, cond, draw):
        return torch.full((len(real),), torch.nan)

    t = tiny(penalties=[Term("mine", nan)])
    with pytest.raises(DivergedError, match=r"penalty/mine is not finite at step 0: every layer's output is finite"):
        t.fit()


def test_a_run_that_dies_names_term_and_layer_and_leaves_the_nets_as_they_were(tiny):
    class Poison(Quiet):
        def stepped(self, trainer, parts):
            if trainer.state.step == 3:
                trainer.game.players["D"].net[0].weight.data[0, 0] = torch.inf

    t = tiny()
    t.handlers = [Poison()]
    with pytest.raises(DivergedError, match=r"loss/D is not finite at step 3: .*D\.net\.0 \(Linear\)") as caught:
        t.fit()
    assert "resume" in str(caught.value)
    assert t.game.players["D"].net[0]._forward_hooks == {}


def test_a_replay_waits_for_no_other_process(tiny):
    def never(x):
        raise AssertionError("a replay is one process's alone")

    t = tiny(loss=losses.losses.get("relativistic-average"))
    batch, draw = t.batches.take("adversarial", 0), Draw(0, 0, "0-d/", 0, 2, gather=never)
    t.game.players["D"].net[2].weight.data[0, 3] = torch.nan
    assert "D.net.2" in first_bad_layer(t.game, "d", batch, draw)
    with pytest.raises(AssertionError):
        t.game.d_loss(batch, draw)


@pytest.mark.parametrize(("broken", "located"), [(True, True), (False, False)])
def test_it_is_said_whether_a_layer_was_found_and_who_knows(tiny, broken, located):
    t, raised = tiny(), DivergedError("loss/D is not finite")
    raised.everywhere = True
    if broken:
        t.game.players["D"].net[2].weight.data[0, 3] = torch.nan
    with (
        pytest.raises(DivergedError) as caught,
        names_the_layer(t.game, "d", t.batches.take("adversarial", 0), Draw(0)),
    ):
        raise raised
    assert (caught.value.everywhere, caught.value.located) == (True, located)
    assert (NOWHERE in str(caught.value)) != located


def test_the_processes_that_are_well_look_for_nothing(tiny):
    elsewhere = ElsewhereError()
    with pytest.raises(ElsewhereError) as caught, names_the_layer(tiny().game, "d", None, Draw(0)):
        raise elsewhere
    assert caught.value is elsewhere

import pytest
import torch

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.games.adversarial import AdversarialGame
from multigan.losses.reduction import top_k

LOGITS = torch.tensor([0.1, 3.0, -2.0, 1.0, 50.0, -50.0, 0.5, 0.2], dtype=torch.float64)


@pytest.mark.parametrize(("progress", "kept"), [(0.0, 8), (0.5, 6), (0.51, 6), (1.0, 4)])
def test_k_falls_from_the_batch_to_nu_of_it(progress, kept):
    values = LOGITS.clone().requires_grad_(True)
    total = top_k(values, LOGITS, Draw(0, progress=progress), nu=0.5)
    best = LOGITS.sort(descending=True).values[:kept]
    torch.testing.assert_close(total.detach(), best.mean())
    total.backward()
    torch.testing.assert_close(values.grad, (best[-1] <= LOGITS).double() / kept)


def test_the_ranking_is_by_logits_and_not_by_losses():
    values = torch.arange(4.0)
    assert top_k(values, -values, Draw(0), nu=0.25) == 0.0


def test_patches_are_averaged_for_the_ranking():
    patches = torch.tensor([[[5.0, -5.0]], [[1.0, 1.0]]])
    assert top_k(torch.tensor([1.0, 2.0]), patches, Draw(0), nu=0.5) == 2.0


def test_it_may_be_reached_before_the_end_and_keeps_one_at_least():
    values = torch.arange(4.0)
    assert top_k(values, values, Draw(0, progress=0.5), nu=0.01, over=0.5) == 3.0


def test_fakes_that_are_as_real_as_the_kth_all_count():
    values = torch.arange(4.0, requires_grad=True)
    total = top_k(values, torch.tensor([1.0, 1.0, 1.0, 0.0]), Draw(0), nu=0.25)
    assert total == 1.0
    total.backward()
    torch.testing.assert_close(values.grad, torch.tensor([1 / 3, 1 / 3, 1 / 3, 0.0]))


def test_the_best_of_all_processes_are_chosen():
    """This process has one of the two best of six: a third of its own three rows weigh twice as much."""
    logits, others = torch.tensor([5.0, 1.0, 0.0]), torch.tensor([7.0, 2.0, 3.0])
    draw = Draw(0, gather=lambda x: torch.cat([x, others]))
    values = torch.tensor([10.0, 20.0, 30.0], requires_grad=True)
    total = top_k(values, logits, draw, nu=1 / 3)
    assert total == 10.0
    total.backward()
    assert values.grad.tolist() == [1.0, 0.0, 0.0]
    best = torch.tensor([9.0, 1.0, 0.0])
    assert top_k(values, best - 9, draw, nu=1 / 3) == 0.0  # none of its own


@pytest.mark.parametrize("options", [{"nu": 0.0}, {"nu": 1.5}, {"over": 0.0}])
def test_shares_out_of_range_are_refused(options):
    with pytest.raises(RecipeError, match="top-k"):
        top_k(LOGITS, LOGITS, Draw(0), **options)


def test_the_game_reduces_gs_loss_by_it_and_leaves_ds_alone(tiny_game):
    (plain, batch), (picky, _) = (
        tiny_game(),
        tiny_game(reduction=lambda v, logits, draw: top_k(v, logits, draw, nu=0.25)),
    )
    late = Draw(0, progress=1.0)
    assert torch.equal(plain.d_loss(batch, late).total, picky.d_loss(batch, late).total)
    assert isinstance(picky, AdversarialGame)
    logits = plain.judge(plain.fake(batch, late), batch, late.child("fake")).logits[0]
    values = losses.losses.get("non-saturating").g(logits, logits)
    torch.testing.assert_close(picky.g_loss(batch, late).total, values[logits.topk(2).indices].mean())

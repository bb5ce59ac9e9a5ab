"""Inputs of another set: which ones a batch gets, and that this is a function of the seed and the batch's number."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.inputs import Inputs
from multigan.core.types import Data, Spec
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import Split, split_items
from multigan.inputs.other import Other, side_by_side
from multigan.plugins.image import modality
from multigan.plugins.image.sources import Pictures

SPEC = Spec("image", (1, 2, 2))


def numbered(n):
    """Pictures whose value is their number."""
    return Data(Pictures(torch.arange(n, dtype=torch.uint8).view(-1, 1, 1, 1).expand(n, 1, 2, 2)), SPEC)


def sets(targets=40, inputs=30, held_out=8):
    target, other = numbered(targets), numbered(inputs)
    splits = split_items(targets, held_out, 0), split_items(inputs, held_out, 1)
    return side_by_side(target, other, modality, splits), splits


def stream(world=None):
    data, (split, _) = sets()
    return Batches(data, modality, batch=8, seed=3, world=world, split=split)


def numbers(batch):
    return ((batch.source[:, 0, 0, 0] + 1) * 127.5).round().long()


def test_a_batch_is_given_the_same_inputs_at_every_call_and_by_any_number_of_processes():
    whole = stream().take("adversarial", 5)
    assert torch.equal(whole.source, stream().take("adversarial", 5).source)
    halves = [stream(World(rank, 2)).take("adversarial", 5) for rank in range(2)]
    assert torch.equal(whole.source, torch.cat([half.source for half in halves]))
    assert torch.equal(whole.real, torch.cat([half.real for half in halves]))
    assert not torch.equal(numbers(whole), numbers(stream().take("adversarial", 6)))


def test_every_trained_input_is_drawn_as_often_as_any_other_and_none_that_is_held_out():
    data, (_, split) = sets()
    batches, seen = stream(), torch.zeros(30)
    for number in range(600):
        seen += torch.bincount(numbers(batches.take("adversarial", number)), minlength=30)
    assert (seen[split.held_out] == 0).all()
    expected = 600 * 8 / len(split.train)
    assert ((seen[split.train] - expected).abs() < 5 * expected**0.5).all()
    assert not data.inputs.aligned
    assert isinstance(data.inputs, Inputs)


def test_held_out_targets_are_given_held_out_inputs_and_watchers_see_all_of_them():
    _, (target, other) = sets()
    batches = stream()
    parts = [numbers(batches.pick(part)) for part in target.held_out.split(4)]
    assert set(torch.cat(parts).tolist()) <= set(other.held_out.tolist())
    assert not torch.equal(*parts)
    trained = [numbers(batches.pick(part)) for part in target.train.split(4)]
    assert len(set(torch.cat(trained).tolist())) > 10


def test_no_held_out_input_comes_twice_while_there_is_another():
    """As many rows of a report as there are held-out inputs show each of them once."""
    data, (target, other) = sets(targets=40, inputs=30, held_out=8)
    seen = data.inputs.rows(target.held_out, Draw(0)).tolist()
    assert sorted(seen) == sorted(other.held_out.tolist())
    assert torch.equal(data.inputs.rows(target.held_out[3:5], Draw(9)), torch.tensor(seen[3:5]))


def test_without_held_out_inputs_trained_ones_are_given():
    inputs = Other(numbered(5), modality, Split(torch.arange(5), torch.arange(0), ""), torch.ones(3, dtype=torch.bool))
    assert inputs.take(torch.arange(3), Draw(0)).shape == (3, 1, 2, 2)
    with pytest.raises(ValueError, match="are read, not made"):
        inputs.make(torch.zeros(1), None, Draw(0))


def test_what_is_said():
    data, _ = sets()
    assert data.report[-2:] == ("30 inputs and 40 targets, no pairs", "8 of the inputs are held out too")

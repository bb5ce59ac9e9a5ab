import threading

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError, RecipeError
from multigan.core.types import Data, Spec
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import split_items


def stream(source, modality, batch=8, **options):
    data = Data(source, Spec("tiny", (2,)), torch.arange(len(source)))
    return Batches(data, modality, batch=batch, seed=3, **options)


def test_every_item_comes_once_per_epoch_at_any_batch_size(tiny_source, tiny_modality):
    for batch in (1, 7, 8, 50, 64):
        batches = stream(tiny_source(50), tiny_modality, batch=batch)
        seen = torch.cat([batches.indices("adversarial", k) for k in range(-(-100 // batch))])[:100]
        assert sorted(seen[:50].tolist()) == list(range(50))
        assert sorted(seen[50:].tolist()) == list(range(50))
        assert seen[:50].tolist() != seen[50:].tolist()


def test_order_does_not_depend_on_the_batch_size(tiny_source, tiny_modality):
    a, b = (stream(tiny_source(50), tiny_modality, batch=n) for n in (5, 20))
    left = torch.cat([a.indices("x", k) for k in range(8)])
    right = torch.cat([b.indices("x", k) for k in range(2)])
    assert torch.equal(left, right)


def test_phases_have_orders_of_their_own(tiny_source, tiny_modality):
    batches = stream(tiny_source(50), tiny_modality)
    assert not torch.equal(batches.indices("a", 0), batches.indices("b", 0))


@pytest.mark.parametrize("size", [2, 4])
def test_processes_share_the_batch_of_one(tiny_source, tiny_modality, size):
    whole = stream(tiny_source(13), tiny_modality).take("x", 3)
    shares = [stream(tiny_source(13), tiny_modality, world=World(r, size)).take("x", 3) for r in range(size)]
    assert torch.equal(torch.cat([share.real for share in shares]), whole.real)


def test_a_batch_that_does_not_divide_is_refused(tiny_source, tiny_modality):
    with pytest.raises(RecipeError, match=r"train\.batch=9"):
        stream(tiny_source(50), tiny_modality, batch=8, world=World(0, 3))


def test_reading_ahead_changes_nothing(tiny_source, tiny_modality):
    resident, streamed = tiny_source(50), tiny_source(50)
    streamed.resident = False
    a, b = stream(resident, tiny_modality, conditional=True), stream(streamed, tiny_modality, conditional=True)
    for k in (0, 1, 2, 7, 3):
        assert torch.equal(a.take("x", k).real, b.take("x", k).real)
        assert torch.equal(a.take("x", k).cond, b.take("x", k).cond)
    b.close()
    assert threading.active_count() < 10


@pytest.mark.parametrize("resident", [True, False])
@pytest.mark.parametrize("error", [OSError("the disk went away"), ValueError("the disk went away"), SystemExit(3)])
def test_an_item_that_cannot_be_read_is_named(tiny_source, tiny_modality, resident, error):
    class Broken(tiny_source):
        def take(self, indices, draw):
            if 3 in indices:
                raise error
            return super().take(indices, draw)

    Broken.resident = resident
    batches = stream(Broken(5), tiny_modality)  # 8 a batch: each batch has all items
    with pytest.raises(DataError, match=rf"item 3 of the data cannot be read: {type(error).__name__}: {error}"):
        batches.take("x", 0)
    batches.close()


def test_a_source_that_explains_itself_is_heard(tiny_source, tiny_modality):
    class Broken(tiny_source):
        resident = False

        def take(self, indices, draw):
            raise DataError("a.png is no picture")

    batches = stream(Broken(5), tiny_modality)
    with pytest.raises(DataError, match=r"^a\.png is no picture\.$"):
        batches.take("x", 0)
    batches.close()


def test_labels_only_when_asked(tiny_source, tiny_modality):
    assert stream(tiny_source(50), tiny_modality).take("x", 0).cond is None


@pytest.mark.parametrize(("n", "batch"), [(10, 4), (3, 8), (5, 5), (1, 4)])
def test_batches_are_slices_of_the_orders_of_the_epochs(tiny_source, tiny_modality, n, batch):
    batches = stream(tiny_source(n), tiny_modality, batch=batch)
    taken = torch.cat([batches.indices("adversarial", number) for number in range(6)])
    epochs = -(-len(taken) // n)
    orders = [torch.randperm(n, generator=Draw(3, epoch).generator("order/adversarial")) for epoch in range(epochs)]
    assert torch.equal(taken, torch.cat(orders)[: len(taken)])


def test_no_held_out_item_is_ever_in_a_batch(tiny_source, tiny_modality):
    split = split_items(50, 12, seed=3)
    batches = stream(tiny_source(50), tiny_modality, batch=7, split=split)
    seen = torch.cat([batches.indices("adversarial", k) for k in range(200)])
    assert not torch.isin(seen, split.held_out).any()
    assert sorted(seen[:38].tolist()) == split.train.tolist()


def test_picked_items_are_the_items_asked_for(tiny_source, tiny_modality):
    batches = stream(tiny_source(50), tiny_modality, conditional=True)
    batch = batches.pick(torch.tensor([4, 9]))
    assert torch.equal(batch.real, tiny_source(50).items[[4, 9]])
    assert batch.cond.tolist() == [4, 9]

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Spec
from multigan.inputs.beside import pair_up
from multigan.plugins.image import modality
from multigan.plugins.image.sources import Pictures


def pictures(values, names, *, flip=False):
    """One pixel each, which says which it is."""
    items = torch.tensor(values, dtype=torch.uint8).view(-1, 1, 1, 1)
    items = torch.cat([items, items + 100]) if flip else items
    return Data(Pictures(items, flip), Spec("image", (1, 1, 1)), names=tuple(names))


def pairs_of(data):
    numbers = torch.arange(len(data.items))
    targets, inputs = data.items.take(numbers, Draw(0)), data.inputs.take(numbers, Draw(0))
    return [*zip(targets.flatten().tolist(), inputs.flatten().tolist(), strict=True)]


def test_pairs_are_joined_by_name_whatever_is_missing_or_too_much():
    target = pictures([1, 2, 3, 4], "abcd")
    other = pictures([13, 11, 15, 14], "caed")  # no b, another order, and an e
    data = pair_up(target, other, modality)
    assert pairs_of(data) == [(1, 11), (3, 13), (4, 14)]
    assert "3 pairs of input and target, joined by name" in data.report
    assert "1 target without an input, left out: b" in data.report
    assert "1 input without a target, left out: e" in data.report


def test_mirror_images_find_mirror_images_and_stay_together():
    data = pair_up(pictures([1, 2, 3], "abc", flip=True), pictures([13, 11], "ca", flip=True), modality)
    assert pairs_of(data) == [(1, 11), (3, 13), (101, 111), (103, 113)]
    assert data.items.groups.tolist() == [0, 2, 0, 2]


def test_of_two_files_with_one_name_the_second_is_nobodys_partner():
    data = pair_up(pictures([1, 2, 3], "aab"), pictures([11, 13], "ab"), modality)
    assert pairs_of(data) == [(1, 11), (3, 13)]
    assert "1 target without an input, left out: a, once more" in data.report


def test_labels_go_with_their_targets():
    target = pictures([1, 2, 3], "abc")
    labelled = Data(target.items, target.spec, torch.tensor([7, 8, 9]), names=target.names)
    assert pair_up(labelled, pictures([13, 11], "ca"), modality).labels.tolist() == [7, 9]


def test_without_names_order_counts():
    assert pairs_of(pair_up(pictures([1, 2], ""), pictures([11, 12], ""), modality)) == [(1, 11), (2, 12)]


def test_nothing_in_common_is_refused_and_leftovers_where_asked():
    with pytest.raises(DataError, match="2 targets without an input, left out: a, b; 1 input without a target"):
        pair_up(pictures([1, 2], "ab"), pictures([1], "x"), modality)
    with pytest.raises(DataError, match="1 target without an input"):
        pair_up(pictures([1, 2], "ab"), pictures([1], "a"), modality, strict=True)


def test_files_of_both_sides_are_known(tmp_path):
    one, two = tmp_path / "B" / "a.png", tmp_path / "A" / "a.jpg"
    target, other = pictures([1], "a"), pictures([2], "a")
    target = Data(target.items, target.spec, files=(one,), root=one.parent, names=("a",))
    other = Data(other.items, other.spec, files=(two,), root=two.parent, names=("a",))
    data = pair_up(target, other, modality)
    assert (data.files, data.root) == ((one, two), tmp_path)


def test_raw_inputs_become_inputs_like_samples():
    data = pair_up(pictures([1], "a"), pictures([255], "a"), modality)
    raw = data.inputs.take(torch.tensor([0]), Draw(0))
    assert data.inputs.make(torch.zeros(1, 1, 1, 1), raw, Draw(0)).tolist() == [[[[1.0]]]]
    with pytest.raises(ValueError, match="read, not made"):
        data.inputs.make(torch.zeros(1, 1, 1, 1), None, Draw(0))

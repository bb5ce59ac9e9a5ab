import copy

import pytest
import torch
from torch import nn

from multigan.features.kept import read_kept, write_kept


def net(seed=0, width=3):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, width), nn.BatchNorm1d(width))


def same(a, b):
    return all(torch.equal(a.state_dict()[name], b.state_dict()[name]) for name in a.state_dict())


def test_a_classifier_comes_back_with_buffers_and_accuracy(tmp_path):
    one, other, file = net(0), net(1), tmp_path / "new" / "a.safetensors"
    one[1].running_mean.fill_(0.25)
    write_kept(one, file, 0.1 + 0.2)
    assert not same(one, other)
    assert read_kept(other, file) == 0.1 + 0.2
    assert same(one, other)
    assert list(file.parent.iterdir()) == [file]


def test_what_is_no_whole_file_is_none_and_leaves_the_net(tmp_path):
    one, file = net(), tmp_path / "a.safetensors"
    before = copy.deepcopy(one)
    assert read_kept(one, file) is None
    write_kept(one, file, 0.5)
    whole = file.read_bytes()
    for damaged in (b"", whole[:50], whole[:-8], b"\xff" * 100):
        file.write_bytes(damaged)
        assert read_kept(one, file) is None
    assert same(one, before)


def test_another_net_or_other_metadata_is_none(tmp_path):
    from safetensors.torch import save_file

    file = tmp_path / "a.safetensors"
    write_kept(net(width=5), file, 0.5)
    assert read_kept(net(), file) is None
    for metadata in (None, {"other": "1"}, {"accuracy": "much"}):
        save_file(net().state_dict(), file, metadata)
        assert read_kept(net(), file) is None


@pytest.mark.parametrize("there", ["a file", "a folder of that name"])
def test_a_place_that_cannot_be_written_costs_nothing(tmp_path, there):
    if there == "a file":
        (tmp_path / "f").write_text("no folder")
        write_kept(net(), tmp_path / "f" / "a.safetensors", 0.5)
        assert (tmp_path / "f").read_text() == "no folder"
    else:
        (tmp_path / "a.safetensors" / "in it").mkdir(parents=True)
        write_kept(net(), tmp_path / "a.safetensors", 0.5)
        assert read_kept(net(), tmp_path / "a.safetensors") is None

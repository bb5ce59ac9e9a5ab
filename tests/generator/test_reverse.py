"""Both ways of one generator, out of one folder."""

import numpy as np
import pytest
import torch

import multigan
from multigan.core.errors import UnsupportedError
from multigan.generator.reverse import reversed_way
from multigan.nets.both_ways import BothWays


def test_a_folder_holds_both_ways(two_sets, tmp_path, noisy_picture):
    noisy_picture((13, 9)).save(tmp_path / "x.png")
    for which in ("last", "best"):
        there = multigan.load(two_sets.folder, which)
        back = reversed_way(there)
        assert isinstance(there.net, BothWays)
        assert back.net is there.net.back
        assert (back.kept, back.source, back.spec) == (which, there.source, there.input_spec)
        assert back.config["weights_sha256"] != there.config["weights_sha256"]
    made, other = (np.asarray(one.apply(tmp_path / "x.png")) for one in (there, back))
    assert made.shape == other.shape == (9, 13, 3)
    assert not np.array_equal(made, other)
    with torch.no_grad():
        x = torch.rand(1, 3, 8, 8)
        assert torch.equal(there.net(torch.zeros(1, 0), source=x), there.net.there(torch.zeros(1, 0), source=x))
    there.save_pretrained(tmp_path / "copy")
    assert np.array_equal(np.asarray(multigan.load(tmp_path / "copy").apply(tmp_path / "x.png")), made)
    back.save_pretrained(tmp_path / "back")
    alone = multigan.load(tmp_path / "back")
    assert np.array_equal(np.asarray(alone.apply(tmp_path / "x.png")), other)


def test_one_way_has_no_way_back(negatives):
    with pytest.raises(
        UnsupportedError, match=r"goes one way only.*'cycle' or, of texts, 'back-translation' \(text/restyle\)"
    ):
        reversed_way(negatives.generator)

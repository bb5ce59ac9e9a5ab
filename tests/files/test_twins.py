import numpy as np

from multigan.files.twins import same, similar, spread


def test_groups():
    assert same(["a", "b", "a"]) == [[0, 2]]
    prints = np.random.default_rng(0).normal(0, 50, (1500, 32)).astype(np.float32)
    prints[1400] = prints[7] + 0.5
    assert similar(prints, 1.0) == [[7, 1400]]
    assert similar(prints, 0.1) == []
    assert (len(spread(50_000)), spread(3)) == (20_000, [0, 1, 2])

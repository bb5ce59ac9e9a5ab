import pytest
import torch

from multigan.core.errors import PluginError
from multigan.testing import check_extractor

REAL = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))


class Extractor:
    name, sha256, dim = "mine", "0" * 64, 3

    def __init__(self, function=lambda x: x * 2, **changes):
        self.function = function
        self.__dict__.update(changes)

    def __call__(self, real):
        return self.function(real)


def test_one_that_keeps_the_rules_passes():
    check_extractor(Extractor(), REAL)
    check_extractor(Extractor(dim=None), REAL)


BROKEN = {
    "no name": (Extractor(name=""), "name is ''"),
    "no checksum": (Extractor(sha256="abc"), "64 hexadecimal"),
    "another dim": (Extractor(dim=2), "dim = 2, but it gives 3"),
    "reduced": (Extractor(lambda x: x.mean(0)), "floats"),
    "integers": (Extractor(lambda x: x.long()), "floats"),
    "nan": (Extractor(lambda x: x / 0), "not finite"),
    "random": (Extractor(lambda x: x + torch.rand(1)), "differs between calls"),
    "in place": (Extractor(lambda x: x.clamp_(0)), "changes its input"),
    "constant": (Extractor(lambda x: x * 0), "the same features"),
    "batch": (Extractor(lambda x: x - x.mean(0)), "neighbours"),
    "empty": (Extractor(lambda x: x if len(x) else torch.zeros(1, 3)), "empty batch"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_extractors_are_caught(fault):
    extractor, message = BROKEN[fault]
    with pytest.raises(PluginError, match=message):
        check_extractor(extractor, REAL.clone())

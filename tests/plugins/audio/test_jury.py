import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.jury import build_jury

SPEC = Spec("audio", (1, 1000), meta={"sample_rate_hz": 8000})


def test_the_papers_two_together():
    assert sum(p.numel() for p in build_jury(SPEC).parameters()) == 41_105_770 + 29_618_821


@pytest.mark.parametrize(("widths", "heads"), [((1, 4, 2), 11), ((0, 4, 0), 3), ((0, 0, 2), 3), ((1, 0, 0), 5)])
def test_kinds_can_be_left_out(widths, heads):
    D = build_jury(SPEC, **dict(zip(("periods", "scales", "spectra"), widths, strict=True)))
    assert len(D(torch.randn(2, 1, 1000)).logits) == heads


def test_someone_has_to_listen():
    with pytest.raises(RecipeError, match="critics of one kind at least"):
        build_jury(SPEC, periods=0, scales=0)

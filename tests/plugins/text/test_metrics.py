import math

import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.text.metrics import scores


def test_collapse_shows():
    spec = Spec("text", (5, 9), (), {"end": None, "oracle": {"vocab": 9, "length": 5, "hidden": 4, "seed": 0}})
    real = torch.randint(9, (50, 5))
    found = scores(real, real[:1].expand(50, -1), spec)
    assert found["unique"] == 1 / 50
    assert found["self_bleu_4"] == pytest.approx(1)
    assert math.isfinite(found["nll_oracle"])

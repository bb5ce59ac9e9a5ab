import pytest
import torch

from multigan.engine.precision import autocast, choose_device, choose_precision
from multigan.errors import RecipeError


def test_cpu_stays_in_float32():
    assert choose_precision("auto", torch.device("cpu")) == torch.float32
    with pytest.raises(RecipeError, match="no fast hardware"):
        choose_precision("bf16", torch.device("cpu"))
    with autocast(torch.device("cpu"), torch.float32):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


def test_a_device_that_is_not_there_is_named():
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(RecipeError, match=r"train\.device = 'tpu'"):
        choose_device("tpu")

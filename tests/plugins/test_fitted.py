import dataclasses

import pytest
import torch

from multigan.plugins.fitted import Fitted


def test_a_file_that_fits_is_itself_and_nothing_more():
    fitted = Fitted(torch.zeros(2))
    assert (fitted.hole, fitted.note, fitted.back, dict(fitted.saving)) == (None, "", None, {})
    with pytest.raises(dataclasses.FrozenInstanceError):
        fitted.note = "x"

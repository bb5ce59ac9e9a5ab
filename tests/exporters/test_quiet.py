import logging
import warnings

import pytest

from multigan.exporters.quiet import quiet


def test_others_are_silent_inside_and_as_before_outside(caplog):
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    with quiet():
        warnings.warn("not heard", stacklevel=1)
        logger.warning("not heard")
    assert logger.level == before
    assert caplog.text == ""
    with pytest.warns(UserWarning, match="heard"):
        warnings.warn("heard", stacklevel=1)

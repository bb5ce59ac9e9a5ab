import sys

import pytest

from multigan.cli.demo import demo
from multigan.core.errors import DataError, RunError


def test_nothing_is_shared_and_the_package_is_asked_for_first(monkeypatch):
    with pytest.raises(DataError, match="never"):
        demo(["runs/none"], share="always")
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(RunError, match="multigan\\[demo\\]"):
        demo(["runs/none"])

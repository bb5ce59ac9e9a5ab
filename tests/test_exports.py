import subprocess
import sys

import pytest

import multigan


def test_the_shelf_is_sorted_and_complete():
    assert multigan.__all__ == sorted(multigan.__all__)
    assert set(multigan.__all__) == set(multigan._HOMES)


@pytest.mark.parametrize("name", multigan.__all__)
def test_every_name_on_the_shelf_is_there(name):
    assert getattr(multigan, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'tarin'"):
        multigan.tarin  # noqa: B018


def test_importing_costs_no_torch():
    code = (
        "import sys, multigan, multigan.cli; print(sorted({'torch','pydantic','librosa','numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

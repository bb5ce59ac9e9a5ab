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


def test_the_data_doctor_is_called_by_its_short_name(tmp_path):
    (tmp_path / "lines.txt").write_text("one line\n" * 3)
    report = multigan.inspect_data(tmp_path)
    assert isinstance(report, multigan.DataReport)
    assert (report.modality, report.exit_code) == ("text", 2)

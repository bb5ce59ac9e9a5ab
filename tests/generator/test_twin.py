"""What lies in `RUN/twin`, read back; whatever is damaged is no twin."""

import json

import pytest

from multigan.generator.twin import FILE, PLACE, Found, Twin, twin_of

TOLD = Twin("0" * 64, "1" * 64, 1600, 81.5, 79.6)


def test_it_says_what_is_equal_and_what_each_took():
    assert TOLD.line() == (
        "the fit alone for 1,600 updates of G, as many as the last generator has had; 80 s of training where the run "
        "took 82"
    )


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"of": 1}', json.dumps(TOLD._asdict())])
def test_without_a_whole_run_there_is_none(tmp_path, said):
    assert twin_of(tmp_path) == Found()
    (tmp_path / PLACE).mkdir()
    assert twin_of(tmp_path).twin is None
    assert twin_of(tmp_path).left_out.endswith(f"is not done, and left out: type multigan twin {tmp_path}")
    (tmp_path / PLACE / FILE).write_text(said)
    found = twin_of(tmp_path)
    assert found.twin is None
    assert "is damaged (" in found.left_out
    assert found.left_out.endswith(
        f", and left out: remove it (rm -r {tmp_path / PLACE}), then type multigan twin {tmp_path}"
    )

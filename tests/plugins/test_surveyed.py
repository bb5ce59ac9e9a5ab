"""What `inspect` hands back is a survey, or one line that says what is not."""

import pytest

from multigan.core.errors import DataError, PluginError
from multigan.core.types import Spec
from multigan.doctor.inspect import inspect_data
from multigan.files.findings import Finding, Survey
from multigan.plugins import modalities
from multigan.plugins.adapter import Adapter
from multigan.plugins.surveyed import surveyed


class Mine(Adapter):
    name = "mine"
    summary = "numbers"
    suffixes = (".mine",)
    recipe_for_files = "points/ring"

    def load(self, source):
        raise DataError(source)


SPEC = Spec("mine", (2,))
FAULTS = {
    "nothing": (
        lambda: None,
        r"gives NoneType; expected multigan.files.findings.Survey\(counts, findings, items, spec",
    ),
    "a mapping": (lambda: {"counts": {}}, "gives dict; expected multigan.files.findings.Survey"),
    "counts that are numbers": (
        lambda: Survey({"lines": 3}, [], 3, SPEC),
        "counts = .'lines': 3.; expected words by name",
    ),
    "findings that are words": (
        lambda: Survey({}, ["odd"], 3, SPEC),
        "findings = .'odd'.; expected a list of multigan",
    ),
    "a severity of its own": (lambda: Survey({}, [Finding("bad", "x", "y")], 3, SPEC), "findings = "),
    "items that are a list": (lambda: Survey({}, [], [1], SPEC), "items = .1.; expected the number of samples"),
    "a spec that is a shape": (lambda: Survey({}, [], 3, (2,)), "spec = .2,.; expected a multigan.Spec or None"),
    "the spec of another": (lambda: Survey({}, [], 3, Spec("image", (2,))), "a spec of 'image'; expected 'mine'"),
    "classes that are names": (
        lambda: Survey({}, [], 3, SPEC, ["a"]),
        "classes = .'a'.; expected the number of samples",
    ),
    "a failure": (lambda: 1 / 0, "fails in inspect: ZeroDivisionError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_survey_is_one_line(fault, tmp_path):
    call, message = FAULTS[fault]
    with pytest.raises(PluginError, match=f"^modality 'mine'.*{message}"):
        surveyed(Mine(), call)
    (tmp_path / "x.mine").write_text("1")
    mine = type("Changed", (Mine,), {"inspect": lambda self, path, options, tick: call()})()
    with modalities.lend("mine", mine), pytest.raises(PluginError, match=message):
        inspect_data(tmp_path / "x.mine", "mine")


def test_a_survey_is_handed_on_and_a_refusal_in_words_stays_one():
    whole = Survey({"lines": "3"}, [Finding("note", "x", "y")], 3, SPEC, {"a": 3})
    assert surveyed(Mine(), lambda: whole) is whole
    with pytest.raises(DataError, match="no"):
        surveyed(Mine(), lambda: (_ for _ in ()).throw(DataError("no")))

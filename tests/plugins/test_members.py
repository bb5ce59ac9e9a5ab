"""What a modality's object must have and may have: each fault is named when it is registered."""

import pytest

from multigan.core.errors import PluginError
from multigan.core.registry import API, CHANGES, Registry
from multigan.core.types import Modality, members_of
from multigan.plugins import modalities
from multigan.plugins.abilities import ABILITIES, Exports, Scores, able
from multigan.plugins.adapter import Adapter
from multigan.plugins.members import MEMBERS, check_members


class Mine(Adapter):
    name = "mine"

    def load(self, source):
        raise NotImplementedError


def mutant(**changes):
    return type("Mutant", (Mine,), changes)()


FAULTS = {
    "a class": (Mine, "the class Mine; expected an object"),
    "nothing": (object(), "has no name, summary"),
    "suffixes": (mutant(suffixes=".x"), "suffixes is str; expected tuple"),
    "generators": (mutant(generators=[]), "generators is list"),
    "another name": (mutant(name="other"), "calls itself 'other'"),
    "a method": (mutant(save=3), "save cannot be called"),
    "a verb": (mutant(unsupported={"expotr": "x"}), "did you mean 'export'"),
    "a reason": (mutant(unsupported={"export": " "}), "no reason for 'export'"),
    "a range": (mutant(real_range=1.0), "real_range is float; expected tuple"),
    "a signature": (mutant(render=lambda self, fake: []), r"render takes \(fake\); expected render\(fake, spec\)"),
    "an old member": (mutant(metrics=lambda self, real, fake, spec: {}), r"has metrics.*expected own_scores\(samples"),
    "a misspelt ability": (mutant(read_holes=lambda self, text, spec: text), "did you mean 'read_hole'"),
    "a score too few": (mutant(own_score=lambda self, a, b, c, d: []), "'own_score'.*did you mean 'own_scores'"),
    "a misspelt member": (mutant(to_reals=lambda self, raw, spec: raw), "did you mean 'to_real'"),
    "a misspelt value": (mutant(real_ranges=(0.0, 1.0)), "did you mean 'real_range'"),
    "half an ability": (mutant(output_name="x"), "has output_name without output_meaning, to_output"),
    "no usual ones": (mutant(augmentations={}), "has augmentations without augmentation_policy; expected all of"),
    "the type of an ability": (mutant(inversion=["mel"]), "inversion is list; expected Mapping"),
    "no tag": (mutant(pipeline_tag=3), "pipeline_tag is int; expected str"),
    "no method": (mutant(film=3), "film cannot be called; expected a method"),
    "too few arguments": (
        mutant(own_scores=lambda self, a, b: []),
        r"own_scores takes \(a, b\); expected own_scores\(samp",
    ),
    "a keyword that is not taken": (
        mutant(fit=lambda self, path, spec: None),
        r"fit takes \(path, spec\); expected fit\(path, spec, hole=\.\.\., at=\.\.\.\)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_members_are_checked_when_a_plugin_loads(fault):
    thing, message = FAULTS[fault]
    with pytest.raises(PluginError, match=message):
        check_members("mine", thing)


def test_what_is_offered_rightly_passes():
    def own_scores(self, fake, real, *others):
        return []

    whole = {"output_name": "x", "output_meaning": "y", "to_output": staticmethod(lambda fake, spec: fake)}
    mine = mutant(own_scores=own_scores, _read_holes=1, bright=2, film=staticmethod(lambda a, b, c, d: []), **whole)
    check_members("mine", mine)
    assert able(mine, Scores)
    assert able(mine, Exports)
    for name in modalities.names():
        check_members(name, modalities.get(name))


def test_members_are_those_of_the_protocols():
    assert members_of(Exports) == ("output_name", "output_meaning", "to_output")
    assert {"load", "sheet", "unsupported", "multigan_api"} <= {*members_of(Modality)}
    assert MEMBERS["read_hole"] in ABILITIES
    assert MEMBERS["load"] is Modality
    assert {*members_of(Modality)} | {"trial", "untouched", "expected_failures"} == {
        one for one in dir(Adapter) if one[0] != "_"
    }


OLD = {
    "tiny_says": (
        "from multigan import Adapter\nmultigan_api = 1\nclass T(Adapter):\n    name = 'tiny'\nmodality = T()\n"
    ),
    "tiny_imports": "from multigan.modality import Trial\n",
    "tiny_name": "from multigan.recipe import load_recipe\n",
}


@pytest.mark.parametrize("module", OLD)
def test_a_package_for_the_first_contract_is_listed_with_what_to_change(module, install):
    install("tiny-old", {"multigan.modalities": {"tiny": f"{module}:modality"}}, **{module: OLD[module]})
    r = Registry("modality", "multigan.modalities", check=check_members, declares=True)
    assert dict(r.items()) == {}
    (broken,) = r.broken.values()
    assert "it was made for multigan_api = 1" in broken.reason
    assert f"expected multigan_api = {API}" in broken.reason
    assert CHANGES[1] in broken.reason
    assert "\n" not in broken.reason


def test_a_package_that_inherits_the_version_and_still_has_metrics_is_told(install):
    source = "from multigan import Adapter\nclass T(Adapter):\n    name = 'tiny'\n    metrics = None\nmodality = T()\n"
    install("tiny-old", {"multigan.modalities": {"tiny": "tiny_old:modality"}}, tiny_old=source)
    r = Registry("modality", "multigan.modalities", check=check_members, declares=True)
    with pytest.raises(PluginError, match=r"'tiny' has metrics, of an older contract; expected own_scores"):
        r.get("tiny")

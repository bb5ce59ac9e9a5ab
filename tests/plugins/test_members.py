"""What a modality's object must have and may have: each fault is named when it is registered."""

import math

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
    "a score by a usual name": (mutant(score=lambda self, samples: 1.0), "'score'.*did you mean 'own_scores'"),
    "scores by a usual name": (mutant(scores=lambda self, a, b, c, d: []), "'scores'.*did you mean 'own_scores'"),
    "a look at files": (
        mutant(inspect_files=lambda self, path, options, tick: None),
        "'inspect_files', which nothing asks for.*did you mean 'inspect'",
    ),
    "a word more": (mutant(read_file=lambda self, path, spec: None), "'read_file'.*did you mean 'read'"),
    "a word less": (mutant(html=lambda self, sample, spec: ""), "'html'.*did you mean 'to_html'"),
    "augmentations by another name": (
        mutant(augments={"flip": lambda x, draw: x}),
        "'augments'.*did you mean 'augmentations'",
    ),
    "endings by another name": (mutant(extensions=(".x",)), "'extensions'.*did you mean 'suffixes'"),
    "arguments that changed places": (
        mutant(own_scores=lambda self, real, samples, train, spec: []),
        r"own_scores takes \(real, samples, train, spec\), which is given 'samples' as 'real'; expected own_s",
    ),
    "arguments of the contract that changed places": (
        mutant(render=lambda self, spec, fake: []),
        r"render takes \(spec, fake\), which is given 'fake' as 'spec'; expected render\(fake, spec\)",
    ),
    "a range upside down": (mutant(real_range=(1, -1)), r"real_range is \(1, -1\); expected two numbers, the lower fi"),
    "a range of nan": (mutant(real_range=(math.nan, 1.0)), r"real_range is \(nan, 1.0\); expected two numbers"),
    "a range of nothing": (mutant(real_range=(1.0, 1.0)), "real_range is"),
    "half a range": (mutant(real_range=(1.0,)), "real_range is"),
    "a range in words": (mutant(real_range=("0", "1")), "real_range is"),
    "a suffix that is no word": (mutant(suffixes=(3,)), "'mine'.suffixes has 3; expected words"),
    "a builder that is none": (
        mutant(generators={"mlp": "build"}),
        "generators.'mlp'. is str; expected something that can be called",
    ),
    "no builder": (mutant(discriminators={}), "discriminators is empty"),
    "a weight that is nan": (mutant(inversion={"mel": math.nan}), "inversion.'mel'. is nan; expected a finite weight"),
    "usual ones that are missing": (
        mutant(augmentations={"flip": lambda x, draw: x}, augmentation_policy=("flipp",)),
        "'mine'.augmentation_policy names 'flipp'; expected names of its augmentations; did you mean 'flip'",
    ),
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


HELPERS = {
    "another method with the same verb": {"read_rows": lambda self, path: [], "load_all": lambda self: []},
    "a value with a usual name": {"scores": {"best": 1.0}, "score": 3, "curves": ()},
    "a usual name beside the ability": {
        "own_scores": lambda self, samples, real, train, spec: [],
        "scores": lambda self, samples: [],
        "score": lambda self, samples: 0.0,
    },
    "names of its own for arguments": {"own_scores": lambda self, fake, real, others, about: []},
    "one bound": {"real_range": (0.0, math.inf)},
    "words that members have": {"spec_of": lambda self, path: None, "render_one": lambda self, fake, spec: None},
}


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_raise_no_false_alarm(name):
    check_members("mine", mutant(**HELPERS[name]))


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

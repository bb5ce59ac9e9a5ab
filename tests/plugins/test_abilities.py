"""Abilities: one question, one file of protocols, and nobody who feels for a plugin's powers beside it."""

import ast
import inspect
import re
from pathlib import Path
from typing import Protocol

import pytest

from multigan.core.types import Modality, members_of
from multigan.plugins import abilities, modalities
from multigan.plugins.abilities import ABILITIES, Curves, Fills, Masks, Reads, Scores, able

ROOT = Path(__file__).parent.parent.parent
ASKED = {member for ability in ABILITIES for member in members_of(ability)}
DEMANDED = {*members_of(Modality)}
MODALITY = re.compile(r"(modality|adapter|plugin)(\.get\(.*\)|\(.*\))?$|modalities\.get\(.*\)$")
DOORS = {"plugins/members.py", "core/types.py"}
"""The check of what is registered, and the question itself."""


def felt(tree):
    """Lines at which a modality is felt for a member by name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("getattr", "hasattr", "getattr_static"):
            continue
        name = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
        if MODALITY.search(ast.unparse(node.args[0])) or name in ASKED:
            yield node.lineno


@pytest.mark.parametrize("top", ["multigan", "benchmarks", "examples"])
def test_nobody_feels_for_what_a_modality_can(top):
    trees = {path: ast.parse(path.read_text()) for path in (ROOT / top).rglob("*.py")}
    found = [(str(path.relative_to(ROOT / top)), line) for path, tree in trees.items() for line in felt(tree)]
    assert [one for one in found if one[0] not in DOORS] == []


@pytest.mark.parametrize(
    "code",
    [
        "hasattr(generator.modality, 'fill')",
        "getattr(modality, name)",
        "getattr(modalities.get(recipe.modality), 'x', None)",
        "getattr(thing, 'own_curves', None)",
        "hasattr(plugin, 'inspect')",
        "getattr(self.modality, 'to_html', None)",
        "inspect.signature(getattr(plugin, 'load'))",
    ],
)
def test_the_search_finds_them(code):
    assert list(felt(ast.parse(code))) == [1]


@pytest.mark.parametrize("code", ["hasattr(net, 'logits')", "getattr(data.items, 'groups', None)", "able(x, Reads)"])
def test_the_search_leaves_others_alone(code):
    assert list(felt(ast.parse(code))) == []


def test_who_can_what():
    image, points, text = (modalities.get(name) for name in ("image", "points", "text"))
    assert [able(one, Scores) for one in (image, points, text)] == [True] * 3
    assert [able(image, one) for one in (Reads, Masks, Fills, Curves)] == [True, True, False, False]
    assert [able(text, one) for one in (Reads, Masks, Fills, Curves)] == [False, False, True, True]
    assert not any(able(object(), one) for one in ABILITIES)
    blind = type("Blind", (type(image),), {"read": None})()
    assert [able(blind, one) for one in (Reads, Masks)] == [False, True]


def test_every_protocol_of_the_file_is_listed_once():
    classes = [one for one in vars(abilities).values() if inspect.isclass(one) and Protocol in one.__bases__]
    assert {*classes} == {*ABILITIES}
    assert len({*ABILITIES}) == len(ABILITIES)
    assert {one.__name__ for one in ABILITIES} <= set(abilities.__all__)
    assert [one for one in ABILITIES if not inspect.getdoc(one)] == []


def test_no_member_belongs_to_two_abilities_or_to_the_contract_too():
    members = [member for ability in ABILITIES for member in members_of(ability)]
    assert len({*members}) == len(members)
    assert not {*members} & DEMANDED


def test_the_page_for_authors_names_every_member():
    page = (ROOT / "docs" / "extend.md").read_text()
    assert [one for one in sorted(ASKED | DEMANDED) if f"`{one}" not in page] == []

"""What is written is JSON to every reader; no other writer stands in the house."""

import ast
import json
import math
from pathlib import Path

import pytest

from multigan.core import strict_json

ROOT = Path(__file__).parent.parent.parent
NO_FILES = {
    "multigan/core/plain.py": "one letter",
    "multigan/core/strict_json.py": "the writer",
    "multigan/engine/verified.py": "a hash",
    "multigan/evaluation/subject.py": "a comparison",
    "multigan/identity/agree.py": "words between processes",
    "multigan/identity/fingerprint.py": "hashes",
    "multigan/recipe/recipe.py": "a hash",
    "multigan/recipe/values.py": "TOML strings",
    "multigan/bench/sets.py": "a TOML string",
    "multigan/testing/on_data.py": "a trial",
    "multigan/plugins/contract.py": "a trial",
    "multigan/pace/deadline.py": "words between processes",
    "multigan/pace/probe.py": "words between processes",
    "multigan/plugins/text/borrowed.py": "a tokenizer in memory",
}
"""Where the library's own `json.dumps` stands, and that it is no file's."""


def no_constant(name):
    raise AssertionError(name)


def test_what_is_not_finite_is_null_at_any_depth_and_the_rest_as_ever():
    value = {"a": [1.5, math.nan, {"b": (math.inf, -math.inf, None, True, "é")}], "c": {}}
    text = strict_json.dumps(value, indent=1, ensure_ascii=False)
    assert json.loads(text, parse_constant=no_constant) == {
        "a": [1.5, None, {"b": [None, None, None, True, "é"]}],
        "c": {},
    }
    plain = {"z": [1, 2.5, "é"], "a": {"b": None}}
    for layout in ({}, {"indent": 1}, {"sort_keys": True, "separators": (",", ":")}):
        assert strict_json.dumps(plain, **layout) == json.dumps(plain, **layout)


def test_names_that_are_no_text_can_be_written_and_come_back():
    value = {"path": "runs/a\udcffb", "é": 1}
    text = strict_json.dumps(value, ensure_ascii=False)
    assert text == '{"path": "runs/a\\udcffb", "é": 1}'
    assert json.loads(text.encode()) == value


def test_what_is_no_json_is_refused_as_by_the_library():
    ring: list = []
    ring.append(ring)
    with pytest.raises(ValueError, match="Circular"):
        strict_json.dumps(ring)
    with pytest.raises(TypeError, match="set"):
        strict_json.dumps({1, 2})


def test_no_other_writer_of_json_stands_in_the_house():
    found = set()
    for folder in ("multigan", "benchmarks", "examples"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node, "attr", None) if isinstance(node, ast.Attribute) else None
                if name in ("dump", "dumps") and isinstance(node.value, ast.Name) and node.value.id == "json":
                    found.add(str(path.relative_to(ROOT)))
    assert found <= NO_FILES.keys()

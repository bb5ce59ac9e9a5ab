import ast
import shlex

import pytest

from multigan.publish.markdown import code, escaped, python_string, shell_word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 1,797 of 16 × 16", "plain words, 1,797 of 16 × 16"),
        ("sample_rate_hz", "sample_rate_hz"),
        ("_a_ *b*", r"\_a\_ \*b\*"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("[a](b)", r"\[a\](b)"),
        ("see https://a.b and www.a.b", r"see https\://a.b and www\.a.b"),
        ("a" + chr(10) + "b" + chr(27), r"a\\nb\\x1b"),
    ],
)
def test_markdown_shows_what_stood_there(text, shown):
    assert escaped(text) == shown


@pytest.mark.parametrize("text", ["a", "a`b", "``", 'q"uote', "back\\slash", "it's", "two words", "$(rm)"])
def test_code_is_what_it_was(text):
    assert ast.literal_eval(python_string(text)) == text
    assert shlex.split(shell_word(text)) == [text]
    inside = code(text)
    fence = inside[: len(inside) - len(inside.lstrip("`"))]
    assert inside.endswith(fence)
    assert fence not in inside[len(fence) : -len(fence)].strip()

"""Every number that a verb takes has bounds, so that a slip is told before anything is loaded."""

import inspect
from typing import get_args

import pytest

from multigan.cli.app import app

FREE = {"seed", "truncation", "temperature", "scale", "seconds"}
"""Any whole number is a seed; the others are checked with what is drawn, in words of their own."""


def verbs(of):
    yield from (command.callback for command in of.registered_commands)
    for group in of.registered_groups:
        yield from verbs(group.typer_instance)


def numbers():
    for verb in verbs(app):
        for name, one in inspect.signature(verb).parameters.items():
            kind, *rest = get_args(one.annotation) or (one.annotation,)
            if rest and {int, float} & {kind, *get_args(kind)}:
                yield f"{verb.__name__} {name}", name, rest[0]


def test_numbers_of_verbs_have_bounds():
    met = [(where, option) for where, name, option in numbers() if name not in FREE]
    assert len(met) > 15
    assert [where for where, option in met if option.min is None] == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [(("generate", "x", "--n", "0"), "'--n'"), (("vary", "x", "--amount", "2"), "'--amount'")],
)
def test_what_is_beyond_is_told_first(multigan, words, answer):
    done = multigan(*words)
    assert done.returncode == 2
    assert f"Invalid value for {answer}" in done.stderr


@pytest.mark.parametrize("words", [["doctor"], ["generate"], ["train", "points/ring", "--out"], ["train", "--resume"]])
def test_a_name_that_no_system_takes_is_refused_before_any_work(multigan, words):
    done = multigan(*words, "n" * 256)
    assert done.returncode == 2
    assert "expected names of at most 255 bytes; " in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr

"""A fault in a plugin's code is the plugin's, with file and line."""

import sys

import pytest

from multigan.cli import faults
from multigan.extend.blame import blame
from multigan.games import games
from multigan.losses import losses, penalties

SOURCE = """
def build(players, rules):
    return players["none"]
def call(function):
    return function()
"""


@pytest.fixture
def planted(install, monkeypatch):
    """A package with a game and a function that calls another's."""
    for registry in (games, losses):
        monkeypatch.setattr(registry, "_points", None)
    install("tiny-blame", {"multigan.games": {"mine": "tiny_blame:build"}}, tiny_blame=SOURCE)
    import tiny_blame

    return tiny_blame


def raised(call):
    with pytest.raises(Exception) as caught:  # noqa: PT011  (whatever it is)
        call()
    return caught.value


def test_the_plugin_is_named_with_its_place(planted, capsys, monkeypatch, tmp_path):
    error = raised(lambda: games.get("mine")({}, None))
    found = blame(error)
    assert (found.kind, found.name, found.target) == ("game", "mine", "tiny-blame")
    assert found.place.endswith("tiny_blame.py:3")
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    assert faults.fault(error, ["train"]) == faults.FAULT
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("multigan: this is a fault in the game 'mine' (tiny-blame 1.0, tiny_blame:build), ")
    assert "tiny_blame.py:3: KeyError: 'none'; the traceback is in " in line
    assert "its authors find it with multigan check tiny-blame; please report it to them with that file" in line


def test_what_no_plugin_is_on_the_way_to_is_nobodys(planted):
    assert blame(raised(lambda: {}["none"])) is None
    assert blame(ValueError("never raised")) is None
    assert blame(raised(lambda: planted.call(lambda: 1 / 0))).place.endswith("tiny_blame.py:5")


def test_of_several_in_one_module_nobody_knows_which_it_was(install, monkeypatch):
    for registry in (games, penalties):
        monkeypatch.setattr(registry, "_points", None)
    points = {"multigan.games": {"mine": "tiny_two:build"}, "multigan.penalties": {"p": "tiny_two:call"}}
    install("tiny-two", points, tiny_two=SOURCE)
    import tiny_two

    found = blame(raised(lambda: tiny_two.call(lambda: 1 / 0)))
    assert found.who == "the package 'tiny-two' (penalty 'p', game 'mine')"
    assert found.target == "tiny-two"


def test_of_several_modules_the_one_that_it_arose_in_is_named(install, monkeypatch):
    for registry in (games, penalties):
        monkeypatch.setattr(registry, "_points", None)
    points = {"multigan.games": {"mine": "tiny_parts.game:build"}, "multigan.penalties": {"p": "tiny_parts.terms:call"}}
    site = install("tiny-parts", points, tiny_parts="")
    (site / "tiny_parts.py").unlink()
    (site / "tiny_parts").mkdir()
    for name in ("__init__", "game", "terms"):
        (site / "tiny_parts" / f"{name}.py").write_text(SOURCE)
    from tiny_parts import game, terms

    assert blame(raised(lambda: game.build({}, None))).who.startswith("the game 'mine' (tiny-parts 1.0")
    assert blame(raised(lambda: terms.call(lambda: 1 / 0))).who.startswith("the penalty 'p' (tiny-parts 1.0")
    for name in ("tiny_parts.game", "tiny_parts.terms"):
        sys.modules.pop(name)

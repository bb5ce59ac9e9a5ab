"""Every snippet of the documentation runs.

Python blocks run in a folder of their own, beside tiny runs. Command lines are held to the command line that there is:
verbs, options, recipes, keys.

A comment before a Python block may hold what the reader has and the block does not show, or why it is not run:

    <!-- setup
    real = torch.randn(200, 4)
    -->

    <!-- not run: it needs a server -->
"""

import ast
import importlib
import inspect
import re
import shlex
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
import typer

from multigan.bench.configs import CONFIGS, config
from multigan.bench.sets import mode_set
from multigan.build import check
from multigan.cli.app import app
from multigan.cli.generate import parse_flags
from multigan.core.errors import MultiGANError
from multigan.plugins import modalities
from multigan.plugins.audio.endless import Endless
from multigan.recipe.recipe import find_recipe, load_recipe
from multigan.recipe.schema import Recipe

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
FENCE = re.compile(r"(?:<!-- (setup|not run:)((?:(?!-->).)*)-->\n)?^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Snippet:
    """A fenced block: page and line, language, text, code that comes before it, and why it is not run."""

    where: str
    language: str
    text: str
    setup: str = ""
    reason: str = ""


def snippets_of(page):
    """All fenced blocks of a page."""
    text, name = page.read_text(), page.relative_to(ROOT) if page.is_relative_to(ROOT) else page.name
    return [
        Snippet(
            where=f"{name}:{text.count(chr(10), 0, found.start(3)) + 1}",
            language=found[3],
            text=found[4],
            setup=found[2] if found[1] == "setup" else "",
            reason=" ".join(found[2].split()) if found[1] == "not run:" else "",
        )
        for found in FENCE.finditer(text)
    ]


def command_lines(page):
    """Command lines of a page as (where, words, whole); those in a sentence are not whole: parts may be left out."""
    text = page.read_text()
    found = []
    for snippet in snippets_of(page):
        if snippet.language in ("", "sh", "bash", "console"):
            found += [(snippet.where, line, True) for line in snippet.text.replace("\\\n", " ").splitlines()]
    prose = FENCE.sub("", text)
    indented = re.findall(r"^ {4}(multigan .*)$", prose, re.MULTILINE)
    inline = re.findall(r"`((?:multigan|--set) [^`]*)`", prose)
    name = page.relative_to(ROOT) if page.is_relative_to(ROOT) else page.name
    found += [(str(name), line, True) for line in indented] + [(str(name), line, False) for line in inline]
    return [(where, words, whole) for where, line, whole in found for words in split(line)]


def split(line):
    """The words of each `multigan ...` in a line of shell; comments and other programs are left out."""
    if line.startswith("--set "):
        line = f"multigan train {line}"
    if "multigan " not in line:
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    calls, words = [], []
    for word in [*lexer, ";"]:
        if set(word) <= set("&|;"):
            calls.append(words)
            words = []
        else:
            words.append(word)
    for words in calls:
        if "-m" in words and "multigan" in words[words.index("-m") :]:
            yield words[words.index("multigan") + 1 :]
        elif words and Path(words[0]).name == "multigan":
            yield words[1:]


LINES = [line for page in PAGES for line in command_lines(page)]
IS_RECIPE = re.compile(r"(?:image|text|audio|points)/[a-z-]+")
STANDS_FOR_ANY = ("KEY=VALUE", "table.key=value")
EXAMPLES = {path.parent.name for path in (ROOT / "examples").glob("*/pyproject.toml")}
YOUR_OWN = ["image/folder", "image/pairs", "image/unpaired", "image/style", "text/file", "text/pairs"]
YOUR_OWN += ["audio/folder", "points/ring"]


def descend(words):
    """The command that words name, and its own words."""
    command, path = typer.main.get_command(app), []
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        assert words[0] in command.commands, f"there is no command '{' '.join([*path, words[0]])}'"
        command, path, words = command.commands[words[0]], [*path, words[0]], words[1:]
    return command, path, words


def parse(words, whole=True):
    """What the command line makes of the words, as (name of the verb, values, words it left over)."""
    command, path, words = descend(words)
    if hasattr(command, "commands"):  # a group alone: its help
        assert all(word in ("--help", "--version") for word in words), words
        return " ".join(path), {}, []
    try:
        said = [word for before, word in zip(["", *words], words, strict=False) if word != "..." or before[:2] == "--"]
        context = command.make_context(" ".join(path), said)
    except Exception as error:
        if type(error).__name__ == "Exit" or (type(error).__name__ == "MissingParameter" and not whole):
            return " ".join(path), {}, []
        raise
    return " ".join(path), context.params, context.args


def binds(sets, recipe):
    try:
        check(load_recipe(recipe, sets))
    except MultiGANError:
        return False
    return True


def check_call(words, whole=True):
    """Raises where a line would be refused."""
    verb, values, rest = parse(words, whole)
    for word in words:
        if IS_RECIPE.fullmatch(word):
            find_recipe(word)
    if verb == "generate":
        givers = [way for _, one in modalities.items() for way in (one.save, getattr(one, "steering", None)) if way]
        givers.append(Endless.lasting)
        flags = {name for way in givers for name in inspect.signature(way).parameters}
        parse_flags(rest, sorted(flags))
    if verb == "bench modes":
        [mode_set(name) for name in values.get("sets", "ring").split(",")]
        [config(name) for name in values.get("configs", "all").split(",") if name != "all"]
    sets = [one for one in values.get("overrides") or [] if not one.endswith("...") and one not in STANDS_FOR_ANY]
    named = values.get("recipe") or values.get("target") or values.get("name") or ""
    if str(named).split("/")[0] in EXAMPLES - set(modalities.names()):
        return  # a recipe of a package that is not installed here; its own tests train it
    recipes = [named] if IS_RECIPE.fullmatch(str(named)) else YOUR_OWN
    assert not sets or any(binds(sets, recipe) for recipe in recipes), f"no recipe of {recipes} takes --set {sets}"


@pytest.mark.parametrize(("where", "words", "whole"), LINES, ids=[f"{where} {' '.join(w)}" for where, w, _ in LINES])
def test_a_command_line_is_taken(where, words, whole, tmp_path, monkeypatch):
    if any("my-noises/" in word for word in words):  # a recipe that names a folder is bound where there is one
        (tmp_path / "my-noises").mkdir()
        soundfile.write(tmp_path / "my-noises" / "fan.wav", np.random.default_rng(0).normal(0, 0.1, 4000), 8000)
        monkeypatch.chdir(tmp_path)
    check_call(words, whole)


def test_the_lines_are_found():
    text = " && ".join(
        [".venv/bin/multigan train image/digits --out a", "torchrun --nproc 2 -m multigan doctor b  # why"]
    )
    assert list(split(text)) == [["train", "image/digits", "--out", "a"], ["doctor", "b"]]
    assert len(LINES) > 40
    assert len(CONFIGS) > 3


@pytest.mark.parametrize(
    "line",
    [
        "multigan trian image/digits",
        "multigan train image/digits --sed 3",
        "multigan train image/digitz",
        "multigan train --set train.batchsize=3",
        "multigan train image/digits --set game.loss=hing",
        "multigan train image/digits --set G.widht=3",
        "multigan generate runs/a --bit 24",
        "multigan bench modes --sets rign",
        "multigan bench modes --configs hing",
        "multigan recipes lst",
        "multigan sign",
    ],
)
def test_a_wrong_line_is_found(line):
    [words] = split(line)
    with pytest.raises(Exception, match=r".") as found:
        check_call(words)
    assert not isinstance(found.value, KeyError | AttributeError | TypeError)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_recipes_that_are_named_exist(page):
    for name in re.findall(rf"`({IS_RECIPE.pattern})`", page.read_text()):
        assert find_recipe(name).is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_benchmarks_that_are_named_have_their_options(page):
    for name, options in re.findall(r"`(?:python benchmarks/)?(\w+\.py)((?: [^`]*)?)`", page.read_text()):
        script = ROOT / "benchmarks" / name
        if options and script.is_file():
            shared = "".join(
                one.read_text() for one in (ROOT / "benchmarks").glob("*.py") if one.stem in script.read_text()
            )
            flags = re.findall(r"(?<= )--[a-z-]+", options)
            assert [flag for flag in flags if f'"{flag}"' not in shared] == []


SNIPPETS = [one for page in PAGES for one in snippets_of(page)]
PYTHON = [one for one in SNIPPETS if one.language == "python"]
RUN = [one for one in PYTHON if not one.reason]
NOT_RUN = [one for one in PYTHON if one.reason]
NOT_RUN_AT_MOST = 8
RUNS = {"digits": "image/digits", "drums": "audio/drums", "surnames": "text/surnames", "ring": "points/ring"}


def small(text):
    """The snippet under a tiny budget."""
    return re.sub(r'"train\.samples=[\d_]+"', '"train.samples=64", "train.sheets=0", "train.vitals=0"', text)


@pytest.mark.parametrize("snippet", RUN, ids=lambda one: one.where)
def test_a_python_snippet_runs(snippet, tiny_runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "argv", ["snippet.py"])
    code = f"{snippet.setup}\n{small(snippet.text)}"
    for name, recipe in RUNS.items():
        if f"runs/{name}-1" in code:
            shutil.copytree(tiny_runs(recipe), tmp_path / "runs" / f"{name}-1")
    exec(compile(code, snippet.where, "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("snippet", [one for one in SNIPPETS if one.language == "toml"], ids=lambda one: one.where)
def test_a_toml_snippet_binds(snippet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text("def build():\n    return None\n")  # what a page says that the reader has
    table = tomllib.loads(snippet.text)
    if set(table) <= set(Recipe.model_fields):
        whole = load_recipe("image/digits").model_dump(exclude_unset=True)
        recipe = Recipe.model_validate({**whole, **table})
        if not snippet.where.startswith("examples"):  # those name parts of packages that are not installed here
            check(recipe)


def wrong_names(code):
    """Names of multigan that a piece of Python imports or reads and that are not there."""
    wrong = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "multigan":
            module = importlib.import_module(node.module)
            wrong += [one.name for one in node.names if not hasattr(module, one.name)]
        elif isinstance(node, ast.Import):
            [importlib.import_module(one.name) for one in node.names if one.name.split(".")[0] == "multigan"]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "multigan":
            wrong += [] if hasattr(importlib.import_module("multigan"), node.attr) else [node.attr]
    return wrong


@pytest.mark.parametrize("snippet", NOT_RUN, ids=lambda one: one.where)
def test_a_python_snippet_that_is_not_run_has_its_reason_and_its_names(snippet):
    assert len(snippet.reason) >= 20
    assert wrong_names(snippet.text) == []


def test_few_snippets_are_not_run():
    assert len(NOT_RUN) <= NOT_RUN_AT_MOST, [f"{one.where}: {one.reason}" for one in NOT_RUN]


def test_wrong_names_are_found():
    assert wrong_names("import multigan\nmultigan.trian('a')\nfrom multigan.training import train, rezume") == [
        "rezume",
        "trian",
    ]


def test_snippets_are_read_with_what_is_said_of_them(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- setup\nx = 1\n-->\n```python\nx\n```\n\n<!-- not run: long\nreason -->\n```python\ny\n```\n```\nz\n```\n"
    )
    first, second, third = snippets_of(page)
    assert (first.where, first.setup.strip(), first.text, first.reason) == ("page.md:4", "x = 1", "x\n", "")
    assert (second.setup, second.reason, third.language) == ("", "long reason", "")

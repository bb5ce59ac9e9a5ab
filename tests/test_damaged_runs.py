"""Files of a run that were damaged or written by others: every verb ends in words, never in a traceback."""

import json
import math
import random
import shutil

import pytest

import multigan
from multigan.core.errors import MultiGANError
from multigan.doctor.health import examine
from multigan.evaluation.subject import load_subject
from multigan.generator.generator import load
from multigan.publish.card import CardOptions, model_card
from multigan.publish.caution import objections
from multigan.publish.facts import read_facts
from multigan.publish.novel import Shown
from multigan.report.compare import compare
from multigan.report.write import write_report

WRONG = [None, True, -1, 10**400, 0.5, math.nan, math.inf, "", "x\n\x1b[2J" * 9, [], {}, [[[1]]], {"a": {"b": [None]}}]
FILES = ["run.json", "verdict.json", "evaluation.json", "data.json", "metrics.jsonl"]
BROKEN = [b"", b"{", b"null", b"7", b"[1, 2]", b'"x"', b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 50_000]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run with everything in it."""
    folder = tmp_path_factory.mktemp("damaged") / "run"
    sets = ["train.samples=1500", "train.vitals=2", "data.n=600", "train.sheets=0"]
    multigan.train("points/ring", run=folder, overrides=sets, quiet=True)
    multigan.evaluate(folder, samples=64, cache=False)
    return folder


@pytest.fixture
def run(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "run")


def verbs(run, whole):
    """What reads these files, each on its own."""
    generator = load(whole)

    def card():
        facts = read_facts(run)
        objections(facts, "0" * 64)
        model_card(generator, facts, Shown(generator.tensors(1), 1, 0), CardOptions("me/mine"))

    return {
        "doctor": lambda: examine(run),
        "report": lambda: write_report(run),
        "compare": lambda: compare([run, whole]),
        "publish": card,
        "evaluate": lambda: load_subject(run, "last"),
    }


def try_all(run, whole):
    for name, verb in verbs(run, whole).items():
        try:
            verb()
        except MultiGANError as error:
            assert "\n" not in str(error).strip(), name  # noqa: PT017  (any other error is a failure)


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_words(run, whole, name):
    for content in BROKEN:
        (run / name).write_bytes(content)
        try_all(run, whole)


def test_a_page_says_what_it_could_not_read(run):
    (run / "evaluation.json").write_text("{")
    assert "evaluation.json is damaged" in write_report(run).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1", "1e400", "1e300"])
def test_a_time_that_is_no_time_is_not_known(run, number):
    plain = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**plain, "seconds": "S"}).replace('"S"', number))
    page = write_report(run).read_text(encoding="utf-8")
    assert "<dt>last sitting in all</dt><dd>not known</dd>" in page


def spots(plain, depth=0):
    """Every place in JSON values."""
    for key in list(plain) if isinstance(plain, dict) else range(len(plain)):
        yield plain, key
        if isinstance(plain[key], dict | list) and depth < 4:
            yield from spots(plain[key], depth + 1)


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_value_anywhere_is_words(run, whole, name):
    rng = random.Random(name)
    text = (whole / name).read_text()
    for _ in range(40):
        plain = [json.loads(line) for line in text.splitlines()] if name.endswith("l") else json.loads(text)
        here, key = rng.choice([(h, k) for h, k in spots(plain) if not (h is plain and name.endswith("l"))])
        if rng.randrange(4):
            here[key] = rng.choice(WRONG)
        else:
            del here[key]
        lines = [json.dumps(row) for row in plain] if name.endswith("l") else [json.dumps(plain, indent=1)]
        (run / name).write_text("\n".join(lines) + "\n")
        try_all(run, whole)

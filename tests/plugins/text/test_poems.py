"""Texts of several lines from the file to the generated ones: trained, evaluated, generated, read again, scored."""

import json

import pytest

import multigan
from multigan.evaluation.scoring import score_files
from multigan.plugins.text.read import read_files

SHORT = [
    "train.samples=64",
    "train.batch=8",
    "train.report=false",
    "train.sheets=1",
    "train.checkpoints=1",
    "train.vitals=1",
    'phases=[{name="pretrain",turns=["mle"],samples=800,lr=0.02}]',
    "G.hidden=16",
]


@pytest.fixture(scope="module")
def poems(tmp_path_factory):
    file = tmp_path_factory.mktemp("poems") / "poems.jsonl"
    words = [f"w{n}" for n in range(30)]
    texts = [f"{words[n % 30]} slowly river\n{words[n * 7 % 30]} house moon sun" for n in range(160)]
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return file


@pytest.fixture(scope="module")
def run(poems):
    return multigan.train("text/file", run=poems.parent / "run", overrides=[f"data.source={poems}", *SHORT], quiet=True)


def test_training_says_that_line_breaks_are_kept(run):
    report = json.loads((run.folder / "run.json").read_text())["data"]
    assert any(line.startswith("160 texts of several lines") for line in report)
    vocabulary = multigan.load(run.folder).spec.meta["vocabulary"]
    assert vocabulary["kind"] == "word"
    assert "\n" in vocabulary["entries"]


def test_generated_poems_have_lines_and_come_back_from_their_file(run, poems, tmp_path):
    generator = multigan.load(run.folder)
    texts = generator.generate(24, seed=0)
    assert any("\n" in text for text in texts)
    assert not any("�" in text or " \n" in text or "\n " in text for text in texts)
    (path,) = generator.modality.save(texts, tmp_path, ["a"] + [f"b{n}" for n in range(23)], {"seed": "0"})
    assert path.suffix == ".jsonl"
    assert read_files(path).files[0].texts == [text.strip() for text in texts]
    assert score_files(path, poems)["counts"]["samples"] == 24


def test_texts_of_one_line_stay_a_text_file(run, tmp_path):
    modality = multigan.load(run.folder).modality
    (path,) = modality.save(["a b", "c"], tmp_path, ["x", "y"], {"seed": "0"})
    assert path.read_text() == "a b\nc\n"
    assert modality.sheet(["a b", "c"], tmp_path / "flat", {}).read_text() == "a b\nc\n"
    assert modality.sheet(["a\nb", "c"], tmp_path / "deep", {}).read_text() == "a\nb\n\n* * *\n\nc\n"
    assert modality.sheet([], tmp_path / "none", {}).read_text() == ""


def test_a_gap_of_a_poem_is_filled_and_its_lines_stay(run):
    generator = multigan.load(run.folder)
    filled = generator.modality.fill(generator.net, "w1 slowly ____\nw2 house", generator.spec)
    assert filled
    assert all(one.text.startswith("w1 slowly ") and one.text.endswith("\nw2 house") for one in filled)


def test_evaluate_reads_the_same_texts(run):
    found = multigan.evaluate(run.folder, samples=100, cache=False, curve=False)
    assert found.to_json()["counts"]["fake"] == 100

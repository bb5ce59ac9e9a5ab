"""Texts of several lines from the file to the generated ones: trained, evaluated, generated, read again, scored."""

import json

import pytest

import multigan
from multigan.core.errors import DataError, RecipeError
from multigan.evaluation.scoring import score_files
from multigan.generator.sampling import wished
from multigan.plugins.choose import sniff
from multigan.plugins.text.poems import clearly_poems
from multigan.plugins.text.read import read_files
from multigan.provenance.labels import read

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


BLOCKS = "ode\n\nroses are red\nviolets are blue\n\n\nsugar is sweet\nand so are you\n"
SLASHED = "roses are red / violets are blue\nsugar is sweet/and so are you\n"
POEMS = ["roses are red\nviolets are blue", "sugar is sweet\nand so are you"]


@pytest.mark.parametrize(
    ("text", "poems"),
    [
        (BLOCKS, POEMS),
        (SLASHED, POEMS),
        (SLASHED.replace(" / ", "\t").replace("/", "\t"), POEMS),
        (BLOCKS.replace("\n", "\r\n"), POEMS),
        ("春眠不覺曉 處處聞啼鳥\n夜來風雨聲 花落知多少\n", ["春眠不覺曉\n處處聞啼鳥", "夜來風雨聲\n花落知多少"]),
        ("春 眠 不 覺 曉 ， 處 處 聞 啼 鳥 。\n夜 來 ， 花 落 。\n", ["春眠不覺曉\n處處聞啼鳥", "夜來\n花落"]),
        ("春眠不覺曉，處處聞啼鳥。\n夜來，花落。\n", ["春眠不覺曉\n處處聞啼鳥", "夜來\n花落"]),
    ],
)
def test_poems_are_told_apart_as_people_keep_them(tmp_path, text, poems):
    (tmp_path / "a.txt").write_bytes(text.encode())
    reading = read_files(tmp_path / "a.txt", poems=True)
    assert reading.texts() == poems
    titles = [one for one in reading.findings() if one.name == "titles"]
    assert [one.count for one in titles] == ([1] if text.startswith("ode") else [])
    assert not any(one.name == "empty-lines" for one in reading.findings())
    assert reading.remarks.count("poems") == 2
    assert next(reading.lines()).number == (3 if text.startswith("ode") else 1)


def test_a_folder_may_hold_a_poem_a_file(tmp_path):
    for name, poem in zip("ab", POEMS, strict=True):
        (tmp_path / f"{name}.txt").write_text(poem + "\n")
    assert read_files(tmp_path, poems=True).texts() == POEMS


def test_where_poems_end_has_to_be_known(tmp_path):
    (tmp_path / "a.txt").write_text("roses are red\nviolets are blue\n")
    with pytest.raises(DataError, match=r"nothing says where a poem ends.*--recipe text/file"):
        read_files(tmp_path / "a.txt", poems=True).texts()


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("short line\nanother one\n\n" * 9, "blocks of short lines"),
        ("title\n\nshort line\nanother one\n\n" * 9, "blocks of short lines"),
        ("one part / another part\n" * 9, "lines with / between short parts"),
        ("short line\nanother one\n\n" * 7, ""),
        ("a line\n" * 50, ""),
        ("one a line\n\n" * 50, ""),
        (("prose goes on and on until the margin of the page is reached\n" * 5 + "\n") * 9, ""),
        ("and/or\n" * 9, ""),
        ("one\ttwo\n" * 9, ""),
    ],
)
def test_only_what_clearly_is_poems_is_taken_for_them(tmp_path, text, clear):
    (tmp_path / "a.txt").write_text(text)
    assert clearly_poems([tmp_path / "a.txt"]) == clear


def test_training_on_files_says_that_they_are_poems(tmp_path):
    (tmp_path / "odes.txt").write_text("short line\nanother one\n\n" * 9)
    choice = sniff(tmp_path / "odes.txt")
    assert choice.recipe == "text/poems"
    assert "holds poems: blocks of short lines (no poems: --recipe text/file)" in choice.reason
    assert clearly_poems([]) == clearly_poems([tmp_path / "a.csv"]) == ""


def test_poems_are_drawn_in_form_and_say_so(run, tmp_path):
    generator = multigan.load(run.folder)
    texts = generator.generate(40, form="3x2", acrostic="ww")
    assert {tuple(len(line.split()) for line in text.split("\n")) for text in texts} == {(3, 3)}
    assert {line[0] for text in texts for line in text.split("\n")} == {"w"}
    assert texts[:8] == generator.generate(8, form="3x2", acrostic="ww")
    how = wished(None, generator.modality, generator.spec, {"form": "3x2"})
    (path,) = generator.save(tmp_path, 3, how=how)
    assert read(path)["form"] == "3x2 words"
    assert "form" not in generator.label(0)
    assert generator.net.steered is None
    with pytest.raises(RecipeError, match="did you mean 'form'"):
        generator.generate(1, frm="3x2")

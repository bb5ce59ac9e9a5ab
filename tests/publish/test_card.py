import re
from dataclasses import replace

import pytest
import yaml
from huggingface_hub import ModelCard

from multigan.generator.generator import load
from multigan.publish.card import CardOptions, model_card
from multigan.publish.facts import RunFiles, read_facts
from multigan.publish.novel import pick

TASKS = {
    "points/ring": None,
    "image/digits": "unconditional-image-generation",
    "text/surnames": "text-generation",
    "audio/drums": "text-to-audio",
}
SECTIONS = ["Use", "Samples", "Training data", "Evaluation", "Intended use and misuse", "Limitations", "Provenance"]


def card_of(run, options=None, facts=None):
    generator = load(run)
    facts = facts if facts is not None else read_facts(run)
    return model_card(generator, facts, pick(generator, RunFiles(), 2, 0), options or CardOptions("me/mine"))


@pytest.mark.parametrize("recipe", TASKS)
def test_the_hub_understands_the_header(tiny_runs, recipe):
    data = ModelCard(card_of(tiny_runs(recipe), CardOptions("me/mine", "apache-2.0"))).data
    assert data.library_name == "multigan"
    assert data.license == "apache-2.0"
    assert data.pipeline_tag == TASKS[recipe]
    assert recipe.split("/")[0] in data.tags


def test_every_section_is_there(tiny_runs):
    text = card_of(tiny_runs("audio/drums"))
    assert [name for name in SECTIONS if f"\n## {name}\n" not in text] == []
    assert "| sample_rate_hz | 16000 |" in text
    assert 'multigan.load("me/mine")' in text
    assert "No licence was stated" in text


def test_the_vocabulary_is_owned_up_to(tiny_runs):
    assert "vocabulary in `config.json` lists single tokens" in card_of(tiny_runs("text/surnames"))
    assert "vocabulary" not in card_of(tiny_runs("image/digits"))


def test_scores_of_an_evaluation_reach_header_and_body(tiny_runs):
    evaluation = {
        "scores": [{"key": "frechet", "title": "Fréchet", "value": 2.5, "floor": 0.5}],
        "warnings": ["memorisation: look"],
        "generator": {"which": "best"},
    }
    text = card_of(tiny_runs("image/digits"), facts=RunFiles(evaluation=evaluation))
    (result,) = ModelCard(text).data.eval_results
    assert result.metric_value == 2.5
    assert "| Fréchet | 2.5 |" in text
    assert "- memorisation: look" in text


def test_the_makers_folders_and_files_stay_private(tiny_runs):
    lines = [
        "/home/someone/secret/cats: 12 pictures, as 16 × 16 RGB",
        "1 unreadable: tax return.jpg (empty file)",
        "3 left out (hidden): .mine/a.png, .mine/b.png, and 1 more",
        "2 class folders without a readable file (Anna, Otto Meier)",
        "ratio 1/2",
        "Meier letters.idx left out: other.idx is the same",
        "the only sub-folder Meier holds 3 folders that look like classes: no labels (a, b)",
    ]
    text = card_of(tiny_runs("image/digits"), facts=RunFiles(tiny_runs("image/digits"), {"data": lines}))
    told = text.partition("## Training data\n\n")[2].partition("\n\n## ")[0].splitlines()
    assert told == [
        "- the data: 12 pictures, as 16 × 16 RGB",
        "- 1 unreadable",
        "- 3 left out (hidden)",
        "- 2 class folders without a readable file",
        "- ratio 1/2",
        "- a file left out",
        "- the only sub-folder holds 3 folders that look like classes",
    ]
    assert not any(word in text for word in ("someone", "secret", "cats", "tax", "mine/a", "Anna", "Meier"))


def test_names_become_no_markup(tiny_runs):
    nasty = "x`|<img src=//a>\n---\n# you ![](https://a.b/c)\x1b[2J\u202e"
    run = tiny_runs("image/digits")
    generator = load(run)
    generator.spec = replace(generator.spec, classes=(nasty, "b"))
    generator.config = {**generator.config, "recipe": nasty, "multigan_version": nasty}
    evaluation = {
        "scores": [{"key": "k", "title": nasty, "value": 1.0, "floor": 0.5, "floor_note": nasty}],
        "verdict": [nasty],
        "warnings": [nasty],
        "extractor": {"name": "inception:/home/someone/weights.pt"},
    }
    facts = RunFiles(run, {"data": [nasty]}, evaluation)
    options = CardOptions(f"me/{nasty}", nasty)
    text = model_card(generator, facts, pick(load(run), RunFiles(), 2, 0), options)
    header, body = text.removeprefix("---\n").split("\n---\n", 1)
    found = yaml.safe_load(header)
    assert found["library_name"] == "multigan"
    assert any(tag.startswith("recipe:x`") for tag in found["tags"])
    assert "someone" not in text
    assert not any(character in text for character in "\x1b\u202e")
    assert len([line for line in body.splitlines() if line.startswith("# ")]) == 1
    prose = re.sub(r"```.*?```|``+ .*? ``+", "", body, flags=re.DOTALL)
    assert re.findall(r"(?<!\\)<img|(?<!\\)!\[\]|https://", prose) == []
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in prose.splitlines() if line.startswith("|")]
    assert set(cells) == {3, 8}


def test_how_far_it_is_stands_among_the_limitations(tiny_runs):
    evaluation = {"flags": {"still-far": "still far: a judge calls 97% rightly"}, "generator": {"which": "best"}}
    text = card_of(tiny_runs("image/digits"), facts=RunFiles(evaluation=evaluation))
    assert "- still far: a judge calls 97% rightly" in text.partition("## Limitations")[2]

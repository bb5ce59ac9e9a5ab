import pytest
from huggingface_hub import ModelCard

from multigan.generator import load
from multigan.publish.card import CardOptions, model_card
from multigan.publish.facts import Facts, read_facts
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
    return model_card(generator, facts, pick(generator, Facts(), 2, 0), options or CardOptions("me/mine"))


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
    text = card_of(tiny_runs("image/digits"), facts=Facts(evaluation=evaluation))
    (result,) = ModelCard(text).data.eval_results
    assert result.metric_value == 2.5
    assert "| Fréchet | 2.5 |" in text
    assert "- memorisation: look" in text


def test_the_makers_folders_stay_private(tiny_runs):
    facts = Facts(tiny_runs("image/digits"), {"data": ["/home/someone/secret/cats: 12 pictures", "ratio 1/2: fine"]})
    text = card_of(tiny_runs("image/digits"), facts=facts)
    assert "- cats: 12 pictures" in text
    assert "- ratio 1/2: fine" in text
    assert "someone" not in text

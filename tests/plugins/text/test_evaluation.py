import json
from itertools import pairwise

import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.text.evaluation import findings, level_of, model_rows, own_rows, text_scores
from multigan.plugins.text.lstm import LstmG

ROW = {"key", "title", "group", "value", "low", "high", "interval", "better", "floor", "floor_note", "baseline"}
ROW |= {"baseline_note", "note", "n_fake", "n_real"}
WORDS = Spec("text", (5, 9), (), {"end": 0, "vocabulary": {"kind": "word"}})


def by_key(rows):
    return {row["key"]: row for row in rows}


@pytest.fixture(scope="module")
def corpus(grammar):
    return {"train": grammar(400, 1), "held_out": grammar(240, 2), "fresh": grammar(150, 3)}


def judged(corpus, samples, **options):
    return text_scores(samples, corpus["held_out"], corpus["train"], **options)


def test_every_row_is_framed_and_json(corpus):
    rows = judged(corpus, corpus["fresh"])
    assert len(rows) == 18
    for row in rows:
        assert set(row) >= ROW
        assert row["floor"] is not None
        assert row["n_fake"] == 120
        if row["low"] is not None:
            assert row["low"] <= row["value"] <= row["high"]
    assert json.loads(json.dumps(rows)) == rows
    assert by_key(rows)["novel"]["n_real"] == 400
    assert by_key(rows)["bleu_4"]["n_real"] == 120


def test_fresh_text_has_no_fault_and_meets_the_floor(corpus):
    rows = judged(corpus, corpus["fresh"])
    assert findings(rows) == ["no plain fault: judge by the distances to the floor"]
    for key in ("lm_nll", "reverse_nll", "bleu_4", "self_bleu_4"):
        row = by_key(rows)[key]
        assert row["value"] == pytest.approx(row["floor"], rel=0.08), key


def test_shuffled_words_are_found(corpus, shuffled):
    (line,) = findings(judged(corpus, shuffled(corpus["fresh"])))
    assert line.startswith("no better than its own tokens shuffled")


def test_one_repeated_sentence_is_found(corpus):
    new = next(line for line in corpus["fresh"] if line not in corpus["train"])
    lines = findings(judged(corpus, [new] * 150))
    assert lines[0].startswith("repeats itself: 0.8% of the samples are unique")
    assert lines[1].startswith("less diverse than reals: self-BLEU-4 1.00")


def test_copied_training_lines_are_found(corpus):
    (line,) = findings(judged(corpus, corpus["train"][:150]))
    assert line.startswith("copies: 100.0% of the samples are training lines")


def test_more_shuffling_is_never_better(corpus, shuffled):
    mixed = [[*shuffled(corpus["fresh"][:k]), *corpus["fresh"][k:]] for k in (0, 50, 100, 150)]
    values = [by_key(judged(corpus, lines))["lm_nll"]["value"] for lines in mixed]
    assert all(b > a for a, b in pairwise(values))


def test_characters_and_no_training_lines():
    names = [f"{a}{b}{c}" for a in ["Anna", "Berta", "Carl", "Doro"] for b in ["lin", "mar", "tor"] for c in "abcdefgh"]
    rows = text_scores(names[::2], names[1::2], level="char")
    assert "novel" not in by_key(rows)
    assert by_key(rows)["bleu_4"]["value"] > 0.5


def test_the_modality_offers_them_and_few_lines_give_none(corpus):
    text = modalities.get("text")
    rows = text.own_scores(corpus["fresh"], corpus["held_out"], corpus["train"], WORDS)
    assert rows == own_rows(corpus["fresh"], corpus["held_out"], corpus["train"], WORDS)
    assert text.own_scores(corpus["fresh"][:3], corpus["held_out"], corpus["train"], WORDS) == []
    assert level_of(Spec("text", (5, 9), (), {"vocabulary": {"kind": "character"}})) == "char"


def test_likelihood_rows_of_a_net():
    G = LstmG(5, 9, end=0).eval()
    held_out = torch.randint(9, (40, 5))
    (row,) = model_rows(G, held_out, WORDS)
    assert row["key"] == "nll_test"
    assert row["value"] == pytest.approx(2.2, abs=0.1)
    real = torch.nn.functional.one_hot(held_out, 9).float()
    assert modalities.get("text").model_scores(G, real, WORDS) == [row]
    assert model_rows(torch.nn.Linear(1, 1), held_out, WORDS) == []


def test_likelihood_rows_against_an_oracle():
    numbers = {"vocab": 9, "length": 5, "hidden": 4, "seed": 0}
    spec = Spec("text", (5, 9), (), {"end": None, "oracle": numbers, "vocabulary": {"kind": "number", "size": 9}})
    rows = by_key(model_rows(LstmG(5, 9).eval(), torch.zeros(4, 5, dtype=torch.long), spec))
    assert set(rows) == {"reverse_kl", "forward_kl", "nll_oracle", "nll_test", "own_entropy"}
    assert rows["forward_kl"]["low"] > 0 == rows["forward_kl"]["floor"]
    assert rows["nll_test"]["value"] - rows["nll_test"]["floor"] == pytest.approx(rows["forward_kl"]["value"])

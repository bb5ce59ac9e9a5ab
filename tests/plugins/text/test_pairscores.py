import pytest
import torch
import torch.nn.functional as F
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from multigan.core.types import Spec
from multigan.plugins.text.pairscores import bleu_reward, chrf_reward, pair_scores
from multigan.plugins.text.vocabulary import Vocabulary

WORDS = Vocabulary("word", ["", "�", *["the", "a", "cat", "dog", "sat", "on", "mat", "rug", "and", "ran"]], "")
SPEC = Spec("text", (8, len(WORDS)), (), {"vocabulary": WORDS.to_meta(), "end": 0}, 1)
REAL = ["the cat sat on the mat", "a dog ran and sat", "the dog sat on a rug"]
FAKE = ["the cat sat on the rug", "a dog ran and sat", "a dog ran and sat"]


def hot(texts):
    ids = [(WORDS.encode(text) + [0] * 8)[:8] for text in texts]
    return F.one_hot(torch.tensor(ids), len(WORDS)).float()


def score(key):
    return next(one for one in pair_scores(SPEC) if one.about.key == key)


@pytest.mark.parametrize(("key", "metric"), [("bleu", BLEU), ("chrf", CHRF)])
def test_scores_are_those_of_sacrebleu_also_of_resampled_pairs(key, metric):
    one = score(key)
    rows = one.rows(hot(REAL), hot(FAKE))
    assert one.number(rows) == pytest.approx(metric().corpus_score(FAKE, [REAL]).score)
    twice = metric().corpus_score([FAKE[0], FAKE[2], FAKE[2]], [[REAL[0], REAL[2], REAL[2]]]).score
    assert one.number(rows[[0, 2, 2]]) == pytest.approx(twice)
    assert "version:" in one.about.note


def test_exact_match_and_variety():
    real, fake = hot(REAL), hot(FAKE)
    assert score("exact").number(score("exact").rows(real, fake)) == pytest.approx(1 / 3)
    assert score("top_share").number(score("top_share").rows(real, fake)) == pytest.approx(2 / 3)
    assert score("distinct_1").number(score("distinct_1").rows(real, fake)) == pytest.approx(9 / 16)
    assert score("distinct_2").number(score("distinct_2").rows(real, fake)) == pytest.approx(9 / 13)


def test_what_stands_behind_the_end_does_not_count():
    real, fake = hot(["the cat"]), hot(["the cat"])
    fake[0, 5] = F.one_hot(torch.tensor(4), len(WORDS)).float()
    assert score("exact").number(score("exact").rows(real, fake)) == 1


@pytest.mark.parametrize("reward", [bleu_reward, chrf_reward])
def test_rewards_are_1_for_the_target_and_less_for_others(reward):
    found = reward(hot(FAKE), hot(REAL), SPEC)
    assert found[1] == pytest.approx(1)
    assert 0 < found[2] < found[0] < 1


def test_bleu_suits_targets_of_four_words_and_chrf_any():
    long, short = hot(REAL), hot(["the", "cat sat", "the cat sat on"])
    assert [score("bleu").suits(x) for x in (long, short)] == [True, False]
    assert all(score("chrf").suits(x) for x in (long, short))
    assert score("exact").share
    assert score("bleu").bounds == (0.0, 100.0)


def test_of_targets_of_two_words_bleu_is_left_out_and_says_why():
    assert "no target has 4 words" in score("bleu").lacks(hot(["the", "cat sat"]))
    assert not score("bleu").lacks(hot(["the", "the cat sat on"]))
    assert not score("chrf").lacks(hot(["the"]))


def test_outputs_are_compared_by_letters_whichever_tokens_spell_them():
    pieces = Vocabulary("character", ["", "�", "a", "b", "ab"], "")
    spec = Spec("text", (3, 5), (), {"vocabulary": pieces.to_meta(), "end": 0}, 1)
    real, fake = (F.one_hot(torch.tensor(ids), 5).float() for ids in ([[4, 0, 0], [2, 2, 0]], [[2, 3, 0], [4, 0, 2]]))
    scores = {one.about.key: one for one in pair_scores(spec)}
    assert scores["exact"].rows(real, fake).flatten().tolist() == [1, 0]
    assert scores["top_share"].number(scores["top_share"].rows(real, fake)) == 1

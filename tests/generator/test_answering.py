import pytest

import multigan
from multigan.core.errors import DataError
from multigan.generator.answering import How, answers, conversation, usual_temperature
from multigan.generator.generator import load
from tests.tiny_writer import WRITER

SMALL = [*WRITER, "G.dropout=0.2"]
SETS = [*SMALL, "data.n=120", "data.vocab=80", "train.batch=8", "train.vitals=0", "train.sheets=2", "data.holdout=24"]
SETS += ['phases=[{name="fit", turns=["fit"], samples=64}]', "train.samples=48"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reply") / "run"
    multigan.train("text/reply", run=folder, overrides=[*SETS, "game.reward=chrf"], quiet=True)
    return folder


def test_lines_are_answered_alike_at_every_call_and_empty_ones_with_nothing(folder):
    generator, lines = load(folder), ["Where is the school?", "", "I feel sad today. " * 30]
    found = answers(generator, lines, How())
    assert [one.text for one in found] == [one.text for one in answers(load(folder), lines, How())]
    assert (found[1].text, [one.cut for one in found]) == ("", [False, False, True])
    drawn = [answers(generator, lines, How(temperature=2.0, seed=seed))[0].text for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert answers(generator, lines, How(beam=1))[0].text == found[0].text
    answers(generator, lines, How(beam=3))


def test_a_conversation_remembers_as_much_as_it_is_told(folder):
    generator, said = load(folder), ["I feel sad today.", "Why?"]
    alone = [one.text for one in conversation(generator, iter(said), How())]
    assert alone == [one.text for one in answers(generator, said, How())]
    (last,) = answers(generator, [" ".join([said[0], alone[0], said[1]])], How())
    assert [one.text for one in conversation(generator, iter(said), How(), history=2)][1] == last.text


def test_replies_are_drawn_where_nobody_says_how_and_the_last_generator_is_kept(folder):
    generator, lines = load(folder), ["Where is the school?", "I feel sad today."]
    assert usual_temperature(generator) == 1.0
    drawn = [one.text for one in answers(generator, lines, How(temperature=1.0, top_p=0.95))]
    assert [one.text for one in answers(generator, lines)] == drawn
    assert generator.apply(lines[0]) == answers(generator, lines[:1])[0].text
    assert not (folder / "generator-best").exists()


def test_a_small_nucleus_is_the_likeliest_text_and_the_net_is_itself_again(folder):
    generator, lines = load(folder), ["Where is the school?", "I feel sad today."]
    greedy, warm = answers(generator, lines, How()), How(temperature=1.0)
    drawn = answers(generator, lines, warm)
    narrow = answers(generator, lines, How(temperature=1.0, top_p=1e-6))
    assert [one.text for one in narrow] == [one.text for one in greedy]
    assert [one.text for one in answers(generator, lines, warm)] == [one.text for one in drawn]
    for wrong in (0.0, 1.5, -1.0):
        with pytest.raises(DataError, match="top_p"):
            answers(generator, lines, How(temperature=1.0, top_p=wrong))
    with pytest.raises(DataError, match="at temperature 0, which draws nothing"):
        answers(generator, lines, How(top_p=0.9))
    with pytest.raises(DataError, match="add --candidates 8"):
        answers(generator, lines, How(temperature=1.0, generic=0.5))

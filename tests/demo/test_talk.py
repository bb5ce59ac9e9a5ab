import pytest

import multigan
from multigan.core.errors import DataError
from multigan.demo.talk import reply
from multigan.generator.answering import How, conversation
from multigan.generator.generator import load

SETS = ["G.net=gru-reader", "G.width=6", "D.embed=4", "D.hidden=4", "data.n=60", "data.vocab=80", "phases=[]"]
SETS += ["train.samples=8", "train.batch=8", "train.vitals=0", "train.sheets=0", "train.report=false"]


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("talk") / "run"
    multigan.train("text/reply", run=folder, overrides=SETS, quiet=True)
    return load(folder, "last")


def test_it_answers_as_chat_does(generator):
    lines, said = ["Where is the station?", "How is your dog?", "I am hungry."], []
    wanted = [one.text for one in conversation(generator, iter(lines), How(0, 0.7, 5), 2)]
    for line in lines:
        said += [line, reply(generator, said, line, 0.7, 2, 5)]
    assert said[1::2] == wanted


WRONG = [{"line": ""}, {"line": "a\nb"}, {"line": "x" * 2001}, {"temperature": 3}, {"history": 21}, {"seed": -1}]


@pytest.mark.parametrize("wrong", [*WRONG, {"said": [3]}, {"said": ["x"] * 201}, {"temperature": True}])
def test_what_is_out_of_bounds_is_refused(generator, wrong):
    with pytest.raises(DataError):
        reply(**{"generator": generator, "said": [], "line": "x", **wrong})

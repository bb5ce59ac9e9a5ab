import json

import pytest

import multigan
from multigan.core.errors import PluginError, UnknownNameError
from multigan.run.loggers import loggers, open_loggers

SETS = ["data.n=200", "G.width=8", "D.width=8", "train.samples=512"]


class Lines:
    def __init__(self, folder):
        folder.mkdir()
        self.path = folder / "rows.txt"

    def write(self, step, values):
        with self.path.open("a") as file:
            file.write(json.dumps([step, len(values)]) + "\n")


class Bad(Lines):
    def write(self, step, values):
        raise RuntimeError("no server")


def test_a_run_writes_to_its_loggers_and_a_bad_one_does_not_disturb(tmp_path):
    with loggers.lend("lines", Lines), loggers.lend("bad", Bad):
        sets = [*SETS, 'train.loggers=["lines", "bad", "lines"]']
        run = multigan.train("points/ring", run=tmp_path / "run", overrides=sets, quiet=True)
    steps = [json.loads(line)[0] for line in (run.folder / "lines" / "rows.txt").read_text().splitlines()]
    rows = [json.loads(line)["step"] for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert steps == rows


def test_a_logger_that_does_not_exist_is_refused_before_the_run(tmp_path):
    with pytest.raises(UnknownNameError, match="there is no logger 'tensorbord'; did you mean 'tensorboard'"):
        multigan.train("points/ring", run=tmp_path / "run", overrides=['train.loggers=["tensorbord"]'], quiet=True)
    assert open_loggers([], tmp_path, print) is None


GIVEN = {"function": lambda folder: lambda step, values: None, "NoneType": lambda folder: None}


@pytest.mark.parametrize("kind", GIVEN)
def test_what_cannot_write_is_no_logger(kind, tmp_path):
    with (
        loggers.lend("mine", GIVEN[kind]),
        pytest.raises(PluginError, match=rf"logger 'mine': its builder gives {kind} without write; expected an object"),
    ):
        open_loggers(["mine"], tmp_path, print)


def test_a_logger_that_fails_is_called_by_its_name(tmp_path):
    said = []
    with loggers.lend("bad", Bad):
        opened = open_loggers(["bad"], tmp_path, said.append)
        opened.write(1, {"loss": 1.0})
        opened.close()
    assert said == ["logger 'bad' failed and is off for the rest of the run: RuntimeError: no server; the run goes on"]

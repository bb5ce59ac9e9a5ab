"""A run of lines in another manner, from its files to what is made of it: trained, broken off, applied both ways."""

import pytest
import torch

import multigan
from multigan.core.errors import RecipeError
from multigan.engine.trainer import Trainer
from multigan.generator.answering import answers
from multigan.generator.generator import load
from multigan.generator.reverse import reversed_way
from multigan.plugins.choose import sniff

SETS = ["G.width=8", "D.filters=4", "data.n=120", "train.batch=8", "train.vitals=0", "train.sheets=2"]
SETS += ["data.holdout=24", 'phases=[{name="denoise", turns=["denoise"], samples=64}]', "train.samples=64"]
ADVERSARY = ["game.adversary=0.3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("restyle") / "run"
    multigan.train("text/restyle", run=folder, overrides=SETS, quiet=True)
    return folder


def test_it_goes_both_ways(folder):
    generator = load(folder)
    there = answers(generator, ["the captain steers the boat"])[0]
    back = answers(reversed_way(generator), [there.text or "the skipper"])[0]
    assert isinstance(back.text, str)
    assert generator.net.there.shared is generator.net.back.shared
    assert "what comes back of it" in (folder / "report.html").read_text()


@pytest.mark.parametrize("more", [[], ADVERSARY])
def test_a_run_that_was_stopped_and_resumed_is_the_unbroken_one(tmp_path, more):
    sets = [*SETS, *more, "train.report=false", "train.checkpoints=6"]
    whole = multigan.train("text/restyle", run=tmp_path / "whole", overrides=sets, quiet=True)
    turn, seen = Trainer.update, []

    def stopping(self, *given, **named):
        seen.append(1)
        if len(seen) == 13:
            raise OSError("stop")
        return turn(self, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "update", stopping)
        with pytest.raises(OSError, match="stop"):
            multigan.train("text/restyle", run=tmp_path / "broken", overrides=sets, quiet=True)
    resumed = multigan.resume(tmp_path / "broken", quiet=True)
    one, other = (load(run.folder, which="last").net.state_dict() for run in (whole, resumed))
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_two_files_of_a_folder_are_a_hint_and_a_recipe(tmp_path):
    (tmp_path / "plain.txt").write_text("\n".join(f"the dog {k} runs" for k in range(80)))
    (tmp_path / "royal.txt").write_text("\n".join(f"ye hound {k} runneth" for k in range(90)))
    reason = sniff(tmp_path).reason
    assert "two files, plain.txt and royal.txt; two manners without pairs: --recipe text/restyle" in reason
    sets = [*SETS, f"data.source={tmp_path}"]
    run = multigan.train("text/restyle", run=tmp_path / "run", overrides=sets, quiet=True)
    assert len(answers(load(run.folder), ["the dog 3 runs"])) == 1


def test_other_games_of_texts_without_pairs_are_refused_in_words():
    with pytest.raises(RecipeError, match="belong to their targets"):
        multigan.train("text/restyle", overrides=[*SETS, "input.pairs=true"], quiet=True)

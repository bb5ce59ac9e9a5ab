"""The conformance kit, chemistry by hand, the reward's direction, bad files."""

import pytest
import torch
from multigan_molecules import chemistry, reward, smiles
from multigan_molecules import modality as mine

import multigan
from multigan.build import build_nets
from multigan.recipe.recipe import load_recipe
from multigan.testing import ModalityTests, check_recipe

SMALL = ["data.n=64", "G.hidden=16", "D.filters=8"]


class TestMolecules(ModalityTests):
    modality = mine


def test_the_recipe_is_valid_and_takes_steps():
    check_recipe("molecules/smiles", SMALL)


def test_the_demo_is_valid_and_without_twins():
    lines = chemistry.demo()
    assert all(chemistry.canonical(line) for line in lines)
    assert len(set(lines)) == len(lines) == 700
    assert smiles.decode(smiles.encode(lines, 40)) == lines


def test_scores_by_hand():
    found = chemistry.scores(["CCO", "c1ccccc1"], ["OCC", "CCN", "NCC", "C1CC", ""])
    assert found["validity"] == pytest.approx(3 / 5)
    assert found["uniqueness"] == pytest.approx(2 / 3)
    assert found["novelty"] == pytest.approx(1 / 2)
    assert chemistry.scores(["CCO"], ["CCO"])["logp_distance"] == 0


def test_the_reward_makes_good_molecules_likelier(monkeypatch):
    recipe = load_recipe("molecules/smiles", SMALL)
    data = mine.load("demo", n=64)
    G, _ = build_nets(recipe, data.spec)
    batch = multigan.Batch(mine.to_real(data.items.take(torch.arange(16), None), data.spec))
    carbon = smiles.ALPHABET.index("C")
    monkeypatch.setattr(chemistry, "likeness", lambda lines: [line.count("C") / 40 for line in lines])

    def share(step):
        return (G.sample(256, multigan.Draw(1, step)) == carbon).float().mean().item()

    before, optimizer = share(0), torch.optim.Adam(G.parameters(), 1e-2)
    for step in range(20):
        optimizer.zero_grad()
        reward.qed(G, batch, multigan.Draw(0, step)).mean().backward()
        optimizer.step()
    assert share(0) > 2 * before


@pytest.mark.parametrize("content", ["", "no molecule\n", "C1CC\n", "ÄÖ\n"])
def test_bad_files_are_refused_in_words(content, tmp_path):
    path = tmp_path / "bad.smi"
    path.write_text(content)
    with pytest.raises(multigan.MultiGANError, match=r"bad\.smi"):
        mine.load(str(path))


def test_its_scores_are_in_the_evaluation_and_the_report(tmp_path):
    run = multigan.train(
        "molecules/smiles",
        run=tmp_path / "run",
        overrides=[*SMALL, "train.samples=64", "phases=[]", "train.vitals=0", "train.report=false"],
        quiet=True,
    )
    found = multigan.evaluate(run.folder, samples=64, cache=False)
    score = found.score("validity")
    assert score.floor > score.baseline
    assert score.title in multigan.write_report(run.folder).read_text(encoding="utf-8")

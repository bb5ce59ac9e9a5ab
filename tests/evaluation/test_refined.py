"""A refined generator is judged by reals that no part of its making saw, beside the plain one."""

import shutil

import torch

from multigan.evaluation.refined import refined_subject, table
from multigan.evaluation.run import evaluate
from multigan.evaluation.subject import load_subject


def test_only_the_judges_half_of_held_out_reals_is_compared_with(refined_ring):
    whole = load_subject(refined_ring, "last")
    plain, refined = refined_subject(whole, 0.3)
    assert len(plain.split.held_out) == len(whole.split.held_out) // 2
    assert torch.equal(plain.split.held_out, refined.split.held_out)
    assert refined.generator.wanted == 0.3


def test_both_are_scored_in_the_same_way(refined_ring, tmp_path):
    folder = shutil.copytree(refined_ring, tmp_path / "run")  # others read the ring as it is
    found = evaluate(folder, samples=300, cache=False, refined=True, acceptance=0.3)
    facts = found.facts["refined"]
    assert facts["split"]["judge"] == 200
    assert found.facts["counts"]["compared"] == 200
    rows = {title: (before, after) for title, before, after in table(found.scores, facts["plain"])}
    before, after = (float(cell.split()[0]) for cell in rows["high-quality points"])
    assert after > before
    assert (folder / "refined" / "evaluation.json").is_file()

"""The best of several answers: BLEU, chrF and exact matches of one run's held-out pairs, for ways to choose.

    python benchmarks/candidates.py RUN [--pairs 200] [--candidates 8] [--which last]

Pairs are those that no part of the refinement saw (half of the held-out ones). All ways choose among the same texts:
one that is written without drawing, and draws at `--temperature`. BLEU and chrF are sacrebleu's.
"""

import argparse
from pathlib import Path

import sacrebleu
import torch

from multigan.core.draw import Draw
from multigan.engine.batches import Batches
from multigan.generator.generator import load
from multigan.generator.ranking import Ranker, ranker_of
from multigan.identity.opened import open_data
from multigan.refinement.parts import parts_of
from multigan.run.folder import find_run


def held_out(run, many):
    """Inputs and targets, as texts, of pairs that judge."""
    folder, recipe = find_run(run)
    opened = open_data(folder, recipe, None, "evaluate")
    generator = load(folder, GIVEN.which)
    items = parts_of(opened.split.held_out, recipe.train.seed).judge[:many]
    batches = Batches(opened.data, generator.modality, batch=8, seed=0, device=torch.device("cpu"), split=opened.split)
    batch = batches.pick(items)
    batches.close()
    render = generator.modality.render
    return generator, render(batch.source, generator.input_spec), render(batch.real, generator.spec)


def told(name, made, truth):
    """One row."""
    bleu = sacrebleu.corpus_bleu(made, [truth]).score
    chrf = sacrebleu.corpus_chrf(made, [truth]).score
    exact = sum(a == b for a, b in zip(made, truth, strict=True)) / len(truth)
    print(f"{name:42} BLEU {bleu:6.2f}  chrF {chrf:6.2f}  exact {exact:.3f}", flush=True)


def main():
    """Write, choose in several ways, and score."""
    torch.set_num_threads(1)
    generator, lines, truth = held_out(GIVEN.run, GIVEN.pairs)
    ranker, net, many = ranker_of(generator, GIVEN.candidates), generator.net, GIVEN.candidates
    plain = Ranker(generator, None)
    drawn = []
    for k in range(many):
        own, warmth = Draw(0, 0, "apply/").child(f"candidate-{k}"), GIVEN.temperature if k else 0.0
        answer = generator.modality.answer
        source, spec = generator.input_spec, generator.spec
        drawn.append(list(answer(net, lines, source, spec, draw=own, beam=0, temperature=warmth)))
    likely = torch.stack([plain.scores(net, one) for one in drawn])
    both = torch.stack([ranker.scores(net, one) for one in drawn])
    print(f"{len(lines)} pairs, {many} candidates, the {generator.kept} generator")
    told("likeliest token at every step", [one.text for one in drawn[0]], truth)
    told("one draw", [one.text for one in drawn[1]], truth)
    ways = {"likelihood alone": likely, "critic alone": both - likely, "likelihood and critic": both}
    for name, scores in ways.items():
        best = scores.argmax(0).tolist()
        told(f"best of {many} by {name}", [drawn[k][line].text for line, k in enumerate(best)], truth)
    chrf = [[sacrebleu.sentence_chrf(one.text, [truth[n]]).score for n, one in enumerate(row)] for row in drawn]
    best = torch.tensor(chrf).argmax(0).tolist()
    told(f"best of {many} by chrF with the truth", [drawn[k][line].text for line, k in enumerate(best)], truth)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--candidates", type=int, default=8)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--which", default=None)
    GIVEN = parser.parse_args()
    main()

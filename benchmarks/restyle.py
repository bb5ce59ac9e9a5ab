"""Lines in another register against the known truth: a run of text/restyle, beside what needs no training.

    python benchmarks/restyle.py RUN [RUN ...]        # exact matches of held-out lines, there and back
    python benchmarks/restyle.py --pairs pairs.tsv    # the same lines with their truth: for a twin that is given pairs

The twin: `multigan train pairs.tsv --recipe text/pairs --set G.net=gru-reader ...`; it is scored by the same lines.
"""

import argparse
from collections import Counter
from pathlib import Path

import torch

import multigan
from multigan.engine.holdout import split_items
from multigan.generator.answering import answers
from multigan.generator.reverse import reversed_way
from multigan.plugins.text.coupled import groups_of
from multigan.plugins.text.registers import telling

N = 4_000
WAYS = (("plain", "chronicle"), ("chronicle", "plain"))


def lines_of(source: str, seed: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Held-out and trained lines of one register, with their truth, as a run of this seed parts them."""
    rows = telling(source, N)
    split = split_items(len(rows), "auto", seed, groups_of([row[source] for row in rows]))
    return [rows[k] for k in split.held_out.tolist()], [rows[k] for k in split.train.tolist()]


def by_rank(train: dict[str, list[str]], source: str, target: str, line: str) -> str:
    """Every word that stands on one side alone becomes the one of equal rank by frequency; the order stays."""
    counts = {side: Counter(word for text in train[side] for word in text.split()) for side in (source, target)}
    own = {
        side: [word for word, _ in counts[side].most_common() if word not in counts[other]]
        for side, other in ((source, target), (target, source))
    }
    table = dict(zip(own[source], own[target], strict=False))
    return " ".join(table.get(word, word) for word in line.split())


def score(made: list[str], truth: list[str]) -> str:
    """Exact matches, and words that stand where they should."""
    exact = sum(a == b for a, b in zip(made, truth, strict=True)) / len(truth)
    words = [(b.split(), a.split()) for a, b in zip(made, truth, strict=True)]
    right = sum(sum(x == y for x, y in zip(a, b, strict=False)) / len(a) for a, b in words) / len(words)
    return f"exact {exact:.3f}, words {right:.3f}"


def judge(run: str) -> None:
    """Print what a run makes of held-out lines, and what others make of them."""
    generator = multigan.load(run)
    seed = int(generator.config.get("seed", 0))
    train = {source: [row[source] for row in lines_of(source, seed)[1]] for source, _ in WAYS}
    for source, target in WAYS:
        held, _ = lines_of(source, seed)
        given, truth = [row[source] for row in held], [row[target] for row in held]
        try:
            way = generator if target == "chronicle" else reversed_way(generator)
        except multigan.MultiGANError:
            continue
        made = [one.text for one in answers(way, given)]
        print(f"{run} {source} -> {target}, {len(held)} held-out lines: {score(made, truth)}")
        print(f"  the line as it is: {score(given, truth)}")
        print(f"  words by rank of frequency: {score([by_rank(train, source, target, x) for x in given], truth)}")
        wrong = [(x, y, z) for x, y, z in zip(given, made, truth, strict=True) if y != z]
        for x, y, z in wrong[:3]:
            print(f"  {x}\n    made  {y}\n    truth {z}")


def main() -> None:
    """Judge runs, or write pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="*")
    parser.add_argument("--pairs", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.pairs:
        _, train = lines_of("plain", 0)
        rows = [f"{row['plain']}\t{row['chronicle']}" for row in train]
        given.pairs.write_text("\n".join(["source\ttarget", *rows]) + "\n", encoding="utf-8")
    for run in given.runs:
        judge(run)


if __name__ == "__main__":
    main()

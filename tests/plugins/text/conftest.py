"""A small language with grammar: its lines are many, and no two halves of them differ but by chance."""

import random

import pytest

SUBJECTS = ["a cat", "the dog", "a bird", "the man", "a child", "the old woman"]
VERBS = ["sees", "finds", "likes", "follows", "hears"]
OBJECTS = ["a red ball", "the house", "a tree by the road", "some food", "the river", "a small green boat"]
ENDS = ["in the morning", "at night", "near the town", "today", "with joy", "after the rain", "again"]


@pytest.fixture(scope="session")
def grammar():
    """`grammar(n, seed)`: n lines of four drawn parts."""

    def lines(n, seed):
        rng = random.Random(seed)
        return [" ".join(rng.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, ENDS)) for _ in range(n)]

    return lines


@pytest.fixture(scope="session")
def shuffled():
    """`shuffled(lines)`: the words of every line in another order."""
    rng = random.Random(0)
    return lambda lines: [" ".join(rng.sample(line.split(), len(line.split()))) for line in lines]

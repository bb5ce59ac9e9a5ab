"""What tests of texts share: a small language with grammar, and a comparison with models of transformers."""

import random

import pytest
import torch
import torch.nn.functional as F

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


@pytest.fixture
def logits_agree():
    """`logits_agree(G, theirs, found, folder)`: a net says of two texts what the model says that its weights are of."""

    def check(G, theirs, found, folder):
        from tokenizers import Tokenizer

        ids = Tokenizer.from_file(str(folder / "tokenizer.json"))
        rows = torch.tensor([ids.token_to_id(piece) for piece in found.spec.meta["vocabulary"]["entries"]])
        tokens = found.encoded.ids[:2].long()
        source = F.one_hot(tokens, found.spec.shape[1]).float()
        for row in range(2):
            size = int((tokens[row] != 0).sum()) + 1
            given = rows[tokens[row : row + 1, :size]]
            before = rows[F.pad(tokens[row : row + 1, : size - 1], (1, 0))]
            wanted = theirs(input_ids=given, attention_mask=torch.ones_like(given), decoder_input_ids=before).logits
            ours = G.logits(tokens[row : row + 1], source[row : row + 1])[0, :size]
            torch.testing.assert_close(ours, wanted[0][:, rows], rtol=1e-4, atol=1e-5)

    return check

import torch
import torch.nn.functional as F

from multigan.plugins.text.judged import ALIKE, make_reader

VOCAB, END = 12, 0


def sentences(n, seed):
    """Odd tokens and even ones take turns; an end token after four to eight of them."""
    random = torch.Generator().manual_seed(seed)
    odd = torch.randint(0, 5, (n, 8), generator=random) * 2 + 1
    ids = odd + torch.arange(8) % 2
    length = torch.randint(4, 9, (n, 1), generator=random)
    return torch.where(torch.arange(8) < length, ids, END)


def test_what_stands_in_the_wrong_order_is_more_surprising():
    read = make_reader(sentences(500, 0), END, VOCAB)
    text = sentences(50, 1)
    right, swapped = (F.one_hot(x, VOCAB).float() for x in (text, text[:, [1, 0, *range(2, 8)]]))
    assert read(right).shape == (50, ALIKE - 4 + 5, 8) or read(right).shape[1] == min(ALIKE, VOCAB) + 5
    assert read(swapped)[:, -4].sum() > read(right)[:, -4].sum() + 10


def test_nothing_is_said_beyond_the_end():
    ids = torch.tensor([[3, 4, END, 5, 6, 7, 8, 9]])
    other = torch.tensor([[3, 4, END, 9, 8, 7, 6, 5]])
    read = make_reader(sentences(500, 0), END, VOCAB)
    assert torch.equal(*(read(F.one_hot(x, VOCAB).float()) for x in (ids, other)))


def test_tokens_with_like_neighbours_have_like_places():
    places = make_reader(sentences(2000, 0), END, VOCAB)(torch.eye(VOCAB)[:, None])[:, : min(ALIKE, VOCAB), 0]
    inside, across = (places[1] @ places[one] for one in (3, 4))
    assert inside > across


def test_without_other_texts_there_are_places_and_no_surprise():
    seen = make_reader(torch.zeros(0, 8, dtype=torch.int64), None, VOCAB)(torch.eye(VOCAB)[None, :8])
    assert seen.shape == (1, ALIKE + 1, 8)
    assert seen.isfinite().all()

import torch

from multigan.plugins.text.ends import until_end


def test_the_first_end_counts_and_nothing_after_it():
    tokens = torch.tensor([[2, 0, 3, 0], [1, 2, 3, 4], [0, 0, 0, 0]])
    assert until_end(tokens, 0).tolist() == [[True, True, False, False], [True] * 4, [True, False, False, False]]
    assert until_end(tokens, None).all()

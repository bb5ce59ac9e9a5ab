import torch

from multigan.core.types import Spec
from multigan.plugins.pairing import rewards_of
from multigan.plugins.points import modality as points
from multigan.plugins.text import modality as text


def test_rewards_know_the_samples_that_they_are_of():
    words = {"kind": "word", "entries": ["", "�", "a", "b"], "tokenizer": ""}
    spec = Spec("text", (2, 4), (), {"end": 0, "vocabulary": words}, 1)
    found = rewards_of(text, spec)
    assert sorted(found) == ["bleu", "chrf"]
    x = torch.eye(4)[torch.tensor([[2, 3]])]
    assert found["chrf"](x, x).tolist() == [1.0]
    assert rewards_of(points, spec) == {}

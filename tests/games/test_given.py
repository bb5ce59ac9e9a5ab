"""What parts of other packages return by mistake is refused in words, with kind, name, given and expected."""

import pytest
import torch
from torch import nn

from multigan.augment.noise import InstanceNoise
from multigan.augment.pack import Pack
from multigan.augment.policy import Augment, choose
from multigan.core.draw import Draw
from multigan.core.errors import PluginError
from multigan.core.generators import draw_fakes
from multigan.core.types import Batch, Critique, Latent
from multigan.features import extractors, make_extractor
from multigan.games.adversarial import AdversarialGame
from multigan.games.given import fakes_of, verdict_of, viewed
from multigan.games.rules import Rules, Term
from multigan.losses import losses
from multigan.losses.adversarial import LossPair
from multigan.nets.capacity import built
from multigan.plugins import modalities

X, DRAW = torch.ones(4, 2), Draw(0)
BATCH = Batch(X)


class G(nn.Module):
    """Points from noise, or what it is told to give."""

    latent = Latent((2,))

    def __init__(self, gives=None):
        super().__init__()
        self.layer, self.gives = nn.Linear(2, 2), gives or (lambda x: x)

    def forward(self, z, cond=None, draw=None):
        return self.gives(self.layer(z))


class D(G):
    """One logit a sample."""

    def forward(self, x, cond=None, draw=None):
        return self.gives(self.layer(x).sum(1))


class Short(nn.Linear):
    """A net that wants no draw."""

    def forward(self, x, cond):
        return super().forward(x)


class Lazy(nn.LazyLinear):
    """A net that does not know its size."""

    def forward(self, x, cond, draw):
        return super().forward(x)


class Odd:
    """A game, of whose fakes and verdicts only these are asked."""

    def __init__(self, said):
        self.said = said

    def fake(self, batch, draw):
        return self.said

    def judge(self, x, batch, draw):
        return self.said


def nothing(*given, **options):
    """What an author gets who forgets `return`."""


def play(turn="d", d=None, g=None, loss="hinge", **rules):
    pair = losses.get(loss) if isinstance(loss, str) else loss
    return AdversarialGame({"G": G(g), "D": D(d)}, Rules(pair, **rules)).turns[turn][1](BATCH, DRAW)


def term(function):
    return [Term("mine", function)]


def scalar(D, real, fake, cond, draw):
    return fake.mean()


CASES = {
    "net": (lambda: built("G", "mine", {}, nothing), r"generator 'mine' \(.*:nothing\) builds None; .*nn.Module"),
    "call of D": (
        lambda: AdversarialGame({"G": G(), "D": Short(2, 1)}, Rules(losses.get("hinge"))),
        r"discriminator 'Short' .* takes \(x, cond\); expected \(x, cond, draw\)",
    ),
    "lazy": (lambda: built("D", "mine", {"a": 1}, lambda: Lazy(1)), "leaves the size of weight open"),
    "G gives None": (lambda: play(g=nothing), r"generator 'G' .* gives None; expected fakes .* \(4, \.\.\.\)"),
    "G gives too few": (lambda: draw_fakes(G(lambda x: x[:1]), 4, DRAW), r"gives a tensor \(1, 2\)"),
    "D gives None": (lambda: play(d=nothing), r"discriminator 'D' .* gives None; expected logits"),
    "D gives a list": (lambda: play(d=lambda x: [x]), "discriminator 'D' .* gives list"),
    "D gives one number": (lambda: play(d=torch.mean), r"gives a tensor \(\)"),
    "D gives a critique of a tensor": (lambda: play(d=Critique), r"gives logits of a tensor \(4,\)"),
    "penalty gives None": (
        lambda: play(penalties=term(nothing)),
        r"'mine' \(.*:nothing\) gives None; expected one number a sample: a tensor \(4,\)",
    ),
    "penalty gives a scalar": (lambda: play(penalties=term(scalar)), r"'mine' .* gives a tensor \(\)"),
    "matching term gives a scalar": (lambda: play("g", matching=term(scalar)), r"'mine' .* gives a tensor \(\)"),
    "call of a penalty": (
        lambda: term(lambda D, real: real),
        r"takes \(D, real\); expected \(D, real, fake, cond, draw\)",
    ),
    "loss gives None": (lambda: play(loss=LossPair("mine", nothing, nothing)), "loss 'mine' .* gives None"),
    "loss gives a scalar": (
        lambda: play("g", loss=LossPair("mine", nothing, lambda f, r: f.mean())),
        r"loss 'mine' .* gives a tensor \(\); expected one number a sample",
    ),
    "objective": (lambda: play("mle", objectives={"mle": nothing}), "objective 'mle' .* gives None"),
    "view gives None": (lambda: viewed(nothing, X, DRAW), "view 'nothing' .* gives None"),
    "view changes the shape": (
        lambda: play(views=[lambda x, draw: x[:, :1]]),
        r"view .* gives a tensor \(4, 1\); expected a tensor \(4, 2\)",
    ),
    "augmentation": (
        lambda: Augment({"mine": lambda x, draw: x[:1]})(X, DRAW),
        r"augmentation 'mine' .* gives a tensor \(1, 2\); expected a tensor \(4, 2\)",
    ),
    "fakes of a game": (lambda: fakes_of(Odd(None), BATCH, DRAW), r"game 'Odd.fake' \(.*:Odd\) gives None"),
    "verdict of a game": (lambda: verdict_of(Odd(None), BATCH, DRAW), "game 'Odd.judge' .* gives None; .*Critique"),
    "empty verdict": (lambda: verdict_of(Odd(Critique(())), BATCH, DRAW), "gives logits of tuple"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_what_was_promised_is_refused_in_words(name):
    call, said = CASES[name]
    with pytest.raises(PluginError, match=said):
        call()


def test_what_was_promised_passes():
    assert torch.isfinite(play().total)
    assert verdict_of(Odd(Critique((torch.ones(2),))), BATCH, DRAW).logits[0].shape == (2,)  # of pairs
    assert viewed(InstanceNoise(0.1, 0.0), X, DRAW).shape == (4, 2)
    assert viewed(Pack(2), torch.ones(4, 3, 5), DRAW).shape == (2, 6, 5)


def test_augmentations_and_extractors_are_refused_before_they_are_called(monkeypatch):
    points = modalities.get("points")
    odd = type("Odd", (type(points),), {"augmentations": {"mine": lambda x: x}, "augmentation_policy": ("mine",)})()
    with pytest.raises(PluginError, match=r"augmentation 'mine' .* takes \(x\); expected \(x, draw\)"):
        choose(odd, (), "game.views.augment")
    with (
        extractors.lend("mine", lambda argument: None),
        pytest.raises(PluginError, match=r"extractor 'mine' .* takes \(argument\); expected \(argument, setting\)"),
    ):
        make_extractor("mine", points.load("ring", n=8).spec, points)

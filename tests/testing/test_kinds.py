"""Things of every kind that a package may offer are tried, not only loaded: planted packages, good and bad."""

import pytest
import torch

from multigan.augment import views
from multigan.core.errors import PluginError
from multigan.extend.installed import REGISTRIES, registry_of
from multigan.losses import matching, penalties
from multigan.testing.kinds import TRIALS, kind_of
from multigan.testing.packages import check_target

GAMES = """
import torch
from torch import nn
from multigan.core.types import Loss
from multigan.games.adversarial import AdversarialGame

class Good(AdversarialGame):
    roles = {"d": "D", "g": "G", "q": "Q"}
    def __init__(self, players, rules):
        super().__init__(players, rules)
        self.players["Q"] = nn.Linear(2, 1)
        self.turns["q"] = ("Q", self.q_loss)
    def round(self, n_critic):
        return ("d",) * n_critic + ("g", "q")
    def q_loss(self, batch, draw):
        loss = self.players["Q"](batch.real).square().mean()
        return Loss(loss, {"loss/Q": loss.detach()})

class Unknown(Good):
    def round(self, n_critic):
        return ("d", "gq")

class Bare(Good):
    def q_loss(self, batch, draw):
        return self.players["Q"](batch.real).mean()

class Raises(Good):
    def q_loss(self, batch, draw):
        return self.nothing

class Fakes(Good):
    def fake(self, batch, draw):
        return None

class Judges(Good):
    def judge(self, x, batch, draw):
        return self.D(x, batch.cond, draw).logits[0]

class Random(Good):
    def q_loss(self, batch, draw):
        loss = self.players["Q"](batch.real + torch.rand(1)).square().mean()
        return Loss(loss, {})

class Counts(Good):
    count = 0
    def after(self, player):
        self.count += 1
    def q_loss(self, batch, draw):
        loss = (self.players["Q"](batch.real) - self.count).square().mean()
        return Loss(loss, {})

class Refuses(Good):
    @staticmethod
    def refuse(rules):
        rules.refuse("x", "loss")

class Misspelt(Good):
    @staticmethod
    def refuse(rules):
        rules.refuse("x", "veiws")
"""
GAME_FAULTS = {
    "Unknown": r"names 'gq'; expected a turn of its turns",
    "Bare": "turn 'q' gives Tensor; expected a Loss",
    "Raises": "AttributeError",
    "Fakes": "Fakes.fake gives NoneType; expected as many fakes as reals",
    "Judges": "Judges.judge gives Tensor; expected a Critique",
    "Random": "turn 'q' differs between equal draws",
    "Counts": "'Q' differs after stop and resume",
    "Misspelt": "refuses 'veiws'",
}
EXTRACTORS = """
import torch

class Good:
    name, sha256, dim = "good", "0" * 64, 3
    def __call__(self, real):
        return torch.cat([real, real.sum(1, keepdim=True)], 1).float()

class Uncallable(Good):
    __call__ = None
class WordDim(Good):
    dim = "3"
class OtherDim(Good):
    dim = 4
class NoHash(Good):
    sha256 = "abc"
class Double(Good):
    def __call__(self, real):
        return super().__call__(real).double()
class Random(Good):
    def __call__(self, real):
        return super().__call__(real) + torch.rand(1)
class Neighbours(Good):
    def __call__(self, real):
        return super().__call__(real) - (real.mean() if len(real) else 0)
class Rebuilt(Good):
    built = 0
    def __init__(self):
        Rebuilt.built += 1
        self.sha256 = f"{self.built:064x}"

def build(kind):
    return lambda argument, setting: kind()

def wants(argument, setting):
    from multigan.core.errors import DataError
    raise DataError("no weights", "mine:PATH")
"""
EXTRACTOR_FAULTS = {
    "Uncallable": "cannot be called",
    "WordDim": "its dim is '3'; expected the length of a vector, or None",
    "OtherDim": "dim = 4, but it gives 3",
    "NoHash": "64 hexadecimal digits",
    "Double": "gives torch.float64; expected torch.float32",
    "Random": "differs between calls",
    "Neighbours": "depends on its neighbours",
    "Rebuilt": "another each time it is built",
}
PARTS = """
import torch
from torch import nn
from multigan.nets import mlp

class Log:
    def __init__(self, folder): self.folder = folder
    def write(self, step, values): pass
class Mute:
    def __init__(self, folder): pass
def clip(D, *, limit: float = 0.1):
    for value in D.parameters(): value.data.clamp_(-limit, limit)
def breaks(D):
    for value in D.parameters(): value.data.mul_(float("nan"))
def worst(values, logits, draw): return values.max()
def rows(values, logits, draw): return values
def deaf(values, logits, draw): return values.detach().mean()
def near(D, real, fake, cond, draw): return (real - fake).square().mean(1)
def far(D, real, fake, cond, draw): return (real - fake.detach()).square().mean(1)
class Built:
    @classmethod
    def build(cls, modality, spec): return cls()
    def __call__(self, D, real, fake, cond, draw): return D(fake).square()
def G(spec, *, width: int = 8): return mlp.build_flat_g(spec, width=width)
def D(spec, *, width: int = 8): return mlp.build_flat_d(spec, width=width)
def no_latent(spec, *, width: int = 8): return nn.Linear(2, 2)
def view(modality, spec): return lambda x, draw: x * 2
def blind(modality, spec): return lambda x, draw: x.detach()
def bare(modality): return lambda x, draw: x
"""
THINGS = {
    ("multigan.loggers", "Log"): "",
    ("multigan.loggers", "Mute"): "-Mute gives Mute without write",
    ("multigan.constraints", "clip"): "",
    ("multigan.constraints", "breaks"): "leaves weights that are not finite",
    ("multigan.reductions", "worst"): "",
    ("multigan.reductions", "rows"): "rows gives (4,); expected one number",
    ("multigan.reductions", "deaf"): "no gradient in the losses",
    ("multigan.matching", "near"): "",
    ("multigan.matching", "far"): "no gradient in the fakes",
    ("multigan.penalties", "Built"): "",
    ("multigan.penalties", "far"): "no gradient in D",
    ("multigan.generators", "G"): "",
    ("multigan.generators", "no_latent"): "no_latent has no latent",
    ("multigan.discriminators", "D"): "",
    ("multigan.views", "view"): "",
    ("multigan.views", "blind"): "no gradient in the samples",
    ("multigan.views", "bare"): "TypeError",
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    for kind in REGISTRIES:
        registry = registry_of(kind)
        monkeypatch.setattr(registry, "_points", None)
        monkeypatch.setattr(registry, "broken", {})
        monkeypatch.setattr(registry, "_loaded", dict(registry._loaded))


def found_in(package):
    return {thing.rpartition(" ")[2]: result for thing, result in check_target(package)}


def test_an_own_game_plays_a_few_steps_with_tiny_players(install):
    names = ["Good", "Refuses", *GAME_FAULTS]
    install("tiny-games", {"multigan.games": {name: f"tiny_games:{name}" for name in names}}, tiny_games=GAMES)
    found = found_in("tiny-games")
    assert found["Good"].state == "passed", found["Good"]
    assert found["Refuses"].state == "skipped"
    assert found["Refuses"].message.startswith("it has no place for points: ")
    assert "game 'x' has no place for game.loss" in found["Refuses"].message
    for name, message in GAME_FAULTS.items():
        assert found[name].state == "failed", name
        assert message in found[name].message, found[name]
    (by_place,) = check_target("tiny_games:Bare")
    assert by_place[1].name == "game"
    assert "game tiny_games:Bare: turn 'q' gives Tensor" in by_place[1].message


def test_an_own_extractor_embeds_a_small_batch(install):
    names = ["Good", *EXTRACTOR_FAULTS]
    source = EXTRACTORS + "".join(f"\nbuild_{name} = build({name})" for name in names)
    points = {name: f"tiny_extractors:build_{name}" for name in names} | {"wants": "tiny_extractors:wants"}
    install("tiny-extractors", {"multigan.extractors": points}, tiny_extractors=source)
    found = found_in("tiny-extractors")
    assert found["Good"].state == "passed", found["Good"]
    assert found["wants"].state == "skipped"
    assert "no weights; expected mine:PATH" in found["wants"].message
    for name, message in EXTRACTOR_FAULTS.items():
        assert found[name].state == "failed", name
        assert message in found[name].message, found[name]


def test_parts_of_every_other_kind_are_tried(install):
    groups: dict[str, dict[str, str]] = {}
    for group, name in THINGS:
        groups.setdefault(group, {})[f"{group.rpartition('.')[2]}-{name}"] = f"tiny_parts:{name}"
    install("tiny-parts", groups, tiny_parts=PARTS)
    found = found_in("tiny-parts")
    for (group, name), message in THINGS.items():
        result = found[f"{group.rpartition('.')[2]}-{name}"]
        assert result.state == ("failed" if message else "passed"), result
        assert message.replace(f"{name} gives (", "gives (").replace("no_latent has", "has") in result.message, result


def test_every_kind_has_a_trial():
    assert {*TRIALS} | {"modality", "recipes"} == {*REGISTRIES}


@pytest.mark.parametrize("name", [name for name in penalties.names() if name != "consistency"])
def test_built_in_penalties_pass(name):
    TRIALS["penalty"](penalties.get(name), name)


@pytest.mark.parametrize("name", ["feature-matching", "features"])
def test_built_in_matching_terms_pass(name):
    TRIALS["matching term"](matching.get(name), name)


@pytest.mark.parametrize("name", ["instance-noise", "pack"])
def test_built_in_views_pass(name):
    TRIALS["view"](views.get(name), name)


def test_an_object_is_known_by_what_it_is_given():
    assert kind_of(lambda players, rules, *, share=1: None) == "game"
    assert kind_of(lambda argument, setting: None) == "extractor"
    assert kind_of(lambda modality, spec: None) == "view"
    assert kind_of(lambda values, logits, draw: None) == "reduction"
    assert kind_of(lambda D, real, fake, cond, draw: None) == "penalty"
    assert kind_of(lambda a, b, c, d, e: None) == "penalty"
    assert kind_of(lambda D, real: None) == "penalty"
    assert kind_of(lambda folder: None) == "logger"
    with pytest.raises(PluginError, match=r"called with \(odd\); .*\(folder\) of a logger; set MULTIGAN_PLUGINS="):
        kind_of(lambda odd: None)
    with pytest.raises(PluginError, match="Tensor is nothing that a package offers"):
        kind_of(torch.ones(1))


@pytest.mark.parametrize(
    ("group", "name", "kind"),
    [
        ("loggers", "Log", "logger"),
        ("constraints", "clip", "constraint"),
        ("matching", "near", "matching term"),
        ("discriminators", "D", "discriminator"),
        ("views", "view", "view"),
    ],
)
def test_how_an_object_is_offered_says_its_kind(group, name, kind, install, monkeypatch):
    install("tiny-other", {}, tiny_kinds=PARTS)
    monkeypatch.setenv("MULTIGAN_PLUGINS", f"multigan.{group}:mine=tiny_kinds:{name}")
    ((_, result),) = check_target(f"tiny_kinds:{name}")
    assert (result.name, result.state) == (kind, "passed"), result

"""The kit catches what it says: every rule is broken once in a copy, and the check that names it must fail."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError
from multigan.core.types import Critique, Latent
from multigan.files.findings import Survey
from multigan.nets import mlp
from multigan.plugins import modalities
from multigan.testing import CHECKS, check_modality
from multigan.testing.case import Case
from multigan.testing.kit import run_check, run_checks


@pytest.mark.parametrize("name", ["audio", "image", "points", "text"])
def test_every_built_in_modality_passes(name):
    results = check_modality(modalities.get(name))
    assert [result.name for result in results] == [check for check in CHECKS if check != "export"]


def test_the_small_modality_passes(tiny):
    assert {result.state for result in run_checks(tiny())} == {"passed"}


def changed(**changes):
    """A mutant that loads data with fields changed."""

    def load(self, source, *, n: int = 64):
        data = super(type(self), self).load(source, n=n)
        return replace(data, **{key: value(data) for key, value in changes.items()})

    return {"load": load}


def spec(**changes):
    return changed(spec=lambda data: replace(data.spec, **changes))


def takes(function):
    """A mutant whose items are taken in another way."""

    def make(tiny):
        return {"items": type("Odd", (tiny.items,), {"take": lambda self, i, draw: function(self.values, i)})}

    return make


def takes_in(**changes):
    """A mutant whose files become inputs in another way."""

    def take_in(self, path, spec):
        return replace(super(type(self), self).take_in(path, spec), **changes)

    return {"take_in": take_in}


class Deaf(nn.Module):
    """A translator that gives the same, whatever it is given."""

    def __init__(self):
        super().__init__()
        self.latent, self.shift = Latent((0,)), nn.Parameter(torch.zeros(4))

    def forward(self, z, cond=None, draw=None, *, source):
        return 0 * source + self.shift


class Net(nn.Module):
    """A net for vectors of four numbers, with one fault."""

    def __init__(self, player, fault):
        super().__init__()
        self.player, self.fault, self.calls = player, fault, 0
        self.latent = mlp.MlpG(4, 2, 8, 1).latent
        self.net = nn.Linear(2 if player == "G" else 4, 4 if player == "G" else 1)
        if fault == "dead":
            self.spare = nn.Linear(2, 2)
        if fault == "loose":
            self.scale = torch.ones(1)
        if fault == "unsaved":
            self.register_buffer("shift", torch.randn(4), persistent=False)
        if fault == "entropy":
            generator = torch.Generator().manual_seed(int.from_bytes(os.urandom(7), "little"))
            self.net.weight = nn.Parameter(torch.randn(4, 2, generator=generator))
        if fault == "one":
            self.norm = nn.BatchNorm1d(4)

    def forward(self, x, cond=None, draw=None):
        self.calls += 1
        x = self.norm(x) if self.fault == "one" else x
        out = self.net(x)
        faults = {
            "shape": lambda: out[:, :2],
            "random": lambda: out + torch.rand(1),
            "unsaved": lambda: out + getattr(self, "shift", 0),
            "still": lambda: out.detach() + 0 * self.net(x),
            "counts": lambda: out * (1 + 0.1 * self.calls),
            "blind": lambda: self.net(x * 0),
            "branch": lambda: out if x.sum() > 0 else -out,
            "cpu": lambda: out + torch.ones(1, device="cpu"),
        }
        out = faults.get(self.fault, lambda: out)()
        return out if self.player == "G" else Critique((out.squeeze(1),))


def _nets(player, fault):
    def build(spec, *, nz: int = 2, width: int = 8, layers: int = 1, minibatch_std: int = 0):
        return Net(player, fault)

    return {"generators" if player == "G" else "discriminators": {"mlp": build}}


def g(fault):
    return _nets("G", fault)


def d(fault):
    return _nets("D", fault)


def save_unlabelled(self, samples, folder, names, label):
    path = folder / "x.tiny"
    path.write_text("[1.0]\n")
    return [path]


def save_elsewhere(self, samples, folder, names, label):
    return super(type(self), self).save(samples, folder.parent, names, label)


def save_rounded(self, samples, folder, names, label):
    return super(type(self), self).save([[round(v) for v in one] for one in samples], folder, names, label)


def load_typeless(self, source, *, n=64):
    return super(type(self), self).load(source, n=n)


def load_positional(self, source, n: int = 64):
    return super(type(self), self).load(source, n=n)


def load_anything(self, source, *, n: int = 64):
    return super(type(self), self).load("demo", n=n)


def load_bare(self, source, *, n: int = 64):
    if source not in self.embedded and not os.path.exists(source):
        raise KeyError(source)
    return super(type(self), self).load(source, n=n)


def in_place(self, raw, spec):
    return raw.div_(2)


def from_numpy(self, raw, spec):
    return raw / torch.tensor(spec.meta["scale"]) + torch.zeros(4, device="cpu")


def reduced(G, batch, draw):
    return G(G.latent.sample(4, draw)).mean()


def past_g(G, batch, draw):
    return batch.real.mean(1).requires_grad_()


def scored(value):
    return {"key": "x", "title": "x", "group": "quality", "value": value, "better": "lower"}


MUTANTS = {
    "another version of the contract": ("contract", {"multigan_api": 1}),
    "no summary": ("contract", {"summary": " "}),
    "a suffix in capitals": ("contract", {"suffixes": (".TINY",)}),
    "a reason left out": ("contract", {"unsupported": {"export": ""}}),
    "a verb that is none": ("contract", {"unsupported": {"exprt": "tables"}}),
    "a method that is none": ("contract", {"features": None}),
    "a misspelt ability": ("contract", {"read_holes": lambda self, text, spec: text}),
    "half an ability": ("contract", {"output_name": "numbers"}),
    "another signature": ("contract", {"film": lambda self, samples, path: []}),
    "scores of an older contract": ("contract", {"metrics": lambda self, real, fake, spec: {}}),
    "an option without a type": ("options", {"load": load_typeless}),
    "an option that is positional": ("options", {"load": load_positional}),
    "the spec of another modality": ("data", spec(modality="points")),
    "no report": ("data", changed(report=lambda data: ())),
    "labels of int32": ("data", changed(labels=lambda data: data.labels.int())),
    "labels beyond the classes": ("data", changed(labels=lambda data: data.labels + 1)),
    "a label too few": ("data", changed(labels=lambda data: data.labels[1:])),
    "a tuple in meta": ("spec-is-plain", spec(meta={"scale": 2.0, "pair": (1, 2)})),
    "a tensor in meta": ("spec-is-plain", spec(meta={"scale": 2.0, "mean": torch.zeros(1)})),
    "a KeyError for a missing source": ("bad-source", {"load": load_bare}),
    "any source is taken": ("bad-source", {"load": load_anything}),
    "items lost": ("take", takes(lambda values, i: values[i][1:])),
    "items in another order": ("take", takes(lambda values, i: values[i.sort().values])),
    "items that change": ("take", takes(lambda values, i: values[i] + torch.rand(1) * 1e-3)),
    "double precision": ("to-real", {"to_real": lambda self, raw, spec: raw.double() / 2}),
    "out of range": ("to-real", {"to_real": lambda self, raw, spec: raw}),
    "another shape": ("to-real", {"to_real": lambda self, raw, spec: raw[:, None] / 2}),
    "not a number": ("to-real", {"to_real": lambda self, raw, spec: (raw - raw) / (raw - raw)}),
    "raw items changed in place": ("to-real", {"to_real": in_place}),
    "scaled by the batch": ("items-apart", {"to_real": lambda self, raw, spec: raw / (raw.max() if len(raw) else 1)}),
    "features centred by the batch": ("items-apart", {"features": lambda self, real, spec: real - real.mean(0)}),
    "no empty batch": ("odd-batches", {"features": lambda self, real, spec: real - real.max() + real.max()}),
    "torch's random state": (
        "no-hidden-randomness",
        {"own_scores": lambda self, samples, real, train, spec: [scored(float(torch.rand(1)))]},
    ),
    "numpy's random state": (
        "no-hidden-randomness",
        {"render": lambda self, fake, spec: (fake.numpy() + 1e-9 * np.random.rand(4)).tolist()},  # noqa: NPY002
    ),
    "a tensor on the CPU": ("device", {"to_real": from_numpy}),
    "a class without items": ("labels", spec(classes=("a", "b", "c"))),
    "samples lost": ("render", {"render": lambda self, fake, spec: fake[1:].tolist()}),
    "no list": ("render", {"render": lambda self, fake, spec: fake}),
    "files without provenance": ("save", {"save": save_unlabelled}),
    "files elsewhere": ("save", {"save": save_elsewhere}),
    "a sheet without a file": ("sheet", {"sheet": lambda self, samples, path, label: path.with_suffix(".txt")}),
    "files that round": ("round-trip", {"save": save_rounded}),
    "features all the same": ("features", {"features": lambda self, real, spec: torch.ones(len(real), 2)}),
    "features not finite": ("features", {"features": lambda self, real, spec: real / 0}),
    "a score not finite": ("scores", {"own_scores": lambda self, *sides: [scored(float("nan"))]}),
    "a score in no group": ("scores", {"own_scores": lambda self, *sides: [{**scored(1.0), "group": "beauty"}]}),
    "one score twice": ("scores", {"own_scores": lambda self, *sides: [scored(1.0), scored(2.0)]}),
    "a likelihood that is none": ("scores", {"model_scores": lambda self, net, real, spec: [scored("1")]}),
    "a likelihood with the key of a score": (
        "scores",
        {"model_scores": lambda self, net, real, spec: [{**scored(1.0), "key": "mean"}]},
    ),
    "a score of every evaluation's name": (
        "scores",
        {"own_scores": lambda self, *_: [{**scored(1.0), "key": "kernel"}]},
    ),
    "an inspection that says nothing": ("offers", {"inspect": lambda self, path, options, tick: None}),
    "an inspection of no files": ("offers", {"inspect": lambda self, path, options, tick: Survey({}, [], 0)}),
    "a sample as bytes": ("offers", {"to_html": lambda self, sample, spec: b"<p>"}),
    "a picture without channels": ("offers", {"picture": lambda self, real, spec: real}),
    "a closeness without a name": ("offers", {"closeness": lambda self, real, fake, spec: real.mean(1)}),
    "a spec that is refused": ("offers", {"check_spec": lambda self, spec: spec.meta["none"]}),
    "an output of another batch": (
        "offers",
        {"output_name": "x", "output_meaning": "y", "to_output": lambda self, fake, spec: fake[:1]},
    ),
    "names of several files": ("pairs", changed(names=lambda data: ("x",) * len(data.items))),
    "a name too few": ("pairs", changed(names=lambda data: data.names[1:])),
    "a translator that does not listen": ("sources-reach-g", {"translators": {"deaf": lambda spec, source: Deaf()}}),
    "an input that is something else": ("apply-round-trip", takes_in(to_input=lambda x: x)),
    "an output that is not kept": ("apply-round-trip", takes_in(to_kept=lambda x: (2 * x).round())),
    "features that see nothing": ("floor", {"features": lambda self, real, spec: real.mul(1e6).sin()}),
    "an augmentation without gradient": ("augmentations", {"augmentations": {"cut": lambda x, draw: x.detach()}}),
    "a G of another shape": ("nets", g("shape")),
    "a parameter without gradient": ("nets", g("dead")),
    "noise of G's own": ("nets", g("random")),
    "no batch of one": ("nets", d("one")),
    "a D that sees nothing": ("nets-on-reals", d("blind")),
    "a tensor that is no buffer": ("nets-move", g("loose")),
    "a net for the CPU only": ("nets-move", d("cpu")),
    "an objective that reduces": (
        "objectives",
        {"objectives": {"m": reduced}},
    ),
    "an objective past G": (
        "objectives",
        {"objectives": {"m": past_g}},
    ),
    "weights from entropy": ("seeds", g("entropy")),
    "a buffer that is not saved": ("save-load", g("unsaved")),
    "the recipe of another modality": ("recipe", {"recipe_for_files": "image/folder"}),
    "a recipe that is not there": ("recipe", {"recipe_for_files": "tiny/none"}),
    "a G that does not learn": ("one-step", g("still")),
    "a counter outside the state": ("resume", d("counts")),
}


def mutant(tiny, name):
    change = MUTANTS[name][1]
    return type("Mutant", (tiny,), change(tiny) if callable(change) else change)()


@pytest.mark.parametrize("name", MUTANTS)
def test_the_kit_names_the_rule_that_is_broken(name, tiny):
    case = Case(mutant(tiny, name))
    result = run_check(MUTANTS[name][0], case)
    case.close()
    assert result.state == "failed", result
    assert len(result.message) > 20


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "state"), [("", "passed"), ("branch", "failed")])
def test_a_net_that_cannot_be_captured_is_named(tiny, fault, state):
    case = Case(type("Mutant", (tiny,), g(fault))())
    assert run_check("export", case).state == state
    declared = Case(type("Mutant", (tiny,), {**g(fault), "unsupported": {"export": "it branches"}})())
    assert run_check("export", declared).message == "it declares: it branches"


def test_every_check_has_a_mutant_and_says_what_it_catches():
    assert {check for check, _ in MUTANTS.values()} | {"export"} == set(CHECKS)
    assert all((check.__doc__ or "").strip() for check in CHECKS.values())


@pytest.mark.parametrize("name", ["double precision", "a counter outside the state"])
def test_the_error_names_modality_and_check(name, tiny):
    with pytest.raises(PluginError, match=rf"modality 'tiny' breaks the contract: .*\[{MUTANTS[name][0]}\]"):
        check_modality(mutant(tiny, name))


def test_a_declared_failure_is_expected_and_a_false_one_a_surprise(tiny):
    broken = mutant(tiny, "files that round")
    states = {r.name: r.state for r in run_checks(broken, expected={"round-trip": "files hold whole numbers"})}
    assert states["round-trip"] == "expected"
    with pytest.raises(PluginError, match=r"\[render\] declared to fail: why not"):
        check_modality(type("Declares", (tiny,), {"expected_failures": {"render": "why not"}})())
    with pytest.raises(PluginError, match=r"'rendr' is expected to fail.*did you mean 'render'"):
        list(run_checks(tiny(), expected={"rendr": "x"}))


def test_data_may_be_given(tiny):
    data = tiny().load("demo", n=40)
    assert check_modality(tiny(), data)
    with pytest.raises(PluginError, match=r"\[data\]"):
        check_modality(tiny(), replace(data, labels=None, report=()))


def test_checks_leave_the_random_state_alone(tiny):
    before = torch.get_rng_state()
    check_modality(tiny())
    assert torch.equal(before, torch.get_rng_state())
    assert "tiny" not in modalities
    assert Draw(0).progress == 1

"""Checks of a modality's contract, data and tensors: what comes in."""

import inspect
import json
import random
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.core.registry import API
from multigan.core.types import Spec
from multigan.plugins.abilities import Scores, able
from multigan.plugins.contract import check_data, check_real
from multigan.plugins.members import check_members
from multigan.testing.case import Case
from multigan.testing.rules import Skip, rule

__all__ = ["CHECKS"]


def contract(case: Case) -> None:
    """Members that are missing, misspelt, half an ability or of the wrong kind, another `multigan_api`, no reasons."""
    declared = case.modality.multigan_api
    rule(declared == API, f"multigan_api = {declared!r}", f"{API}")
    check_members(case.modality.name, case.modality)
    rule(bool(case.modality.summary.strip()), "summary is empty", "one line for multigan modalities")
    bad = [ending for ending in case.modality.suffixes if not ending.startswith(".") or ending != ending.lower()]
    rule(not bad, f"suffixes has {bad}", "lower case, with the dot")


def options(case: Case) -> None:
    """Options of `load`, or of a net, that a recipe cannot set: not keyword-only, no type, no default."""
    builders = {**case.modality.generators, **case.modality.discriminators}
    calls: dict[str, Callable[..., Any]] = {"load": case.modality.load, **builders}
    for name, call in calls.items():
        for number, one in enumerate(inspect.signature(call).parameters.values()):
            if number < 1 or one.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            rule(
                one.kind is inspect.Parameter.KEYWORD_ONLY, f"{name}: {one.name} is positional", "keyword-only: after *"
            )
            rule(one.annotation is not inspect.Parameter.empty, f"{name}: {one.name} has no type", "an annotation")
            rule(one.default is not inspect.Parameter.empty, f"{name}: {one.name} has no default", "a default")


def data(case: Case) -> None:
    """A `Data` that contradicts itself: the spec's modality and shape, labels, no items, no report."""
    check_data(case.modality, case.data)
    rule(len(case.data.items) > 0, "load gives no items", "at least one")
    rule(all(isinstance(line, str) for line in case.data.report), "report has other things than lines", "strings")
    rule(bool(case.data.report), "report is empty", "a line that says what was read")


def spec_is_plain(case: Case) -> None:
    """A `Spec` that does not survive JSON, so that no generator of it can be saved."""
    try:
        plain = json.loads(json.dumps(asdict(case.spec)))
    except (TypeError, ValueError) as error:
        rule(False, f"spec.meta is no JSON: {error}", "numbers, strings, lists and dicts with string keys")
        raise
    again = Spec(**{**plain, "shape": tuple(plain["shape"]), "classes": tuple(plain["classes"])})
    rule(again == case.spec, "spec changes in JSON", "lists, not tuples, in meta; string keys")


def bad_source(case: Case) -> None:
    """A source that does not exist and is not refused with an error in words."""
    try:
        case.modality.load("there is no such source")
    except MultiGANError:
        return
    except Exception as error:
        rule(False, f"load of a missing source raises {type(error).__name__}", "a DataError")
    rule(False, "load of a missing source raises nothing", "a DataError")


def take(case: Case) -> None:
    """Items that are not those of the numbers asked for, or differ between equal draws."""
    items, count = case.data.items, len(case.raw)
    for size in {0, 1, count}:
        given = len(items.take(torch.arange(size), Draw(0)))
        rule(given == size, f"take gives {counted(given, 'item')} for {counted(size, 'number')}", f"{size}")
    again = items.take(torch.arange(count), Draw(0))
    rule(torch.equal(case.raw, again), "take differs between equal draws", "no other randomness")
    backwards = case.modality.to_real(items.take(torch.arange(count).flip(0), Draw(0)), case.spec).flip(0)
    if not _crops(case):
        rule(torch.equal(backwards, case.real), "take ignores the order of numbers", "item k for number k")


def to_real(case: Case) -> None:
    """Shape, dtype, range and finiteness in D's space; raw items that are changed in place."""
    before = case.raw.clone()
    real = case.modality.to_real(case.raw, case.spec)
    rule(torch.equal(before, case.raw), "to_real changes the raw items in place", "a new tensor")
    check_real(case.modality, real, len(before), case.spec)


def items_apart(case: Case) -> None:
    """A `to_real` or `features` that makes an item depend on its neighbours in the batch."""
    real = case.real
    alone = torch.cat([case.modality.to_real(case.raw[k : k + 1].clone(), case.spec) for k in range(len(real))])
    rule(torch.allclose(real, alone, atol=1e-6), "to_real of an item depends on its batch", "each item for itself")
    found = case.modality.features(real, case.spec)
    alone = torch.cat([case.modality.features(one[None], case.spec) for one in real])
    close = torch.allclose(found, alone, rtol=1e-3, atol=1e-4 * max(1.0, found.abs().max().item()))
    rule(close, "features of an item depend on its batch", "each item for itself")


def odd_batches(case: Case) -> None:
    """Empty batches, batches of one and of three."""
    for size in (0, 1, 3):
        raw = case.raw[:size].clone()
        real = case.modality.to_real(raw, case.spec)
        rule(
            real.shape == (len(raw), *case.spec.shape),
            f"to_real gives {tuple(real.shape)} for {counted(len(raw), 'item')}",
            "",
        )
        rendered = len(case.modality.render(real, case.spec))
        rule(rendered == len(raw), f"render loses samples: {rendered} of {len(raw)}", f"{len(raw)}")
        rows = case.modality.features(real, case.spec)
        rule(rows.ndim == 2 and len(rows) == len(raw), f"features are {tuple(rows.shape)}", f"({len(raw)}, dim)")


def no_hidden_randomness(case: Case) -> None:
    """Use of the global random states of torch, numpy or Python, which a resume cannot restore."""

    def states() -> tuple[str, ...]:
        torch_state = str(torch.get_rng_state().tolist())
        return torch_state, str(np.random.get_state(legacy=False)), str(random.getstate())  # noqa: NPY002

    real, spec, modality = case.real, case.spec, case.modality
    calls: dict[str, Callable[[], object]] = {
        "take": lambda: case.data.items.take(torch.arange(2), Draw(1)),
        "to_real": lambda: modality.to_real(case.raw.clone(), spec),
        "render": lambda: modality.render(real, spec),
        "features": lambda: modality.features(real, spec),
    }
    if able(modality, Scores):
        samples, scored = modality.render(real, spec), modality
        calls["own_scores"] = lambda: scored.own_scores(samples, samples, samples, spec)
    for name, call in calls.items():
        before = states()
        call()
        rule(states() == before, f"{name} draws from a global random state", "all randomness from a Draw")


def device(case: Case) -> None:
    """A `to_real` that leaves the items' device."""
    where = "cuda" if torch.cuda.is_available() else "meta"
    try:
        real = case.modality.to_real(case.raw.to(where), case.spec)
    except (RuntimeError, NotImplementedError) as error:
        rule(False, f"to_real fails on device {where}: {str(error).splitlines()[0]}", "tensors made on raw.device")
        raise
    rule(real.device.type == where, f"to_real moves items from {where} to {real.device.type}", "the items' device")


def _crops(case: Case) -> bool:
    """Whether items are cut at random from something longer: then the order of a batch decides what is cut."""
    items = torch.zeros(2, dtype=torch.long)
    one, other = case.data.items.take(items, Draw(0))
    return not torch.equal(one, other)


def labels(case: Case) -> None:
    """Labels that are not one for each item, and classes without an item."""
    if case.data.labels is None:
        raise Skip("it has no labels")
    seen = set(case.data.labels.tolist())
    unused = [name for number, name in enumerate(case.spec.classes) if number not in seen]
    rule(not unused, f"no item has class {unused[:3]}", "classes that occur")


CHECKS = (
    contract,
    options,
    data,
    spec_is_plain,
    bad_source,
    take,
    to_real,
    items_apart,
    odd_batches,
    no_hidden_randomness,
    device,
    labels,
)

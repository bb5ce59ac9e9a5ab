"""Checks of what generators that are given an input need: names that join pairs, nets that listen, files and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.owners import owners_of
from multigan.core.types import Data, Spec
from multigan.inputs.beside import Chosen, pair_up
from multigan.nets.lookup import translators_of
from multigan.plugins.abilities import Applies, Untouched, able
from multigan.plugins.fitted import Taken
from multigan.provenance import labels as provenance
from multigan.recipe.options import bind
from multigan.testing.case import Case
from multigan.testing.on_samples import alike
from multigan.testing.rules import Skip, rule

__all__ = ["CHECKS"]

LABEL = provenance.label("trial", "0" * 64, "trial", 0)
CLOSE = 1e-5


def pairs(case: Case) -> None:
    """Names by which inputs and targets do not find each other: too few, or one for several files."""
    data = _read_again(case)
    if not data.names:
        raise Skip("its files have no names, so pairs are joined by order")
    groups = owners_of(data.items)
    count = len(groups.unique())
    rule(len(data.names) == count, f"{len(data.names)} names of {count} files", "a name for each")
    rule(len(set(data.names)) == count, "one name for several files", "the path without the ending")
    left = torch.arange(len(data.items))[groups != groups[0]]
    other = replace(data, items=Chosen(data.items, left), labels=None)
    found = pair_up(data, other, case.modality)
    everything, inputs = torch.arange(len(found.items)), found.inputs
    targets = found.items.take(everything, Draw(0))
    sources = None if inputs is None else inputs.take(everything, Draw(0))
    same = sources is not None and len(found.items) == len(left) and torch.equal(targets, sources)
    rule(same, "a missing file moves the others", "pairs joined by name")


def sources_reach_g(case: Case) -> None:
    """Translators that do not listen to their input, give another shape, or differ between equal draws."""
    tried = 0
    for name, net, spec, source in _translators(case):
        tried += 1
        one = _noise(source, 0).requires_grad_(True)
        made = draw_fakes(net, len(one), Draw(0), None, one)
        wanted = (len(one), *spec.shape)
        rule(made.shape == wanted, f"G '{name}' gives {tuple(made.shape)}", f"{wanted}")
        rule(bool(torch.isfinite(made).all()), f"G '{name}' gives what is not finite", "finite samples")
        again = draw_fakes(net, len(one), Draw(0), None, one)
        rule(torch.equal(made, again), f"G '{name}' differs between equal draws", "all randomness from the draw")
        (gradient,) = torch.autograd.grad(made.square().sum(), one, allow_unused=True)
        reached = gradient is not None and bool(gradient.flatten(1).any(1).all())
        rule(reached, f"what G '{name}' gives does not depend on its input", "an output made of it")
    if not tried:
        raise Skip("it has no translators, or none for such samples")


def apply_round_trip(case: Case) -> None:
    """File -> input -> file: what goes through a generator that changes nothing comes back, also in parts."""
    modality, spec = case.modality, case.spec
    if not able(modality, Applies):
        raise Skip("it applies generators to no files")
    for number, sample in enumerate(modality.render(case.real, spec)):
        taken = modality.take_in(_saved(case, sample, number), spec)
        rule(isinstance(taken, Taken), f"take_in gives {type(taken).__name__}", "a multigan.plugins.fitted.Taken")
        given = taken.to_input(taken.raw)
        ranks = (given.ndim, given.shape[0]) == (len(spec.shape), spec.shape[0])
        rule(ranks, f"an input of {tuple(given.shape)} from a file", f"the axes of {spec.shape}")
        rule(bool((given - case.real[number]).abs().max() < CLOSE), "an input is not what load reads", "the same")
        kept = taken.to_kept(given)
        rule(bool((taken.from_kept(kept) - given).abs().max() < CLOSE), "from_kept is not the way back", "to_kept's")
        rule(alike(sample, taken.back(kept)), "a file does not come back", "what the net gives, as render gives it")
        part = taken.raw[..., : max(1, taken.raw.shape[-1] // 2)]
        alone = given[..., : part.shape[-1]] if given.ndim > 1 else None
        same = alone is None or torch.equal(taken.to_input(part), alone)
        rule(same, "a part of a file becomes another input than in the whole", "to_input does to every place the same")


def _read_again(case: Case) -> Data:
    """What `load` finds in files that `save` wrote."""
    modality, folder = case.modality, case.new_folder("pairs")
    if not modality.suffixes:
        raise Skip("it reads no files")
    samples = modality.render(case.real, case.spec)
    saving = modality.untouched if able(modality, Untouched) else {}
    paths = modality.save(samples, folder, [f"0-{k:05d}" for k in range(len(samples))], LABEL, **saving)
    given = case.trial.reload if case.trial.reload is not None else case.trial.options
    data: Data = modality.load(
        str(paths[0] if len(paths) == 1 else folder), **bind(modality.load, given, "trial.reload")
    )
    return data


def _translators(case: Case) -> Iterator[tuple[str, nn.Module, Spec, Spec]]:
    """Nets with drawn weights, so that none begins at zero, for inputs like samples, or grey ones of coloured ones."""
    spec = case.spec
    kinds = [(spec, spec)]
    if len(spec.shape) == 3:
        kinds.append((replace(spec, shape=(3, *spec.shape[1:])), replace(spec, shape=(1, *spec.shape[1:]))))
    for name, build in translators_of(case.modality).items():
        for made, given in kinds:
            try:
                torch.manual_seed(0)
                net = build(made, given)
            except RecipeError:
                continue
            with torch.no_grad():
                for value in net.parameters():
                    value.add_(torch.randn_like(value), alpha=0.05)
            yield name, net.eval(), made, given
            break


def _noise(spec: Spec, seed: int) -> Tensor:
    return Draw(seed).uniform("source", (2, *spec.shape))


def _saved(case: Case, sample: Any, number: int) -> Path:
    modality = case.modality
    saving = modality.untouched if able(modality, Untouched) else {}
    found: Path = modality.save([sample], case.new_folder("apply"), [f"0-{number:05d}"], LABEL, **saving)[0]
    return found


CHECKS = (pairs, sources_reach_g, apply_round_trip)

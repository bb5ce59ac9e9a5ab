"""Checks of what a modality offers beyond the contract: every ability that can be tried on samples and their files."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.types import Pictures, able
from multigan.plugins.abilities import Compares, Decodes, Exports, Gauges, Inspects, Judged, Shows, Untouched, Witnessed
from multigan.plugins.contract import guarded
from multigan.plugins.gauged import gauged
from multigan.plugins.shown import judge_view, judge_views
from multigan.plugins.surveyed import surveyed
from multigan.provenance import labels as provenance
from multigan.recipe.options import bind
from multigan.testing.case import Case
from multigan.testing.rules import Skip, rule

__all__ = ["CHECKS"]

LABEL = provenance.label("trial", "0" * 64, "trial", 0)


def offers(case: Case) -> None:
    """Abilities that fail or give something else: inspect, to_html, picture, closeness, gauge, shown_to_judge, ..."""
    tried = [name for name, trial in TRIALS.items() if trial(case)]
    if not tried:
        raise Skip(f"it offers none of {', '.join(TRIALS)}")


def _inspect(case: Case) -> bool:
    modality = case.modality
    if not able(modality, Inspects) or not modality.suffixes:
        return False
    folder = _saved(case)
    given = case.trial.reload if case.trial.reload is not None else case.trial.options
    options = bind(modality.load, given, "trial.reload")
    found = surveyed(modality, lambda: modality.inspect(folder, options, lambda done, total: None))
    rule(found.items > 0, f"inspect finds {found.items} samples where save wrote {len(case.raw)}", "what load finds")
    return True


def _to_html(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Shows):
        return False
    sample = modality.render(case.real, spec)[0]
    page = guarded(modality, "to_html", lambda: modality.to_html(sample, spec))
    rule(isinstance(page, str), f"to_html gives {type(page).__name__}", "HTML as a str")
    rule("<script" not in page.lower(), "to_html gives a script", "HTML with all that it shows inside, no scripts")
    return True


def _picture(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Pictures):
        return False
    count = len(case.raw)
    found = guarded(modality, "picture", lambda: modality.picture(case.real, spec))
    _tensor("picture", found, f"({count}, channels, height, width)", lambda x: x.ndim == 4 and len(x) == count)
    return True


def _closeness(case: Case) -> bool:
    modality, real, spec = case.modality, case.real, case.spec
    if not able(modality, Compares):
        return False
    found = guarded(modality, "closeness", lambda: modality.closeness(real, real.flip(0), spec))
    pair = isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], str)
    rule(pair, f"closeness gives {type(found).__name__}", "a name with the unit, and (batch,)")
    _tensor("closeness", found[1], f"({len(real)},)", lambda x: x.shape == (len(real),))
    return True


def _check_spec(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Decodes):
        return False
    guarded(modality, "check_spec", lambda: modality.check_spec(spec))
    return True


def _to_output(case: Case) -> bool:
    modality, real, spec = case.modality, case.real, case.spec
    if not able(modality, Exports):
        return False
    found = guarded(modality, "to_output", lambda: modality.to_output(real, spec))
    _tensor("to_output", found, f"({len(real)}, ...)", lambda x: len(x) == len(real))
    return True


def _gauge(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Gauges):
        return False
    said = list[str]()
    measure = gauged(modality, iter([case.real]), iter([case.real]), spec=spec, tell=said.append)
    with torch.no_grad():
        measure(case.generator().net, case.real)
    rule(not said, "".join(said[:1]), "finite numbers")
    return True


def _shown_to_judge(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Judged):
        return False
    for known in ([case.real], []):
        judge_view(modality, iter(known), spec)(case.real)
    return True


def _numbers_for_judge(case: Case) -> bool:
    modality, spec = case.modality, case.spec
    if not able(modality, Witnessed):
        return False
    for known in ([case.real], list[Tensor]()):
        judge_views(modality, lambda known=known: known, spec).of([case.real])
    return True


def _saved(case: Case) -> Path:
    """A folder with the case's samples as `save` writes them, or the one file that it writes."""
    modality, folder = case.modality, case.new_folder("inspect")
    samples = modality.render(case.real, case.spec)
    names = [f"0-{number:05d}" for number in range(len(samples))]
    saving = modality.untouched if able(modality, Untouched) else {}
    paths = modality.save(samples, folder, names, LABEL, **saving)
    return paths[0] if len(paths) == 1 else folder


def _tensor(method: str, found: object, expected: str, fits: Callable[[Tensor], bool]) -> None:
    given = f"{tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
    rule(isinstance(found, Tensor) and fits(found), f"{method} gives {given}", expected)
    rule(isinstance(found, Tensor) and bool(torch.isfinite(found).all()), f"{method} is not finite", "finite numbers")


TRIALS: dict[str, Callable[[Case], bool]] = {
    "inspect": _inspect,
    "to_html": _to_html,
    "picture": _picture,
    "closeness": _closeness,
    "check_spec": _check_spec,
    "to_output": _to_output,
    "gauge": _gauge,
    "shown_to_judge": _shown_to_judge,
    "numbers_for_judge": _numbers_for_judge,
}
CHECKS = (offers,)

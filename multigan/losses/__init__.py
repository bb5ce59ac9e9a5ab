"""Losses and terms by name; packages add their own by entry points.

| registry | entry-point group | a thing is |
|---|---|---|
| `losses` | `multigan.losses` | a `LossPair`: `d(real_logits, fake_logits)`, `g(fake_logits, real_logits)` |
| `penalties` | `multigan.penalties` | `penalty(D, real, fake, cond, draw, *, options) -> (batch,)`, added to D's loss |
| `matching` | `multigan.matching` | the same signature, added to G's loss |
| `constraints` | `multigan.constraints` | `constraint(D, *, options)`, applied after each update of D |
| `reductions` | `multigan.reductions` | `reduction(values, logits, draw, *, options) -> scalar`, of G's losses |

A penalty that has a state, or needs the modality, is a class with a classmethod `build(modality, spec, *, options)`
whose instances are called like the function; with a state it is an `nn.Module` with `settle` (`types.Stateful`). A
matching term that asks D has the attribute `asks_D = True`: the turn `fit` leaves it out.
"""

from collections.abc import Callable

from torch import Tensor

from multigan.core.errors import PluginError
from multigan.core.registry import Registry, callable_only
from multigan.core.types import Penalty
from multigan.losses.adversarial import LossPair

__all__ = ["AdversarialLoss", "LossPair", "constraints", "losses", "matching", "penalties", "reductions"]

AdversarialLoss = LossPair
"""The same under its first name, for packages written before."""

_HERE = "multigan.losses"


def _loss_only(name: str, thing: object) -> None:
    if not isinstance(thing, LossPair):
        raise PluginError(f"'{name}' is {type(thing).__name__}", "a LossPair", "wrap d and g in one")


losses: Registry[LossPair] = Registry(
    "loss",
    "multigan.losses",
    builtin={
        "hinge": f"{_HERE}.adversarial:HINGE",
        "least-squares": f"{_HERE}.adversarial:LEAST_SQUARES",
        "minimax": f"{_HERE}.adversarial:MINIMAX",
        "non-saturating": f"{_HERE}.adversarial:NON_SATURATING",
        "relativistic": f"{_HERE}.adversarial:RELATIVISTIC",
        "relativistic-average": f"{_HERE}.adversarial:RELATIVISTIC_AVERAGE",
        "wasserstein": f"{_HERE}.adversarial:WASSERSTEIN",
    },
    aliases={
        "bce": "non-saturating",
        "cross-entropy": "non-saturating",
        "lsgan": "least-squares",
        "mse": "least-squares",
        "ns": "non-saturating",
        "ra": "relativistic-average",
        "rp": "relativistic",
        "saturating": "minimax",
        "wgan": "wasserstein",
    },
    check=_loss_only,
)
"""Adversarial losses by name (`game.loss`)."""

penalties: Registry[Penalty] = Registry(
    "penalty",
    "multigan.penalties",
    builtin={
        "consistency": "multigan.losses.consistency:Consistency",
        "dragan": f"{_HERE}.gradient_penalties:dragan",
        "gradient-penalty": f"{_HERE}.gradient_penalties:gradient_penalty",
        "lecam": f"{_HERE}.lecam:LeCam",
        "r1": f"{_HERE}.gradient_penalties:r1",
        "r1-fd": f"{_HERE}.finite_differences:r1_fd",
        "r2": f"{_HERE}.gradient_penalties:r2",
        "r2-fd": f"{_HERE}.finite_differences:r2_fd",
    },
    aliases={"cr": "consistency", "gp": "gradient-penalty", "wgan-gp": "gradient-penalty"},
    check=callable_only,
)
"""Penalties by name: terms of D's loss (`game.penalties`)."""

matching: Registry[Penalty] = Registry(
    "matching term",
    "multigan.matching",
    builtin={
        "again": "multigan.inputs.again:Again",
        "distortion": "multigan.plugins.audio.sdr:Distortion",
        "feature-matching": f"{_HERE}.feature_matching:feature_matching",
        "features": f"{_HERE}.pairs:Features",
        "l1": f"{_HERE}.pairs:l1",
        "mel": "multigan.plugins.audio.mel:MultiScaleMel",
        "multi-scale": f"{_HERE}.pairs:multi_scale",
        "spectra": "multigan.plugins.audio.spectra:MultiScaleSpectra",
    },
    check=callable_only,
)
"""Matching terms by name: terms of G's loss (`game.matching`)."""

constraints: Registry[Callable[..., object]] = Registry(
    "constraint",
    "multigan.constraints",
    builtin={"clip": f"{_HERE}.weight_clipping:clip"},
    check=callable_only,
)
"""Constraints by name: what is done to D after each of its updates (`game.constraints`)."""

reductions: Registry[Callable[..., Tensor]] = Registry(
    "reduction",
    "multigan.reductions",
    builtin={"mean": f"{_HERE}.reduction:mean", "top-k": f"{_HERE}.reduction:top_k"},
    check=callable_only,
)

"""Losses and terms by name; packages add their own by entry points.

| registry | entry-point group | a thing is |
|---|---|---|
| `losses` | `multigan.losses` | an `AdversarialLoss`: `d(real_logits, fake_logits)`, `g(fake_logits, real_logits)` |
| `penalties` | `multigan.penalties` | `penalty(D, real, fake, cond, draw, *, options) -> (batch,)`, added to D's loss |
| `matching` | `multigan.matching` | the same signature, added to G's loss |
| `constraints` | `multigan.constraints` | `constraint(D, *, options)`, applied after each update of D |
"""

from collections.abc import Callable

from multigan.losses.adversarial import AdversarialLoss
from multigan.registry import Registry
from multigan.types import Penalty

__all__ = ["AdversarialLoss", "constraints", "losses", "matching", "penalties"]

_HERE = "multigan.losses"

losses: Registry[AdversarialLoss] = Registry(
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
)

penalties: Registry[Penalty] = Registry(
    "penalty",
    "multigan.penalties",
    builtin={
        "gradient-penalty": f"{_HERE}.gradient_penalties:gradient_penalty",
        "r1": f"{_HERE}.gradient_penalties:r1",
        "r2": f"{_HERE}.gradient_penalties:r2",
    },
    aliases={"gp": "gradient-penalty", "wgan-gp": "gradient-penalty"},
)

matching: Registry[Penalty] = Registry(
    "matching term",
    "multigan.matching",
    builtin={"feature-matching": f"{_HERE}.feature_matching:feature_matching"},
)

constraints: Registry[Callable[..., object]] = Registry(
    "constraint", "multigan.constraints", builtin={"clip": f"{_HERE}.weight_clipping:clip"}
)

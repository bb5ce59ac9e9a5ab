"""Checks that authors of losses, penalties and modalities call in their own tests; the built-in ones pass them too.

Each raises `PluginError` saying what breaks the contract, or returns the names of the checks that passed. They use no
test framework, leave torch's global random state as it was, and take seconds.

| check | for |
|---|---|
| `check_loss` | an `AdversarialLoss` |
| `check_penalty` | a penalty of D |
| `check_matching` | a matching term of G |
| `check_modality` | a modality and a small data set that it loaded |
"""

from multigan.testing.modality import check_modality
from multigan.testing.terms import check_loss, check_matching, check_penalty

__all__ = ["check_loss", "check_matching", "check_modality", "check_penalty"]

"""Public checks that authors of losses, penalties, nets, recipes, extractors and modalities run on their own parts.

Every check raises a `PluginError` that names the rule that is broken; the built-in parts pass the same checks.
`docs/conformance.md` lists them.
"""

from multigan.testing.extractors import check_extractor
from multigan.testing.games import check_game
from multigan.testing.kit import CHECKS, Result, check_modality, run_checks
from multigan.testing.losses import check_loss
from multigan.testing.nets import check_nets
from multigan.testing.penalties import check_matching, check_penalty
from multigan.testing.recipes import check_recipe
from multigan.testing.suite import ModalityTests
from multigan.testing.views import check_view

__all__ = [
    "CHECKS",
    "ModalityTests",
    "Result",
    "check_extractor",
    "check_game",
    "check_loss",
    "check_matching",
    "check_modality",
    "check_nets",
    "check_penalty",
    "check_recipe",
    "check_view",
    "run_checks",
]

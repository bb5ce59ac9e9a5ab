"""MultiGAN: one adversarial engine that trains small generators of images, text and audio from recipes.

    >>> import multigan
    >>> run = multigan.train("image/digits")  # doctest: +SKIP
    >>> run.generator.generate(16, seed=0)  # doctest: +SKIP

Everything here is imported when first used, so that `import multigan` costs milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from multigan.core.version import __version__ as __version__

if TYPE_CHECKING:
    from multigan.build import build_data, build_game, build_nets, build_trainer
    from multigan.core.draw import Draw
    from multigan.core.errors import MultiGANError
    from multigan.core.registry import Registry
    from multigan.core.types import Batch, Critique, Data, Latent, Modality, Spec
    from multigan.doctor.inspect import DataReport, inspect_data
    from multigan.engine.trainer import Trainer
    from multigan.evaluation.run import evaluate
    from multigan.evaluation.score import Evaluation
    from multigan.exporters.exporting import export
    from multigan.generator.generator import Generator, load
    from multigan.losses import constraints, matching, penalties
    from multigan.plugins import modalities
    from multigan.plugins.adapter import Adapter
    from multigan.publish.hub import push_to_hub
    from multigan.recipe.cite import bibtex
    from multigan.recipe.recipe import Recipe, load_recipe, recipe_names
    from multigan.refinement.refine import refine
    from multigan.report.compare import compare
    from multigan.report.write import write_report
    from multigan.training import Run, resume, train
    from multigan.twinning import twin

_HOMES = {
    "Adapter": "plugins.adapter",
    "Batch": "core.types",
    "Critique": "core.types",
    "Data": "core.types",
    "DataReport": "doctor.inspect",
    "Draw": "core.draw",
    "Evaluation": "evaluation.score",
    "Generator": "generator.generator",
    "Latent": "core.types",
    "Modality": "core.types",
    "MultiGANError": "core.errors",
    "Recipe": "recipe.recipe",
    "Registry": "core.registry",
    "Run": "training",
    "Spec": "core.types",
    "Trainer": "engine.trainer",
    "bibtex": "recipe.cite",
    "build_data": "build",
    "build_game": "build",
    "build_nets": "build",
    "build_trainer": "build",
    "compare": "report.compare",
    "constraints": "losses",
    "export": "exporters.exporting",
    "evaluate": "evaluation.run",
    "inspect_data": "doctor.inspect",
    "load": "generator.generator",
    "load_recipe": "recipe.recipe",
    "matching": "losses",
    "modalities": "plugins",
    "penalties": "losses",
    "push_to_hub": "publish.hub",
    "recipe_names": "recipe.recipe",
    "refine": "refinement.refine",
    "resume": "training",
    "train": "training",
    "twin": "twinning",
    "write_report": "report.write",
}

__all__ = [
    "Adapter",
    "Batch",
    "Critique",
    "Data",
    "DataReport",
    "Draw",
    "Evaluation",
    "Generator",
    "Latent",
    "Modality",
    "MultiGANError",
    "Recipe",
    "Registry",
    "Run",
    "Spec",
    "Trainer",
    "bibtex",
    "build_data",
    "build_game",
    "build_nets",
    "build_trainer",
    "compare",
    "constraints",
    "evaluate",
    "export",
    "inspect_data",
    "load",
    "load_recipe",
    "matching",
    "modalities",
    "penalties",
    "push_to_hub",
    "recipe_names",
    "refine",
    "resume",
    "train",
    "twin",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'multigan' has no attribute '{name}'")
    return getattr(import_module(f"multigan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

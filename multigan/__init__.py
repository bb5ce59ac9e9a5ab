"""MultiGAN: one adversarial engine that trains small generators of images, text and audio from recipes.

    >>> import multigan
    >>> run = multigan.train("image/digits")  # doctest: +SKIP
    >>> run.generator.generate(16, seed=0)  # doctest: +SKIP

Everything here is imported when first used, so that `import multigan` costs milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multigan.build import build_data, build_game, build_nets, build_trainer
    from multigan.cite import bibtex
    from multigan.draw import Draw
    from multigan.engine.trainer import Trainer
    from multigan.errors import MultiGANError
    from multigan.evaluation.run import evaluate
    from multigan.evaluation.score import Evaluation
    from multigan.exporters.exporting import export
    from multigan.generator import Generator, load
    from multigan.inspect import DataReport, inspect_data
    from multigan.losses import constraints, matching, penalties
    from multigan.modality import Adapter
    from multigan.plugins import modalities
    from multigan.recipe import Recipe, load_recipe, recipe_names
    from multigan.registry import Registry
    from multigan.report.compare import compare
    from multigan.report.write import write_report
    from multigan.run import Run, resume, train
    from multigan.types import Batch, Critique, Data, Latent, Modality, Spec

__version__ = "0.1.0"

_HOMES = {
    "Adapter": "modality",
    "Batch": "types",
    "Critique": "types",
    "Data": "types",
    "DataReport": "inspect",
    "Draw": "draw",
    "Evaluation": "evaluation.score",
    "Generator": "generator",
    "Latent": "types",
    "Modality": "types",
    "MultiGANError": "errors",
    "Recipe": "recipe",
    "Registry": "registry",
    "Run": "run",
    "Spec": "types",
    "Trainer": "engine.trainer",
    "bibtex": "cite",
    "build_data": "build",
    "build_game": "build",
    "build_nets": "build",
    "build_trainer": "build",
    "compare": "report.compare",
    "constraints": "losses",
    "export": "exporters.exporting",
    "evaluate": "evaluation.run",
    "inspect_data": "inspect",
    "load": "generator",
    "load_recipe": "recipe",
    "matching": "losses",
    "modalities": "plugins",
    "penalties": "losses",
    "recipe_names": "recipe",
    "resume": "run",
    "train": "run",
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
    "recipe_names",
    "resume",
    "train",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'multigan' has no attribute '{name}'")
    return getattr(import_module(f"multigan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

"""The tests try out the files beside them, or the package that is installed, by its entry points."""

import os
from importlib.metadata import distributions

PLUGINS = (
    "multigan.modalities:molecules=multigan_molecules:modality",
    "multigan.recipes:molecules=multigan_molecules:recipes",
)
if not any(one.name == "multigan-molecules" for one in distributions()):
    os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

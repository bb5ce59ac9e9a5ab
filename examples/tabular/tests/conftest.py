"""The tests try out the files beside them, or the package that is installed, by its entry points."""

import os
from importlib.metadata import distributions

PLUGINS = ("multigan.modalities:tabular=multigan_tabular:modality", "multigan.recipes:tabular=multigan_tabular:recipes")
if not any(one.name == "multigan-tabular" for one in distributions()):
    os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

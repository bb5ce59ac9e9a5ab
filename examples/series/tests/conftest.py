"""The tests try out the files beside them, or the package that is installed, by its entry points."""

import os
from importlib.metadata import distributions

PLUGINS = ("multigan.modalities:series=multigan_series:modality", "multigan.recipes:series=multigan_series:recipes")
if not any(one.name == "multigan-series" for one in distributions()):
    os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

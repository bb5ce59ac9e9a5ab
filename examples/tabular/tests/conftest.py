"""The tests try out the files beside them, whether or not they are installed."""

import os

PLUGINS = ("multigan.modalities:tabular=multigan_tabular:modality", "multigan.recipes:tabular=multigan_tabular:recipes")
os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

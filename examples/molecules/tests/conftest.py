"""The tests try out the files beside them, whether or not they are installed."""

import os

PLUGINS = (
    "multigan.modalities:molecules=multigan_molecules:modality",
    "multigan.recipes:molecules=multigan_molecules:recipes",
)
os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

"""The tests try out the files beside them, whether or not they are installed."""

import os

PLUGINS = ("multigan.modalities:series=multigan_series:modality", "multigan.recipes:series=multigan_series:recipes")
os.environ["MULTIGAN_PLUGINS"] = ",".join(PLUGINS)

"""The tiny game of the engine's tests, for the handlers that watch it."""

import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location("tiny_game", Path(__file__).parents[1] / "engine" / "conftest.py")
tiny_game = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny_game)

history, optim, tiny = tiny_game.history, tiny_game.optim, tiny_game.tiny
tiny_modality, tiny_source = tiny_game.tiny_modality, tiny_game.tiny_source

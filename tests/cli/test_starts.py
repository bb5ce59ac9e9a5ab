"""Verbs that need no nets start without them: torch and its kin are not even imported."""

import os
import subprocess
import sys

import pytest

HEAVY = {"torch", "jaxtyping", "numpy", "scipy", "sklearn", "librosa", "soundfile", "transformers", "gradio"}
PROGRAM = """
import sys
sys.argv = ["multigan", *{arguments!r}]
from multigan.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
loaded = {heavy!r} & set(sys.modules)
assert not loaded, loaded
"""
VERBS = [
    *([verb, "--help"] for verb in ("train", "generate", "doctor", "evaluate", "demo", "publish", "bench", "inpaint")),
    ["--help"],
    ["--version"],
    ["recipes", "ls"],
    ["recipes", "show", "image/digits"],
    ["recipes", "cp", "text/surnames", "mine.toml"],
    ["cite", "image/digits"],
    ["provenance", "label.json"],
    ["provenance", "text.txt"],
    ["provenance", "picture.png"],
    ["provenance", "sound.wav"],
]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A folder with one labelled file of each kind."""
    import numpy as np
    from PIL import Image

    from multigan.provenance import labels as provenance

    folder = tmp_path_factory.mktemp("labelled")
    label = provenance.label("g", "0" * 64, "r", 0)
    provenance.write_json(folder / "label.json", {"label": label})
    provenance.write_text(folder / "text.txt", "a", label)
    provenance.write_png(Image.new("L", (2, 2)), folder / "picture.png", label)
    provenance.write_wav(folder / "sound.wav", np.zeros(9, dtype="float32"), 8000, label)
    return folder


@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_torch_stays_out(labelled, arguments):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=arguments, heavy=HEAVY)],
        capture_output=True,
        text=True,
        cwd=labelled,
        env=os.environ,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr

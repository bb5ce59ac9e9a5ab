"""The page of a generator that is given files: its one endpoint makes what `apply` makes."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from multigan.core.errors import DataError
from multigan.demo.actions import Actions
from multigan.provenance.labels import read

SCRIPT = """
import json, sys
from pathlib import Path
from multigan.demo.actions import Actions
from multigan.demo.page import build
from multigan.generator.generator import load
page = build([Actions(load(sys.argv[1]), Path(sys.argv[2]))])
print(json.dumps(sorted(function.api_name for function in page.fns.values())))
"""


def test_an_upload_becomes_what_apply_makes_of_it(negatives, tmp_path, noisy_picture):
    noisy_picture((9, 7)).save(tmp_path / "mine.png")
    one = Actions(negatives.generator, tmp_path / "page")
    result = one.apply(tmp_path / "mine.png")
    assert (one.translates, one.repairs) == (True, "")
    assert result.before == (tmp_path / "mine.png",)
    assert [path.name for path in result.files] == ["mine-made.png"]
    assert "input_sha256" in read(result.files[0])
    from PIL import Image

    with Image.open(result.files[0]) as made:
        assert made.tobytes() == negatives.generator.apply(tmp_path / "mine.png").tobytes()
    for wrong in ({"strength": 2}, {"seed": 0.5}):
        with pytest.raises(DataError):
            one.apply(tmp_path / "mine.png", **wrong)
    with pytest.raises(DataError, match="at most 4 MB"):
        one.apply(tmp_path / "none.png")


@pytest.mark.slow  # imports gradio in another process
def test_the_page_has_one_endpoint_for_it(negatives, tmp_path):
    if find_spec("gradio") is None:
        pytest.skip("gradio is not installed: pip install 'multigan[demo]'")
    command = [sys.executable, "-c", SCRIPT, str(negatives.folder), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    names = json.loads(done.stdout.splitlines()[-1])
    assert [name.rpartition("_")[2] for name in names] == ["apply"]

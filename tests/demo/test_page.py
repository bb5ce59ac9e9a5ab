import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from multigan.core.errors import RunError
from multigan.demo.page import import_gradio, slug


def test_names_become_endpoints():
    assert [slug(name) for name in ("Digits-1", "öl/2", "--")] == ["digits_1", "l_2", "generator"]


def test_gradio_missing_is_named_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(RunError, match=r"pip install 'multigan\[demo\]'"):
        import_gradio()


VERBS = ("generate", "inpaint", "walk")
SCRIPT = """
import json, os, sys
from pathlib import Path
from multigan.demo.actions import Actions
from multigan.demo.page import build
from multigan.generator.generator import load
page = build([Actions(load(folder), Path(folder)) for folder in sys.argv[1:]])
labels = [getattr(block, "label", None) for block in page.blocks.values() if getattr(block, "visible", False)]
names = sorted(function.api_name for function in page.fns.values())
print(json.dumps([names, labels, page._queue.max_size, os.environ["GRADIO_ANALYTICS_ENABLED"], page.analytics_enabled]))
"""


@pytest.mark.slow  # imports gradio in another process
def test_the_page_has_an_endpoint_an_action_and_a_bounded_queue(tiny, tmp_path):
    if find_spec("gradio") is None:
        pytest.skip("gradio is not installed: pip install 'multigan[demo]'")
    folders = [tiny(modality).save_pretrained(tmp_path / modality) for modality in ("image", "text")]
    # In a process of its own: gradio leaves event loops open when it is imported.
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, folders[0], *folders], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    names, labels, waiting, analytics, enabled = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in names if name.startswith("image_1")] == [f"image_1_{verb}" for verb in VERBS]
    assert [name for name in names if name.startswith("text")] == [f"text_{verb}" for verb in VERBS]
    assert waiting == 64
    assert (analytics, enabled) == ("False", False)
    assert labels.count("class") == 6  # the text generator has none
    assert labels.count("temperature") == 1

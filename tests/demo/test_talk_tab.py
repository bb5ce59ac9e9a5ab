import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

import multigan
from multigan.demo.talk_tab import written

SETS = ["G.net=gru-reader", "G.width=6", "D.embed=4", "D.hidden=4", "data.n=60", "data.vocab=80", "phases=[]"]
SETS += ["train.samples=8", "train.batch=8", "train.vitals=0", "train.sheets=0", "train.report=false"]
SCRIPT = """
import json, sys
from pathlib import Path
from multigan.demo.actions import Actions
from multigan.demo.page import build
from multigan.generator.generator import load
page = build([Actions(load(sys.argv[1]), Path(sys.argv[2]))])
(run,) = [one for one in page.fns.values() if str(one.api_name).endswith("_reply")]
shown, said, line = run.fn("Where is the station?", 0.7, 2, 0, ["a", "b"])
print(json.dumps([str(run.api_name), shown.splitlines()[:3], len(said), line]))
"""


def test_both_sides_are_told_apart():
    assert written(["hello", "hi"]) == "you: hello\n> hi"


@pytest.mark.slow  # imports gradio in another process
def test_the_page_answers(tmp_path):
    if find_spec("gradio") is None:
        pytest.skip("gradio is not installed: pip install 'multigan[demo]'")
    run = multigan.train("text/reply", run=tmp_path / "run", overrides=SETS, quiet=True)
    command = [sys.executable, "-c", SCRIPT, str(run.folder), str(tmp_path / "page")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    name, shown, said, line = json.loads(done.stdout.splitlines()[-1])
    assert name.endswith("_reply")
    assert shown == ["you: a", "> b", "you: Where is the station?"]
    assert (said, line) == (4, "")

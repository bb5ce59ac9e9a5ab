import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from multigan.cli.app import app
from multigan.cli.headings import HEADINGS


def test_every_verb_stands_under_one_heading():
    known = [one.name for one in (*app.registered_commands, *app.registered_groups)]
    listed = [name for verbs in HEADINGS.values() for name in verbs]
    assert sorted(listed) == sorted(known)
    assert len(HEADINGS) == 5


def test_help_has_a_whole_line_for_every_verb(multigan):
    done = multigan("--help")
    for verbs in HEADINGS.values():
        for name, line in verbs.items():
            assert any(one.split() == [name, *line.split()] for one in done.stdout.splitlines()), name
    assert "..." not in done.stdout.partition("Train and judge")[2]
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("verb", "number"),
    [
        ("generate {run} --n 5 --out {out}/a", signal.SIGTERM),
        ("publish {run} --folder {out}/a --anyway", signal.SIGTERM),
        ("publish {run} --folder {out}/a --anyway", signal.SIGINT),
        ("report {run}", signal.SIGHUP),
        ("recipes cp points/ring {out}/a.toml", signal.SIGTERM),
    ],
)
def test_a_verb_that_is_stopped_as_it_writes_leaves_nothing_and_says_by_which_signal(run, tmp_path, verb, number):
    copy = shutil.copytree(run, tmp_path / "run", ignore=shutil.ignore_patterns(".run-lock"))
    before = sorted(path.name for path in copy.iterdir())
    words = verb.format(run=copy, out=tmp_path).split()
    worker = [sys.executable, str(Path(__file__).with_name("stopped.py")), str(number.value), *words]
    done = subprocess.run(worker, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 128 + number.value, done.stderr
    assert done.stderr.endswith(f"multigan: stopped by {number.name}: nothing half-written is left behind\n")
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob(".new-*"))
    assert sorted(path.name for path in copy.iterdir()) == before

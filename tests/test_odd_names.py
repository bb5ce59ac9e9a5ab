"""Run directories whose own name, or a parent's, is no UTF-8: every verb works in them, as files may be named so."""

import os
import sys
from pathlib import Path

import pytest

import multigan
from multigan.doctor.health import examine
from multigan.generator.generator import load
from multigan.report.write import write_report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
OPTIONS = ["train.samples=64", "train.batch=16", "train.vitals=1", "train.sheets=1"]
SMALL = {
    "points/ring": ["data.n=400"],
    "audio/drums": [
        'G={net="wavegan",width=2}',
        'D={net="wavegan",width=2}',
        'game={loss="relativistic"}',
        "data.samples=1024",
    ],
}


@pytest.mark.parametrize("recipe", SMALL)
def test_a_run_is_trained_judged_and_carried_on(tmp_path, recipe):
    run = Path(os.fsdecode(os.fsencode(tmp_path) + b"/par\xffent/run\xfe"))
    multigan.train(recipe, run=run, overrides=OPTIONS + SMALL[recipe], quiet=True)
    examine(run)
    assert (run / "verdict.json").is_file()
    assert multigan.resume(run, samples=128, quiet=True).state.samples == 128
    write_report(run)
    assert load(run).save(run.parent / "made", 2)

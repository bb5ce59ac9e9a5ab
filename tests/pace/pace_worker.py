"""Started by torchrun from test_pace.py: trains under a deadline, each process with a clock of another speed.

pace_worker.py RUN: writes where it ended to RUN/ended-rankN.json
"""

import json
import os
import sys
from pathlib import Path

from ticking import Ticking

from multigan.engine.distributed import leave_world
from multigan.pace.budget import Budget
from multigan.training import train_within

run, rank = Path(sys.argv[1]), int(os.environ["RANK"])
SETS = [
    "train.vitals=0",
    "train.sheets=0",
    "train.report=false",
    "train.batch=8",
    "data.n=64",
    "G.width=8",
    "D.width=8",
]
done = train_within(
    Budget(minutes=0.2, clock=Ticking(0.05 * (1 + 3 * rank))), "points/ring", run=run, overrides=SETS, quiet=True
)
(run / f"ended-rank{rank}.json").write_text(json.dumps(done.state.to_json()))
leave_world()

"""Kill training with SIGKILL at random moments, resume it, and compare the end with an unbroken run, bit for bit.

    python benchmarks/kill_and_resume.py [--recipes image/digits text/surnames ...] [--kills 3] [--seed 0]

Prints one line a kill: the recipe, the step where it was killed, the checkpoint that it went on from, equal or not.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

SHORT = {
    "points/ring": ["train.samples=100000"],
    "image/digits": ["train.samples=4000"],
    "text/surnames": ["train.samples=3000"],
    "audio/drums": ["train.samples=800"],
}


def command(*arguments):
    return [sys.executable, "-m", "multigan", "train", *arguments, "--quiet"]


def last_step(run):
    path = run / "metrics.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return json.loads(lines[-1])["step"] if lines and lines[-1].endswith("}") else 0


def final_weights(run):
    newest = sorted((run / "checkpoints").glob("step-*"))[-1]
    return newest.name, load_file(newest / "tensors.safetensors")


def kill_at(run, arguments, step):
    """Start a run and kill it once it logged `step` and has a checkpoint; returns the step it was at."""
    process = subprocess.Popen([*command(*arguments), "--out", str(run)], stderr=subprocess.DEVNULL)
    while process.poll() is None:
        if last_step(run) >= step and list((run / "checkpoints").glob("step-*")):
            process.send_signal(signal.SIGKILL)
            process.wait()
            return last_step(run)
        time.sleep(0.01)
    return None


def compare(recipe, kills, rng, folder):
    """Kill `recipe` at `kills` random steps; yields one row each."""
    sets = [
        item
        for value in [*SHORT.get(recipe, []), "train.checkpoints=25", "train.sheets=0"]
        for item in ("--set", value)
    ]
    whole = folder / "whole"
    subprocess.run([*command(recipe, *sets), "--out", str(whole)], check=True)
    end, expected = final_weights(whole)
    total = int(end.removeprefix("step-"))
    for number in range(kills):
        run = folder / f"killed-{number}"
        killed = kill_at(run, (recipe, *sets), rng.randrange(total // 10, total * 8 // 10))
        kept = final_weights(run)[0]
        subprocess.run([*command("--resume", str(run))], check=True)
        name, got = final_weights(run)
        equal = name == end and all(torch.equal(expected[key], got[key]) for key in expected)
        yield {"recipe": recipe, "steps": total, "killed_at": killed, "resumed_from": kept, "equal": equal}


def main():
    """Kill, resume, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", default=list(SHORT))
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng, failed = random.Random(args.seed), 0
    for recipe in args.recipes:
        with tempfile.TemporaryDirectory() as folder:
            for row in compare(recipe, args.kills, rng, Path(folder)):
                print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
                failed += not row["equal"]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

"""Kill training with SIGKILL at random times, resume it, and compare the end with an unbroken run, bit for bit.

    OMP_NUM_THREADS=1 python benchmarks/kill_and_resume.py [--recipes image/digits text/surnames ...] [--kills 10]

Every second kill waits for its random time and then for the next write of a checkpoint or of the generator folder, so
that writes, which take a small share of the time, are hit too. Compared are all tensors of the last checkpoint (nets,
average, optimizers), the counters, the generator, and the logged losses.

Prints one line a kill and one line a recipe; exits with 1 if any end differs.
"""

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

import multigan
from multigan.engine.checkpoint import list_checkpoints
from multigan.run.ledger import read_metrics

SHORT = {
    "points/ring": ["train.samples=25600"],
    "image/digits": ["train.samples=2000"],
    "text/surnames": ["train.samples=1600"],
    "audio/drums": ["train.samples=480"],
}
ALWAYS = ["train.checkpoints=12", "train.sheets=0"]
WRITING = (".new-*", ".old-*")


def launch(function, *args, **options):
    """Start `function` in a fresh process; its errors go to stderr."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=args, kwargs=options)
    process.start()
    return process


def finish(process):
    process.join()
    if process.exitcode:
        raise RuntimeError(f"a run ended with {process.exitcode}")


def summary(run):
    """All that must be equal at the end of two runs."""
    newest = list_checkpoints(run / "checkpoints")[-1]
    state = json.loads((newest / "state.json").read_text())
    begun_anew = ("seconds", "_moved", "_step")  # clocks, and changes since a measurement of another sitting
    logged = read_metrics(run / "metrics.jsonl")
    rows = [{k: v for k, v in row.items() if not k.endswith(begun_anew)} for row in logged]
    tensors = load_file(newest / "tensors.safetensors")
    tensors |= {f"generator/{k}": v for k, v in load_file(run / "generator" / "generator.safetensors").items()}
    return (state["state"], state["optimizers"], rows), tensors


def equal(a, b):
    (plain, tensors), (other_plain, others) = a, b
    same = tensors.keys() == others.keys() and all(torch.equal(tensors[name], others[name]) for name in tensors)
    return same and plain == other_plain


def writing(run):
    return [path for part in (run / "checkpoints", run) for mark in WRITING for path in part.glob(mark)]


def kill(process, run, seconds, in_write):
    """SIGKILL after `seconds`; with `in_write`, then at the next write. Returns what was half done."""
    time.sleep(seconds)
    while in_write and process.is_alive() and not writing(run):
        time.sleep(0.0002)
    process.kill()
    process.join()
    return "+".join(sorted({path.name[:5] + path.parent.name[:1] for path in writing(run)})) or "-"


def step_of(run):
    found = list_checkpoints(run / "checkpoints")
    return int(found[-1].name.removeprefix("step-")) if found else None


def attempts(recipe, overrides, whole, rng, folder):
    """Endless (run, what the kill left); attempts that had no checkpoint yet, or had their last, do not count."""
    total_seconds, total_steps = whole
    number = 0
    while True:
        run, in_write = folder / f"killed-{number}", number % 2 == 1
        process = launch(multigan.train, recipe, run=run, overrides=overrides, quiet=True)
        left = kill(process, run, rng.uniform(0.1, 0.9) * total_seconds, in_write)
        if process.exitcode and 0 < (step_of(run) or 0) < total_steps:
            yield run, left
        number += 1


def compare(recipe, kills, rng, folder):
    """Kill `recipe` so many times; yields one row each."""
    overrides, whole = [*SHORT.get(recipe, []), *ALWAYS], folder / "whole"
    began = time.perf_counter()
    finish(launch(multigan.train, recipe, run=whole, overrides=overrides, quiet=True))
    seconds, expected, total = time.perf_counter() - began, summary(whole), step_of(whole)
    for _, (run, left) in zip(range(kills), attempts(recipe, overrides, (seconds, total), rng, folder), strict=False):
        logged = read_metrics(run / "metrics.jsonl")
        row = {"recipe": recipe, "steps": total, "logged": logged[-1]["step"] if logged else 0, "kept": step_of(run)}
        finish(launch(multigan.resume, run, quiet=True))
        yield {**row, "half_done": left, "equal": equal(expected, summary(run))}


def main():
    """Kill, resume, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", default=list(SHORT))
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng, failed = random.Random(args.seed), 0
    for recipe in args.recipes:
        with tempfile.TemporaryDirectory() as folder:
            rows = []
            for row in compare(recipe, args.kills, rng, Path(folder)):
                rows.append(row)
                print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
            same, hit = sum(row["equal"] for row in rows), sum(row["half_done"] != "-" for row in rows)
            print(f"{recipe}: {same} of {len(rows)} equal, {hit} killed inside a write", flush=True)
            failed += len(rows) - same
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

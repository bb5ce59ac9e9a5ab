"""Seconds and peak memory of every score on large sets of features, each in a process of its own, on one thread.

    python benchmarks/metrics_memory.py                      # all at 50 000 x 2048: about 15 minutes
    python benchmarks/metrics_memory.py frechet vendi --rows 10000 --json rows.json

Features are float32, standard normal plus a common shift (spread and place do not matter to time and memory). The peak
is the process's largest resident size, libraries and both input sets included.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import torch

from multigan.core import strict_json
from multigan.core.draw import Draw
from multigan.metrics.frechet import frechet_distance, frechet_extrapolated
from multigan.metrics.kernel_distance import kernel_distance
from multigan.metrics.memorisation import copy_test, nearest
from multigan.metrics.ndb import ndb
from multigan.metrics.neighbours import prdc
from multigan.metrics.vendi import vendi_score

SCORES = {
    "inputs": lambda x, y: len(x) + len(y),
    "frechet": frechet_distance,
    "frechet_extrapolated": lambda x, y: frechet_extrapolated(x, y, Draw(0)).value,
    "kernel_distance": lambda x, y: kernel_distance(x, y, Draw(0)).value,
    "vendi": lambda x, y: vendi_score(y),
    "vendi_gaussian_5000": lambda x, y: vendi_score(y[:5000], "gaussian"),
    "ndb": lambda x, y: ndb(x, y, 100, Draw(0)).share,
    "nearest": lambda x, y: float(nearest(y, x)[0].median()),
    "copy_test_tenth": lambda x, y: copy_test(x, y[: len(y) // 10], y[-len(y) // 10 :], Draw(0)).z,
    "prdc": lambda x, y: prdc(x, y).coverage,
}


def features(rows, width):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(rows, width, generator=generator).add_(0.5) for _ in range(2)]


def measure(name, rows, width):
    """One score in this process."""
    torch.set_num_threads(1)
    x, y = features(rows, width)
    start, busy = time.perf_counter(), time.process_time()
    value = SCORES[name](x, y)
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "score": name,
        "rows": rows,
        "width": width,
        "value": value,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_bytes": peak,
    }


def apart(name, rows, width):
    """The same in a fresh process, so that one score's peak is not another's."""
    command = [sys.executable, __file__, name, "--rows", str(rows), "--width", str(width), "--here"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scores", nargs="*", metavar="SCORE", help=f"of {', '.join(SCORES)}; all by default")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--width", type=int, default=2048)
    parser.add_argument("--json", type=Path, help="also write the rows here")
    parser.add_argument("--here", action="store_true", help="one score in this process, as JSON")
    given = parser.parse_args()
    unknown = [name for name in given.scores if name not in SCORES]
    if unknown:
        parser.error(f"no score {unknown[0]!r}; one of {', '.join(SCORES)}")
    if given.here:
        print(strict_json.dumps(measure(given.scores[0], given.rows, given.width)))
        return
    print(f"{given.rows} x {given.width} float32, one thread\n")
    print(f"| {'score':22} | seconds | cpu seconds | peak GiB |\n|{'-' * 24}|--------:|------------:|---------:|")
    rows = []
    for name in given.scores or SCORES:
        rows.append(apart(name, given.rows, given.width))
        seconds, cpu, peak = (rows[-1][key] for key in ("seconds", "cpu_seconds", "peak_bytes"))
        print(f"| {name:22} | {seconds:7.1f} | {cpu:11.1f} | {peak / 2**30:8.2f} |", flush=True)
    print(strict_json.dumps(rows))
    if given.json:
        given.json.write_text(strict_json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""What every benchmark here needs: interleaved rounds, medians with quartiles, memory, the device, a table, JSON.

Competitors run in one process, block by block in turn, in an order that flips every round: a machine that slows down
slows all of them. A ratio is the median of the ratios of one round, so that it does not mix moments.
"""

import argparse
import ctypes
import gc
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from multigan.core import strict_json

__all__ = ["arguments", "contest", "device_facts", "median_and_quartiles", "parse", "ratio", "report"]

Step = Callable[[], object]
MIB = 2**20


def arguments(doc, *, rounds, iterations):
    """The options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds, help="rounds; each runs every competitor once")
    parser.add_argument("--iterations", type=int, default=iterations, help="steps in one block of a round")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--precision", default="auto", choices=("auto", "fp32", "bf16"))
    parser.add_argument("--tiny", action="store_true", help="smallest sizes: does it run at all?")
    parser.add_argument("--out", type=Path, help="write JSON here")
    return parser


def parse(parser):
    """Parse, set the number of threads, shrink everything under --tiny."""
    args = parser.parse_args()
    if args.device == "auto":
        args.device = "cuda" if torch.cuda.is_available() else "cpu"
    if args.tiny:
        args.rounds, args.iterations = 2, 1
    torch.set_num_threads(args.threads)
    return args


def contest(steps: Mapping[str, Step], args, prepare: Callable[[str], object] | None = None) -> dict[str, dict]:
    """Times and memory by competitor; `prepare(name)` sets up what the whole process shares, before each block.

    Returns:
        By name: `ms` and `cpu_ms` (one value a round: wall-clock and processor time of a step), and `peak_mib`, the
        most memory in use during its first block over what was in use before it (nets and moments are not in it).
    """
    rows = {name: {"ms": [], "cpu_ms": [], "peak_mib": _peak_mib(step, args)} for name, step in steps.items()}
    for number in range(args.rounds):
        for name in list(steps)[:: 1 if number % 2 else -1]:
            if prepare:
                prepare(name)
                steps[name]()
            wall, processor = _block(steps[name], args)
            rows[name]["ms"].append(wall)
            rows[name]["cpu_ms"].append(processor)
    return rows


def ratio(rows, slow, fast, key="ms"):
    """How often `fast` fits into `slow`: (median, lower quartile, upper quartile) of the ratios of each round."""
    return median_and_quartiles([a / b for a, b in zip(rows[slow][key], rows[fast][key], strict=True)])


def median_and_quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """(median, lower quartile, upper quartile)."""
    if len(values) < 2:
        return (values[0],) * 3
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def device_facts(args) -> dict:
    """What the figures were taken on."""
    facts = {
        "device": args.device,
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    if args.device == "cuda":
        facts["gpu"] = torch.cuda.get_device_name()
        facts["cuda"] = torch.version.cuda
        facts["driver"] = _driver()
    return facts


def report(name, rows, args, *, baseline=None, goals=None, facts=None):
    """Print a table and the ratios to the baseline (one, or one by competitor), and write JSON.

    `goals` are the least ratios wanted, by competitor.
    """
    facts = {"benchmark": name, **device_facts(args), **(facts or {}), "rounds": args.rounds}
    facts["iterations"] = args.iterations
    print("  ".join(f"{key} {value}" for key, value in facts.items()))
    width = max(map(len, rows))
    for label, row in rows.items():
        middle, low, high = median_and_quartiles(row["ms"])
        line = f"{label:{width}}  {middle:9.2f} ms ({low:.2f} to {high:.2f})  +{row['peak_mib']:6.0f} MiB"
        row["median_ms"], row["quartiles_ms"] = middle, (low, high)
        row["median_cpu_ms"] = median_and_quartiles(row["cpu_ms"])[0]
        slow = baseline.get(label) if isinstance(baseline, Mapping) else baseline
        if slow and label != slow:
            row["speedup"] = ratio(rows, slow, label)
            row["speedup_cpu"] = ratio(rows, slow, label, "cpu_ms")
            line += "  x{:.3f} ({:.3f} to {:.3f})".format(*row["speedup"])
            line += "  by processor time x{:.3f} ({:.3f} to {:.3f})".format(*row["speedup_cpu"])
            line += f"  goal x{goals[label]}" if goals and label in goals else ""
        print(line, flush=True)
    if args.out:
        args.out.write_text(strict_json.dumps({"facts": facts, "goals": goals or {}, "rows": rows}, indent=1))


def _block(step, args):
    _wait(args)
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(args.iterations):
        step()
    _wait(args)
    times = time.perf_counter() - wall, time.process_time() - processor
    return tuple(1e3 * seconds / args.iterations for seconds in times)


def _wait(args):
    if args.device == "cuda":
        torch.cuda.synchronize()


def _peak_mib(step, args):
    """Warm a competitor up twice; the second time its memory is watched."""
    step()
    gc.collect()
    if args.device == "cuda":
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        _block(step, args)
        return (torch.cuda.max_memory_allocated() - before) / MIB
    try:
        ctypes.CDLL(None).malloc_trim(0)  # else freed memory of the last competitor hides what this one takes
        Path("/proc/self/clear_refs").write_text("5")
        before = _resident("VmRSS")
        _block(step, args)
        return _resident("VmHWM") - before
    except (OSError, AttributeError):
        _block(step, args)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _driver():
    try:
        return Path("/proc/driver/nvidia/version").read_text().splitlines()[0]
    except OSError:
        return "unknown"

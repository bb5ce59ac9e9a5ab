"""Quality at equal processor time on one thread: the recipe that files get by default, beside plain scripts.

    python benchmarks/quality.py --sets mnist,cifar --budgets 1,4 --seeds 3 --out quality-results

Every contender gets the same processor time in a process of its own, then draws its fakes; a referee that was trained
on labels and is no part of MultiGAN (referee.py) says how far they are from the reals. Budgets are in processor minutes
and include the start of the process, but neither the drawing of fakes nor what judging costs. What is already in
`results.tsv` is not done again, so that a stopped run goes on; sets that are not on this machine are skipped with a
reason, and so are contenders whose package is missing. Written to the folder: `results.tsv`, `table.md` (median and
range over seeds, reals against reals as the floor), `sheets/` (seed 0, the first row of each, nothing picked),
`fakes/`. `MULTIGAN_DATA` names the folder of the sets, else `../shared/data`.

`--check` lowers everything to seconds, to see whether it runs.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torchaudio
from quality_sets import SETS, Absent, RealSet, spaced
from quality_sheets import sheet
from referee import Referee

from multigan.core import strict_json

HERE = Path(__file__).resolve().parent
OURS = "ours"
RIVALS = {
    "dcgan-32": ("picture", "dcgan.py", 32),
    "dcgan-64": ("picture", "dcgan.py", 64),
    "torchgan-wgan-gp": ("picture", "torchgan_wgan_gp.py", 32),
    "lightweight-gan": ("picture", "lightweight.py", 0),
    "wavegan-16": ("sound", "wavegan.py", 16),
    "lstm-256": ("text", "lstm.py", 256),
}
FAKES = {"picture": 2000, "sound": 500, "text": 2000}
COLUMNS = ("set", "contender", "minutes", "seed", "cpu_s", "seen", "fd", "precision", "recall", "sure", "classes")
QUIET = ("train.report=false", "train.sheets=1", "train.checkpoints=1")
DRAWN = """
import sys, numpy as np, torch, multigan
torch.set_num_threads(1)
run, out, n, device = sys.argv[1:]
items = multigan.load(run, which="last").generate(int(n), seed=0)
if isinstance(items[0], str):
    x = np.array(list(items))
elif isinstance(items[0], tuple):
    x = np.stack([np.asarray(wave, dtype=np.float32).reshape(-1) for wave, _ in items])
    np.savez_compressed(out, x=x, rate_hz=items[0][1])
    sys.exit()
else:
    x = np.stack([np.asarray(item) for item in items])
np.savez_compressed(out, x=x)
"""


class Failed(Exception):
    """A contender that did not run, and the end of what it said."""


class Work:
    """One run of the benchmark: the folder, what is done, what is asked for."""

    def __init__(self, args):
        self.args, self.folder = args, args.out.resolve()
        for name in ("sets", "fakes", "sheets", "runs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "results.tsv"
        self.rows = (
            list(csv.DictReader(self.path.read_text().splitlines(), delimiter="\t")) if self.path.exists() else []
        )

    def done(self, *key):
        """Whether (set, contender, minutes, seed) is in the results."""
        return any(tuple(row[column] for column in COLUMNS[:4]) == tuple(map(str, key)) for row in self.rows)

    def keep(self, **row):
        """Append one result at once."""
        line = {column: _short(row.get(column, "")) for column in COLUMNS}
        self.rows.append(line)
        fresh = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            if fresh:
                writer.writeheader()
            writer.writerow(line)
        print("  ".join(f"{key} {value}" for key, value in line.items() if value != ""), flush=True)

    def fakes(self, *key):
        """Where the fakes of (set, contender, minutes, seed) lie."""
        return self.folder / "fakes" / ("-".join(map(str, key)) + ".npz")


def main():
    """All that is asked for and not yet there."""
    args = arguments()
    torch.set_num_threads(1)
    work = Work(args)
    for name in args.sets:
        try:
            reals = SETS[name]()
        except Absent as reason:
            print(f"{name} skipped: {reason}", flush=True)
            continue
        run_set(work, reals)
    (work.folder / "table.md").write_text(table(work.rows))
    print(table(work.rows))


def arguments():
    """What is to be done; names are checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    contenders = [OURS, *RIVALS]
    parser.add_argument("--sets", type=_names(SETS), default=list(SETS), help=f"of {', '.join(SETS)}")
    parser.add_argument("--contenders", type=_names(contenders), default=contenders, help=f"of {', '.join(contenders)}")
    parser.add_argument("--budgets", type=lambda text: [float(n) for n in text.split(",")], default=[1.0, 4.0, 10.0])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("quality-results"))
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the rivals' packages")
    parser.add_argument("--device", default="cpu", help="cpu or cuda; processor time stays the measure")
    parser.add_argument("--set", action="append", default=[], help="a setting of ours, as `multigan train --set`")
    parser.add_argument("--check", action="store_true", help="6 s a contender, 200 fakes: does it run?")
    args = parser.parse_args()
    if args.check:
        args.budgets, args.seeds = [0.1], 1
        FAKES.update(dict.fromkeys(FAKES, 200))
    args.budgets = [f"{budget:g}" for budget in args.budgets]
    return args


def _names(known):
    def split(text):
        names = text.split(",")
        if wrong := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{wrong[0]} is none of {', '.join(known)}")
        return names

    return split


def run_set(work: Work, reals: RealSet):
    """Contenders of one set, budget by budget, and their sheets."""
    items = work.folder / "sets" / f"{reals.name}.npz"
    if not items.exists():
        np.savez_compressed(items, x=reals.train)
    referee = Referee(reals, work.folder / "referees")
    print(f"{reals.name}: {len(reals.train)} items; the referee is right for {referee.right:.1%} of held-out labels")
    if not work.done(reals.name, "reals", "", ""):
        work.keep(set=reals.name, contender="reals", minutes="", seed="", **referee.floor())
    for budget in work.args.budgets:
        for seed in range(work.args.seeds):
            for contender in work.args.contenders:
                if contender == OURS or RIVALS[contender][0] == reals.kind:
                    run_one(work, reals, referee, (reals.name, contender, budget, seed))
        sheet(reals, budget, {name: work.fakes(reals.name, name, budget, 0) for name in (OURS, *RIVALS)}, work.folder)


def run_one(work: Work, reals, referee, key):
    """Train, draw and judge one contender, unless that is done."""
    if work.done(*key):
        return
    _, contender, budget, seed = key
    out, seconds = work.fakes(*key), 60 * float(budget)
    try:
        if contender == OURS:
            cpu_s, seen = train_ours(work, reals, seconds, seed, out)
        else:
            cpu_s, seen = run_rival(work, reals, contender, seconds, seed, out)
    except Failed as reason:
        print(f"{' '.join(map(str, key))} did not run: {reason}", flush=True)
        return
    row = dict(zip(COLUMNS, key, strict=False)) | referee.scores(as_items(reals, out))
    work.keep(cpu_s=cpu_s, seen=seen, **row)


def as_items(reals, path):
    """Fakes in the form of the reals: channels as theirs, sounds of their rate and length, texts spaced."""
    with np.load(path) as kept:
        x = kept["x"]
        rate_hz = int(kept["rate_hz"]) if "rate_hz" in kept else None
    if reals.kind == "text":
        return np.array([spaced(line) for line in x.tolist()])
    if reals.kind == "sound":
        return as_sounds(x, rate_hz or reals.rate_hz, reals.rate_hz, reals.reference.shape[1])
    if x.ndim == 3:
        x = x[:, None]
    elif x.shape[1] not in (1, 3):
        x = x.transpose(0, 3, 1, 2)
    return np.repeat(x, 3, axis=1) if x.shape[1] < reals.reference.shape[1] else x


def as_sounds(x, rate_hz, wanted_hz, samples):
    """Sounds `(n, any)` of one rate as `(n, samples)` of another: cut, or silence after them."""
    waves = torch.from_numpy(x.astype(np.float32))
    waves = torchaudio.functional.resample(waves, rate_hz, wanted_hz).numpy()[:, :samples]
    return np.pad(waves, ((0, 0), (0, samples - waves.shape[1])))


def run_rival(work: Work, reals, contender, seconds, seed, out):
    """(processor seconds that it had, items that it saw)."""
    _, script, width = RIVALS[contender]
    items = work.folder / "sets" / f"{reals.name}.npz"
    options = [
        "--fakes",
        str(FAKES[reals.kind]),
        "--device",
        work.args.device,
        *(["--width", str(width)] if width else []),
    ]
    called(work.args.python, HERE / "rivals" / script, items, seconds, seed, out, *options)
    with np.load(out) as kept:
        return seconds, int(kept["seen"])


def train_ours(work: Work, reals, seconds, seed, out):
    """(processor seconds that it took, items that it saw): as many samples as the budget is worth here."""
    path = work.folder / "rates.json"
    rates = json.loads(path.read_text()) if path.exists() else {}
    target = reals.target(work.folder / "sets")
    if reals.name not in rates:
        few, many = (4, 12) if work.args.check else (60, 300)
        costs = [_train(work, reals, target, 16 * n, 0, f"{reals.name}-probe")[0] for n in (few, many)]
        each = max(1e-5, (costs[1] - costs[0]) / (16 * (many - few)))
        rates[reals.name] = {"start_s": costs[0] - 16 * few * each, "sample_s": each}
    rate = rates[reals.name]
    samples = max(64, int((seconds - rate["start_s"]) / rate["sample_s"]))
    cpu_s, run = _train(work, reals, target, samples, seed, out.stem)
    rate["sample_s"] = max(1e-5, (cpu_s - rate["start_s"]) / samples)
    path.write_text(strict_json.dumps(rates, indent=1))
    called(sys.executable, "-c", DRAWN, run, out, FAKES[reals.kind], work.args.device)
    return cpu_s, samples


def _train(work: Work, reals, target, samples, seed, name):
    run = work.folder / "runs" / name
    # Likelihood of a text ends where held-out lines grow no likelier, which is for vitals to see.
    unmeasured = [] if reals.kind == "text" else ["train.vitals=0"]
    sets = [*QUIET, *unmeasured, f"train.device={work.args.device}", *work.args.set]
    options = [word for one in sets for word in ("--set", one)]
    shutil.rmtree(run, ignore_errors=True)
    command = [sys.executable, "-m", "multigan", "train", target, "--seed", seed, "--out", run, "--samples", samples]
    return called(*command, *options), run


def called(*command):
    """Processor seconds of a command on one thread.

    Raises:
        Failed: it ended with an error.
    """
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
    before = _children_s()
    env = {**os.environ, **one_thread, "PYTHONPATH": path}
    done = subprocess.run([str(word) for word in command], env=env, capture_output=True, text=True)
    if done.returncode:
        raise Failed(" / ".join(done.stderr.strip().splitlines()[-3:])[-300:] or f"exit {done.returncode}")
    return _children_s() - before


def _children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def table(rows):
    """Markdown: median and range over seeds, by set and budget."""
    names = ("set", "minutes", "contender", "seeds", "CPU s", "items seen", "distance")
    head = (*names, *COLUMNS[7:])
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    groups = {}
    for row in rows:
        groups.setdefault((row["set"], row["minutes"], row["contender"]), []).append(row)
    order = {name: k for k, name in enumerate([*SETS])}
    for key in sorted(groups, key=lambda key: (order[key[0]], float(key[1] or 0), key[2] != OURS, key[2])):
        group = groups[key]
        cells = [_range([row[column] for row in group]) for column in COLUMNS[4:]]
        seeds = "" if key[2] == "reals" else str(len(group))
        lines.append("| " + " | ".join([key[0], key[1], key[2], seeds, *cells]) + " |")
    return "\n".join(lines) + "\n"


def _range(texts):
    values = sorted(float(text) for text in texts if text != "")
    if not values:
        return ""
    middle = _short(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({_short(values[0])} to {_short(values[-1])})"


def _short(value):
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 30 else f"{value:.3g}"
    return str(value)


if __name__ == "__main__":
    main()

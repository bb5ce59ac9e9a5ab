"""Inversion, inpainting and infilling on held-out items, beside trivial rivals.

python benchmarks/edit.py runs/digits-1 --n 16 --seed 0
"""

import argparse
import time

from multigan.core import strict_json
from multigan.evaluation.edits import benchmark
from multigan.latent.invert import Search

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("run")
parser.add_argument("--n", type=int, default=16)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--steps", type=int, default=150)
parser.add_argument("--starts", type=int, default=4)


def main():
    options = parser.parse_args()
    began = time.perf_counter()
    rows = benchmark(options.run, options.n, options.seed, Search(options.steps, options.starts, seed=options.seed))
    for row in rows:
        print(strict_json.dumps(row.to_json()))
    print(strict_json.dumps({"seconds": round(time.perf_counter() - began, 1)}))


if __name__ == "__main__":
    main()

"""Shared fixtures: fixed seeds, one thread, real data where it is at hand."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

# The nets of tests are tiny: a second thread only costs, and here also in the processes that tests start.
# Set before torch is imported, which many tests never do.
os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    folder = Path(os.environ.get("MULTIGAN_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}: set MULTIGAN_DATA to a folder that has image/, text/ and audio/")
    return folder


TINY = ["train.samples=64", "train.batch=32", "train.sheets=0", "train.vitals=0"]
SIZES = {
    "points/ring": [],
    "image/digits": ["G.width=4", "D.width=4"],
    "text/surnames": ["G.hidden=8", "D.filters=4", "phases=[]"],
    "audio/drums": ["G.width=2", "D.width=2", "data.samples=1024"],
}


@pytest.fixture(scope="session")
def tiny_runs(tmp_path_factory):
    """`tiny_runs(recipe)`: a run directory of a hardly trained, tiny net, made once."""
    from multigan.training import train

    made = {}

    def run(recipe):
        if recipe not in made:
            folder = tmp_path_factory.mktemp("tiny-runs") / recipe.replace("/", "-")
            train(recipe, run=folder, overrides=[*TINY, *SIZES[recipe]], quiet=True)
            made[recipe] = folder
        return made[recipe]

    return run


@pytest.fixture(scope="session")
def torchrun():
    """`torchrun(worker, processes, *arguments)`: run a script on so many processes; the test fails where it does."""

    def run(worker, processes, *arguments, timeout_s=240):
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
        done = subprocess.run(
            [*command, str(worker), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, done.stderr[-3000:]

    return run


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a tiny package with real metadata: `install(distribution, entry_points, version, **modules)`."""
    made: list[str] = []
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)

    def put(distribution: str, points: dict[str, dict[str, str]], version: str = "1.0", **modules: str) -> Path:
        for name, source in modules.items():
            (site / f"{name}.py").write_text(source)
            made.append(name)
        info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        lines = [
            f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in things.items()) for group, things in points.items()
        ]
        (info / "entry_points.txt").write_text("\n".join(lines))
        importlib.invalidate_caches()
        return site

    yield put
    for name in made:
        sys.modules.pop(name, None)

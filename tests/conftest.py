"""Shared fixtures: fixed seeds, one thread, real data where it is at hand."""

import importlib
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
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
    "audio/drums": [
        'G={net="wavegan",width=2}',
        'D={net="wavegan",width=2}',
        'game={loss="relativistic"}',
        "data.samples=1024",
    ],
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
def negatives(tmp_path_factory):
    """A run that was given pictures and their negatives, hardly trained; its 40 pairs lie beside it, in `pairs`.

    16 of them are held out, and their mirror images.
    """
    import numpy as np
    from PIL import Image

    from multigan.training import train

    folder = tmp_path_factory.mktemp("negatives") / "pairs"
    for side in ("A", "B"):
        (folder / side).mkdir(parents=True)
        for k in range(40):
            values = np.random.default_rng(k).integers(0, 255, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(values if side == "A" else 255 - values).save(folder / side / f"{k}.png")
    sets = [f'data.source="{folder}"', "data.holdout=32", "G.width=2", "D.width=2", "train.batch=8"]
    sets += [
        'phases=[{name="warm", turns=["fit"], samples=16}]',
        "train.samples=16",
        "train.vitals=2",
        "train.sheets=1",
    ]
    return train("image/pairs", run=folder.parent / "run", overrides=sets, quiet=True)


@pytest.fixture(scope="session")
def two_sets(tmp_path_factory):
    """A run of both ways between two sets without pairs, hardly trained; the sets lie beside it, in `sets`."""
    import numpy as np
    from PIL import Image

    from multigan.training import train

    folder = tmp_path_factory.mktemp("two-sets") / "sets"
    for side, count in (("trainA", 50), ("trainB", 40), ("testA", 2)):
        (folder / side).mkdir(parents=True)
        for k in range(count):
            values = np.random.default_rng(k).integers(0, 255, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(values if side == "trainB" else values // 2).save(folder / side / f"{side}-{k}.png")
    sets = [f'data.source="{folder}"', "data.holdout=16", "G.width=2", "G.blocks=1", "D.width=2", "train.batch=8"]
    sets += ["train.samples=16", "train.vitals=2", "train.sheets=1"]
    return train("image/unpaired", run=folder.parent / "run", overrides=sets, quiet=True)


@pytest.fixture(scope="session")
def noisy_picture():
    """`noisy_picture((width, height), mode)`: a picture of noise."""
    import numpy as np
    from PIL import Image

    def make(size, mode="RGB"):
        bands = len(Image.new(mode, (1, 1)).getbands())
        values = np.random.default_rng(0).integers(0, 255, (size[1], size[0], bands), dtype=np.uint8)
        return Image.fromarray(values if bands > 1 else values[..., 0])

    return make


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


SHORT_RING = [
    "train.samples=6000",
    "train.sheets=0",
    "train.vitals=0",
    "train.report=false",
    "data.n=4000",
    "data.holdout=400",
]


@pytest.fixture(scope="session")
def short_ring(tmp_path_factory):
    """A ring that is half learnt: a critic can mend it."""
    from multigan.training import train

    folder = tmp_path_factory.mktemp("refinement") / "ring"
    train("points/ring", run=folder, overrides=SHORT_RING, quiet=True)
    return folder


@pytest.fixture(scope="session")
def refined_ring(short_ring, tmp_path_factory):
    """The same with a critic."""
    from multigan.refinement.refine import refine

    folder = tmp_path_factory.mktemp("refinement") / "refined"
    shutil.copytree(short_ring, folder)
    refine(folder, samples=30_000, lr=2e-3)
    return folder


@pytest.fixture
def no_room():
    """`with no_room(BYTES):` no file of this process may grow beyond: the system refuses as on a full disk."""

    @contextmanager
    def refusing(most=100):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return refusing

"""Pictures in class folders and lines of text, small enough to train on in a second."""

import numpy as np
import pytest
from PIL import Image

PICTURES = [
    "train.samples=400", "train.batch=8", "train.sheets=0", "train.vitals=1", "train.report=false",
    "train.checkpoints=4", "G.width=4", "D.width=4", "data.holdout=8",
]  # fmt: skip


@pytest.fixture
def pictures(tmp_path):
    """`pictures(name, classes, each)`: a folder of 16 × 16 noise, another picture in every file."""

    def make(name="set", classes=("one", "two"), each=20):
        rng = np.random.default_rng(0)
        for label in classes:
            folder = tmp_path / name / label
            folder.mkdir(parents=True)
            for number in range(each):
                noise = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
                Image.fromarray(noise).save(folder / f"{number:03d}.png")
        return tmp_path / name

    return make


@pytest.fixture
def settings():
    """Overrides of a tiny, short run of pictures."""
    return list(PICTURES)


@pytest.fixture
def stop_after(monkeypatch):
    """`stop_after(step)`: the next run stops itself there, saved, as a signal would stop it."""
    from multigan.engine.trainer import Trainer

    whole = Trainer.fit

    def at(step):
        def fit(trainer):
            from multigan.engine.trainer import Quiet

            class Stop(Quiet):
                def stepped(self, trainer, parts):
                    trainer.stopping = trainer.state.step >= step

            trainer.handlers.insert(0, Stop())
            monkeypatch.setattr(Trainer, "fit", whole)
            return whole(trainer)

        monkeypatch.setattr(Trainer, "fit", fit)

    return at

"""Every recipe that ships trains, saves, samples and resumes: three iterations on small data."""

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

import multigan
from multigan.build import build_data, build_trainer
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.losses import losses
from multigan.recipe.recipe import load_recipe, recipe_names

SMALL = {
    "image": ["G.width=4", "D.width=4"],
    "audio": ["G.width=2", "D.width=2", "data.samples=1024"],
    "endless": ["G={net='endless',width=2,code=2,layers=1,rows_width=4}", "D.width=2", "data.samples=8192"],
    "refiner": ["G.width=2", "G.iterations=1", "D.periods=1", "D.spectra=1", "data.samples=1024"],
    "text": ["G.hidden=8", "D.filters=4"],
    "seq2seq": [
        "G.width=8",
        "G.heads=2",
        "G.layers=1",
        "G.hidden=8",
        "D.embed=4",
        "D.hidden=4",
        "data.vocab=300",
        "data.length=8",
        "input.length=8",
    ],
    "gru-reader": ["G.width=8", "data.n=100"],
    "pair-reader": ["D.embed=4", "D.hidden=4", "data.vocab=300", "data.length=8", "input.length=8"],
    "textcnn": ["D.filters=4"],
    "points": ["G.width=8", "D.width=8"],
}
ORACLE = ["data.vocab=30", "data.length=6", "data.n=64"]


@pytest.fixture
def sources(tmp_path):
    """Stand-ins for a user's own files."""
    for name in ("my-photos", "my-samples"):
        (tmp_path / name).mkdir()
    rng = np.random.default_rng(0)
    for k in range(8):
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(tmp_path / "my-photos" / f"{k}.png")
        soundfile.write(tmp_path / "my-samples" / f"{k}.wav", rng.uniform(-1, 1, 3000), 8000)
    Image.fromarray(rng.integers(0, 255, (40, 50, 3), dtype=np.uint8)).save(tmp_path / "my-style.jpg")
    for side, suffix in (("A", "png"), ("B", "bmp")):
        (tmp_path / "my-pairs" / side).mkdir(parents=True)
        for k in range(8):
            picture = Image.fromarray(rng.integers(0, 255, (16, 16, 3), dtype=np.uint8))
            picture.save(tmp_path / "my-pairs" / side / f"{k}.{suffix}")
    (tmp_path / "mnist").mkdir()
    for kind, shape in (("images-idx3", (12, 28, 28)), ("labels-idx1", (12,))):
        head = b"\0\0\x08" + bytes([len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
        values = rng.integers(0, 256, shape) if len(shape) > 1 else np.arange(12) % 10
        (tmp_path / "mnist" / f"t10k-{kind}-ubyte").write_bytes(head + values.astype(np.uint8).tobytes())
    (tmp_path / "my-pairs.tsv").write_text("one two\tun deux\nthree four\ttrois quatre\nfive\tcinq\n" * 5)
    (tmp_path / "my-lines.txt").write_text("one two\nthree four\nfive\n" * 5)
    return tmp_path


def shrunk(name, sources):
    recipe = load_recipe(name)
    sets = [*SMALL.get(recipe.G.net, SMALL[recipe.modality]), *SMALL.get(recipe.D.net, ()), "train.batch=16"]
    if (sources / recipe.data.source).exists():
        sets.append(f'data.source="{sources / recipe.data.source}"')
    if recipe.input is not None and recipe.input.source:
        sets.append(f'input.source="{sources / recipe.input.source}"')
    if "crops" in recipe.data.options:
        sets += ["data.crops=8", "data.size=8"]
    if recipe.data.source == "oracle":
        sets += ORACLE
    if recipe.game.name == "policy-gradient":
        sets.append("game.rollouts=0" if recipe.input else "game.rollouts=2")
    phases = [f'{{name="{p.name}", turns={list(p.turns)}, samples=32}}' for p in recipe.phases]
    sets.append(f"phases=[{', '.join(phases)}]")
    return [
        *sets,
        f"train.samples={48 * recipe.train.n_critic}",
        "train.sheets=1",
        "train.checkpoints=2",
        "train.vitals=1",
    ]


@pytest.mark.parametrize("name", recipe_names())
def test_a_recipe_trains_saves_and_samples(name, sources, tmp_path):
    run = multigan.train(name, run=tmp_path / "run", overrides=shrunk(name, sources), quiet=True)
    if run.generator.input_spec is None:
        assert len(run.generator.generate(3, seed=1)) == 3
        assert run.generator.save(tmp_path / "out", 2)
    assert list((run.folder / "samples").iterdir())
    multigan.resume(run.folder, quiet=True)


@pytest.mark.parametrize("name", ["image/digits", "audio/drums"])
def test_class_conditional_recipes(name, sources, tmp_path):
    sets = [*shrunk(name, sources), "game.conditional=true"]
    generator = multigan.train(name, run=tmp_path / "run", overrides=sets, quiet=True).generator
    label = generator.spec.classes[1]
    a, b = generator.tensors(2, seed=0, label=label), generator.tensors(2, seed=0, label=generator.spec.classes[2])
    assert not torch.equal(a, b)
    with pytest.raises(multigan.MultiGANError, match="there is no class 'x'"):
        generator.generate(1, label="x")


@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize("name", ["image/digits", "text/surnames", "audio/wavegan", "points/ring"])
def test_every_loss_plays_in_every_modality(name, loss, sources):
    sets = [*shrunk(name, sources), f"game.loss={loss}", 'game.penalties=[{name="gp", weight=1}]', "phases=[]"]
    recipe = load_recipe(name, sets)
    trainer = build_trainer(recipe, build_data(recipe))
    before = [p.detach().clone() for p in trainer.game.players["G"].parameters()]
    trainer.fit()
    moved = [not torch.equal(a, b) for a, b in zip(before, trainer.game.players["G"].parameters(), strict=True)]
    assert all(torch.isfinite(p).all() for p in trainer.game.players["G"].parameters())
    assert sum(moved) >= len(moved) - 1


@pytest.mark.parametrize("name", ["image/digits", "text/surnames", "audio/drums"])
def test_a_resume_equals_the_unbroken_run_in_every_modality(name, sources, tmp_path):
    recipe = load_recipe(name, shrunk(name, sources))
    data = build_data(recipe)
    whole, halted = build_trainer(recipe, data), build_trainer(recipe, data)
    whole.fit()

    class Stop:
        def started(self, trainer):
            """Nothing."""

        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 2

        ended = started

    halted.handlers = [Stop()]
    halted.fit()
    assert not halted.finished
    save_checkpoint(halted, tmp_path, "f")
    resumed = build_trainer(recipe, data)
    restore_latest(resumed, tmp_path, "f")
    resumed.fit()
    for player, net in {**whole.game.players, "ema": whole.ema.net}.items():
        other = {**resumed.game.players, "ema": resumed.ema.net}[player]
        for key, value in net.state_dict().items():
            assert torch.equal(value, other.state_dict()[key]), f"{player}.{key}"


CURES = {
    "noise": 'game.views=[{name="instance-noise"}]',
    "pack": 'game.views=[{name="pack"}]',
    "augment": 'game.views=[{name="augment"}]',
    "adaptive": 'game.views=[{name="augment", adaptive=true, speed_samples=50}, {name="pack"}]',
    **{
        name: f'game.penalties=[{{name="{name}", every=2}}]'
        for name in ("dragan", "r1-fd", "r2-fd", "lecam", "consistency")
    },
    "bcr": 'game.penalties=[{name="cr", both=true}]',
    "top-k": 'game.reduction={name="top-k"}',
    "spectral": "D.spectral_norm=true",
    "accumulate": "train.accumulate=2",
}


@pytest.mark.parametrize("cure", CURES)
@pytest.mark.parametrize("name", ["image/digits", "text/surnames", "audio/drums", "points/ring"])
def test_every_cure_trains_in_every_modality_and_resumes_exactly(name, cure, sources, tmp_path):
    waves = ['G={net="wavegan",width=2}', 'D={net="wavegan",width=2}', 'game={loss="relativistic"}']
    sets = [*shrunk(name, sources), "phases=[]", *(waves if name == "audio/drums" else [])]
    recipe = load_recipe(name, [*sets, CURES[cure]])
    data = build_data(recipe)
    whole, halted, resumed = (build_trainer(recipe, data) for _ in range(3))
    before = [p.detach().clone() for p in whole.game.players["D"].parameters()]
    whole.fit()
    assert any(not torch.equal(a, b) for a, b in zip(before, whole.game.players["D"].parameters(), strict=True))

    class Stop:
        def started(self, trainer):
            """Nothing."""

        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 2

        ended = started

    halted.handlers = [Stop()]
    halted.fit()
    assert not halted.finished
    save_checkpoint(halted, tmp_path, "f")
    restore_latest(resumed, tmp_path, "f")
    resumed.fit()
    pairs = [(whole.game.memory, resumed.game.memory), (whole.ema.net, resumed.ema.net)]
    pairs += [(net, resumed.game.players[player]) for player, net in whole.game.players.items()]
    for a, b in pairs:
        for key, value in a.state_dict().items():
            assert torch.isfinite(value).all()
            assert torch.equal(value, b.state_dict()[key]), key


def test_clipping_bounds_the_critic(sources):
    sets = [*shrunk("points/ring", sources), "game.loss=wgan", 'game.constraints=[{name="clip", limit=0.02}]']
    recipe = load_recipe("points/ring", [*sets, "game.penalties=[]"])
    trainer = build_trainer(recipe, build_data(recipe))
    trainer.fit()
    assert max(p.abs().max() for p in trainer.game.players["D"].parameters()) <= 0.02

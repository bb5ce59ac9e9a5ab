"""Checkpoints from strangers: whatever stands in them, the older one is used and one line says why."""

import hashlib
import json
import math
import random
import shutil
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from multigan.core.errors import CheckpointError
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.engine.verified import read_verified, seal_of


class StopAt(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step == self.step


def at(tiny, step, **options):
    trainer = tiny(**options)
    trainer.handlers = [StopAt(step)]
    trainer.fit()
    trainer.handlers = []
    return trainer


@pytest.fixture
def two(tiny, tmp_path):
    """Checkpoints of steps 5 and 9, and what the first holds."""
    save_checkpoint(at(tiny, 5), tmp_path, "f")
    newest = save_checkpoint(at(tiny, 9), tmp_path, "f")
    return tmp_path, newest, load_file(tmp_path / "step-000000005" / "tensors.safetensors")


def edit(change, *, sealed=True):
    """A state changed by someone who also mends its seal, or does not."""

    def do(checkpoint):
        plain = json.loads((checkpoint / "state.json").read_text())
        change(plain)
        if sealed:
            plain["seal"] = seal_of(plain)
        (checkpoint / "state.json").write_text(json.dumps(plain))

    return do


def counter(name, value):
    return edit(lambda plain: plain["state"].update({name: value}))


def group(**values):
    return edit(lambda plain: plain["optimizers"]["G"]["groups"][0].update(values))


def plain_state(slot):
    return edit(lambda plain: plain["optimizers"]["G"]["plain"].update({slot: 1}))


def raw(content):
    return lambda checkpoint: (checkpoint / "state.json").write_bytes(content)


def tensors(change):
    """Tensors changed by someone who also mends the checksum."""

    def do(checkpoint):
        found = load_file(checkpoint / "tensors.safetensors")
        change(found)
        save_file(found, checkpoint / "tensors.safetensors")
        mend_checksum(checkpoint)

    return do


def mend_checksum(checkpoint):
    digest = hashlib.sha256((checkpoint / "tensors.safetensors").read_bytes()).hexdigest()
    edit(lambda plain: plain.update(sha256=digest))(checkpoint)


def a_header_of(**values):
    """A file that claims one huge tensor which it does not hold."""

    def do(checkpoint):
        header = json.dumps(
            {"G/huge": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42], **values}}
        ).encode()
        (checkpoint / "tensors.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
        mend_checksum(checkpoint)

    return do


def first_weight(found):
    return next(name for name in found if name.startswith("G/"))


DAMAGES = {
    "a letter more of the fingerprint": edit(lambda plain: plain.update(fingerprint="ff"), sealed=False),
    "a step more": edit(lambda plain: plain["state"].update(step=10), sealed=False),
    "a step more, sealed": counter("step", 10),
    "fewer samples": counter("samples", 1),
    "samples of another phase": counter("phase_samples", 0),
    "a seal of something else": edit(lambda plain: plain.update(seal="0" * 64), sealed=False),
    "an unknown key": edit(lambda plain: plain.update(more=1)),
    "a missing key": edit(lambda plain: plain.pop("optimizers")),
    "an unknown counter": counter("steps", 3),
    "a missing counter": edit(lambda plain: plain["state"].pop("step")),
    "a negative step": counter("step", -1),
    "a huge step": counter("step", 10**12),
    "a step beyond int64": counter("step", 10**40),
    "a step beyond the recipe": counter("step", 10_000),
    "a phase beyond the recipe": counter("phase", 7),
    "a step in words": counter("step", "9"),
    "a step that is a fraction": counter("step", 9.5),
    "a step that is true": counter("step", True),
    "samples of NaN": counter("samples", math.nan),
    "a learning rate of NaN": counter("lr_factor", math.nan),
    "a learning rate of infinity": counter("lr_factor", math.inf),
    "a learning rate that climbs": counter("lr_factor", -1.0),
    "counters in a list": edit(lambda plain: plain.update(state=[1, 2])),
    "a fingerprint that is no word": edit(lambda plain: plain.update(fingerprint={"a": 1})),
    "a format in words": edit(lambda plain: plain.update(format="one" * 1000)),
    "deep nesting": raw(b"[" * 200_000),
    "deep objects": raw(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a number of ten thousand digits": raw(b'{"format": ' + b"9" * 10_000 + b"}"),
    "null": raw(b"null"),
    "no groups": edit(lambda plain: plain["optimizers"]["G"].update(groups=[])),
    "an optimizer of nobody": edit(lambda plain: plain["optimizers"].update(X=plain["optimizers"]["G"])),
    "no optimizer of G": edit(lambda plain: plain["optimizers"].pop("G")),
    "parameters that do not exist": group(params=[0, 99]),
    "decay rates of NaN": group(betas=[math.nan, 0.9]),
    "decay rates that are not the recipe's": group(betas=[0.1, 0.2]),
    "weights that grow": group(maximize=True),
    "a list of lists": group(params=[[0]]),
    "state of a parameter that does not exist": plain_state("99.x"),
    "state under no number": plain_state("-1.x"),
    "a tensor too many": tensors(lambda found: found.update({"G/more": torch.zeros(3)})),
    "a tensor too few": tensors(lambda found: found.pop(first_weight(found))),
    "a tensor of another shape": tensors(lambda found: found.update({first_weight(found): torch.zeros(1, 1)})),
    "a tensor of NaN": tensors(lambda found: found[first_weight(found)].fill_(math.nan)),
    "a moment of another shape": tensors(lambda found: found.update({"optimizer/G/0.exp_avg": torch.zeros(999)})),
    "a moment of nobody": tensors(lambda found: found.update({"optimizer/X/0.exp_avg": torch.zeros(1)})),
    "a moment under a negative number": tensors(lambda found: found.update({"optimizer/G/-1.exp_avg": torch.zeros(1)})),
    "a moment under a word": tensors(lambda found: found.update({"optimizer/G/x.exp_avg": torch.zeros(1)})),
    "a header that claims terabytes": a_header_of(),
    "a header with a negative shape": a_header_of(shape=[-1]),
    "a header longer than the file": lambda c: (c / "tensors.safetensors").write_bytes(b"\xff" * 7 + b"\0{}"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_older_checkpoint_is_used_and_one_line_says_why(tiny, two, damage):
    folder, newest, good = two
    DAMAGES[damage](newest)
    trainer = tiny()
    used, complaints = restore_latest(trainer, folder, "f")
    assert used.name == "step-000000005"
    assert trainer.state.step == 5
    assert len(complaints) == 1
    assert "step-000000009" in complaints[0]
    assert "\n" not in complaints[0]
    assert len(complaints[0]) < 500
    assert all(torch.equal(value, good[f"G/{key}"]) for key, value in trainer.game.players["G"].state_dict().items())


def test_a_state_of_hundreds_of_megabytes_is_not_read(tiny, two):
    folder, newest, _ = two
    with (newest / "state.json").open("wb") as file:
        file.truncate(2**30)
    _, complaints = restore_latest(tiny(), folder, "f")
    assert "1,073,741,824 bytes" in complaints[0]


def test_other_nets_and_nothing_else_are_an_error_that_names_the_tensor(tiny, two):
    _, newest, _ = two
    other = tiny()
    other.game.players["D"].net[0] = torch.nn.Linear(2, 9)
    with pytest.raises(
        CheckpointError, match=r"does not fit the nets: 'D/net\.0\.weight' is \(\d+, 2\) in the file, \(9, 2\)"
    ):
        read_verified(other, newest)


def test_a_checkpoint_from_before_there_were_seals_is_read(tiny, two):
    _, newest, _ = two
    edit(lambda plain: plain.pop("seal"), sealed=False)(newest)
    saved, _ = read_verified(tiny(), newest)
    assert (saved.seal, saved.counters().step) == (None, 9)


def test_keys_that_are_younger_may_be_missing(tiny, two):
    _, newest, _ = two
    edit(lambda plain: [plain["state"].pop(name) for name in ("rollbacks", "lr_factor")])(newest)
    saved, _ = read_verified(tiny(), newest)
    assert (saved.counters().rollbacks, saved.counters().lr_factor) == (0, 1.0)


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
def test_every_optimizer_in_every_phase_is_read_back(tiny, tmp_path, name):
    settings = OptimSettings(name, lr=1e-3, momentum=0.5 if name == "rmsprop" else 0.0)
    optim = {"G": settings, "D": settings}
    phases = [Phase("pretrain", ("mle",), 80, optim), Phase("adversarial", ("d", "d", "g"), 160, optim, ("g",))]
    for step in (0, 3, 10, 15, 20):
        trainer = at(tiny, step, phases=phases) if step else tiny(phases=phases)
        read_verified(tiny(phases=phases), save_checkpoint(trainer, tmp_path / str(step), "f"))


def test_flags_of_an_optimizer_are_the_programs_own(tiny, two):
    folder, newest, _ = two
    group(foreach=True, capturable=True, differentiable=True, lr=None, more=3)(newest)
    trainer = tiny()
    used, complaints = restore_latest(trainer, folder, "f")
    assert (used.name, complaints) == ("step-000000009", [])
    trainer.fit()
    whole = tiny()
    whole.fit()
    for one, other in zip(trainer.game.G.parameters(), whole.game.G.parameters(), strict=True):
        assert torch.equal(one, other)


def mutated(plain, rng):
    """JSON with one value somewhere replaced, removed or wrapped."""
    values = [None, True, -1, 10**30, math.nan, -math.inf, "", "x" * 300, [], {}, [[[]]], {"a": {"b": 1}}, 0.5]
    spots = []

    def walk(here):
        for key in here if isinstance(here, dict) else range(len(here)):
            spots.append((here, key))
            if isinstance(here[key], dict | list):
                walk(here[key])

    walk(plain)
    here, key = rng.choice(spots)
    move = rng.randrange(3)
    if move == 0:
        here[key] = rng.choice(values)
    elif move == 1:
        del here[key]
    elif isinstance(here, dict):
        here[f"{key}?"] = here[key]
    else:
        here.append(rng.choice(values))


def test_five_hundred_mutations_end_in_a_trainer_or_in_words(tiny, two):
    folder, newest, _ = two
    whole = (newest / "state.json").read_text()
    trainer, rng, refused = tiny(), random.Random(0), 0
    for _ in range(500):
        plain = json.loads(whole)
        mutated(plain, rng)
        if isinstance(plain, dict) and rng.random() < 0.9:
            plain["seal"] = seal_of(plain)
        (newest / "state.json").write_text(json.dumps(plain))
        try:
            used, complaints = restore_latest(trainer, folder, "f")
            refused += len(complaints)
            assert used.name == ("step-000000005" if complaints else "step-000000009")
        except CheckpointError as error:
            assert "another recipe" in str(error)  # noqa: PT017  (a fingerprint of the right kind)
    assert refused > 300


def test_two_hundred_torn_or_flipped_files_end_in_words(tiny, two):
    folder, newest, _ = two
    whole, rng, trainer = (newest / "tensors.safetensors").read_bytes(), random.Random(1), tiny()
    for number in range(200):
        data = bytearray(whole)
        head = 8 + struct.unpack("<Q", whole[:8])[0]
        if number % 2:
            data[rng.randrange(head)] = rng.randrange(256)
        else:
            del data[rng.randrange(len(data)) :]
        (newest / "tensors.safetensors").write_bytes(bytes(data))
        mend_checksum(newest)
        used, complaints = restore_latest(trainer, folder, "f")
        assert used.name == ("step-000000005" if complaints else "step-000000009")
    shutil.rmtree(newest)


def test_the_only_checkpoint_has_none_before_it(tiny, two):
    folder, _, _ = two
    for checkpoint in folder.glob("step-*"):
        (checkpoint / "state.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"nothing to resume in .*cannot be read") as caught:
        restore_latest(tiny(), folder, "f")
    assert "the one before it" not in str(caught.value)

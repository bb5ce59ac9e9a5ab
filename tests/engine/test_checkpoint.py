import errno
import hashlib
import json
import os
import pickle
import signal
from pathlib import Path

import pytest
import torch

from multigan.core.errors import CheckpointError, DivergedError, RunError
from multigan.engine.checkpoint import (
    list_checkpoints,
    load_checkpoint,
    restore_latest,
    save_checkpoint,
)
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.engine.verified import seal_of


class StopAt(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step == self.step


def everything(trainer):
    nets = {**trainer.game.players, "ema": trainer.ema.net}
    found = {f"{n}/{k}": v for n, net in nets.items() for k, v in net.state_dict().items()}
    for player, optimizer in trainer.optimizers.items():
        for index, slots in optimizer.state_dict()["state"].items():
            found |= {f"{player}/{index}/{k}": torch.as_tensor(v) for k, v in slots.items()}
    return found


def assert_same(a, b):
    a, b = everything(a), everything(b)
    assert set(a) == set(b)
    assert all(torch.equal(a[name], b[name]) for name in a)


def halted_at(tiny, step, **options):
    trainer = tiny(**options)
    trainer.handlers = [StopAt(step)]
    trainer.fit()
    trainer.handlers = []
    return trainer


@pytest.mark.parametrize("step", [1, 7, 12, 19, 20])
@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
def test_resume_equals_the_unbroken_run_to_the_bit(tiny, tmp_path, step, name):
    settings = OptimSettings(name, lr=1e-3, momentum=0.5)
    optim = {"G": settings, "D": settings}
    phases = [Phase("pretrain", ("mle",), 80, optim), Phase("adversarial", ("d", "d", "g"), 160, optim, ("g",))]
    whole = tiny(phases=phases)
    whole.fit()
    save_checkpoint(halted_at(tiny, step, phases=phases), tmp_path, "f")
    fresh = tiny(phases=phases)
    restore_latest(fresh, tmp_path, "f")
    assert fresh.state.step == step
    fresh.fit()
    assert_same(whole, fresh)


@pytest.mark.parametrize("parts", [1, 2])
def test_a_game_that_reuses_fakes_resumes_to_the_bit_too(tiny, tmp_path, parts):
    def build():
        trainer = tiny(fakes="reused")
        trainer.accumulate = parts
        return trainer

    whole, halted, fresh = build(), build(), build()
    whole.fit()
    halted.handlers = [StopAt(5)]
    halted.fit()
    save_checkpoint(halted, tmp_path, "f")
    restore_latest(fresh, tmp_path, "f")
    fresh.fit()
    assert_same(whole, fresh)
    assert whole.game.G.calls == whole.state.step * parts


def test_layers_that_draw_by_themselves_resume_to_the_bit(tiny, tmp_path):
    """`nn.Dropout` takes its mask from torch's own generator, which no checkpoint holds."""

    def build():
        trainer = tiny()
        trainer.game.D.net.insert(1, torch.nn.Dropout(0.5))
        return trainer

    whole, halted, fresh = build(), build(), build()
    whole.fit()
    halted.handlers = [StopAt(5)]
    halted.fit()
    save_checkpoint(halted, tmp_path, "f")
    restore_latest(fresh, tmp_path, "f")
    torch.rand(7)  # what else the process drew meanwhile
    fresh.fit()
    assert_same(whole, fresh)


def test_only_the_newest_two_are_kept(tiny, tmp_path):
    trainer = tiny()
    for step in (3, 5, 9):
        trainer.state.step = step
        save_checkpoint(trainer, tmp_path, "f")
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000000005", "step-000000009"]


def corrupt_bit(path):
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))


def edit_state(checkpoint, **changes):
    state = json.loads((checkpoint / "state.json").read_text()) | changes
    (checkpoint / "state.json").write_text(json.dumps(state | {"seal": seal_of(state)}))


DAMAGES = {
    "one flipped bit": lambda c: corrupt_bit(c / "tensors.safetensors"),
    "truncated tensors": lambda c: os.truncate(c / "tensors.safetensors", 100),
    "no tensors": lambda c: (c / "tensors.safetensors").unlink(),
    "no state": lambda c: (c / "state.json").unlink(),
    "torn state": lambda c: os.truncate(c / "state.json", 10),
    "zero bytes of tensors": lambda c: (c / "tensors.safetensors").write_bytes(b""),
    "zero bytes of state": lambda c: (c / "state.json").write_bytes(b""),
    "garbage that is JSON": lambda c: (c / "state.json").write_text("[1, 2]"),
    "garbage that is no UTF-8": lambda c: (c / "state.json").write_bytes(b"\xc3\x28\xff{"),
    "counters of another kind": lambda c: edit_state(c, state={"steps": 4}),
    "wrong checksum": lambda c: edit_state(c, sha256="0" * 64),
    "an empty folder": lambda c: [path.unlink() for path in c.iterdir()],
    "newer format": lambda c: edit_state(c, format=99),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_falls_back_to_the_one_before_and_says_so(tiny, tmp_path, damage):
    trainer = halted_at(tiny, 5)
    save_checkpoint(trainer, tmp_path, "f")
    good = everything(trainer)
    good = {name: value.clone() for name, value in good.items()}
    trainer.handlers = [StopAt(9)]
    trainer.fit()
    DAMAGES[damage](save_checkpoint(trainer, tmp_path, "f"))
    fresh = tiny()
    used, complaints = restore_latest(fresh, tmp_path, "f")
    assert used.name == "step-000000005"
    assert len(complaints) == 1
    assert "step-000000009" in complaints[0]
    assert all(torch.equal(value, everything(fresh)[name]) for name, value in good.items())


def test_nothing_whole_is_an_error_that_lists_why(tiny, tmp_path):
    with pytest.raises(CheckpointError, match="no finished checkpoint"):
        restore_latest(tiny(), tmp_path, "f")
    (save_checkpoint(tiny(), tmp_path, "f") / "state.json").unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        restore_latest(tiny(), tmp_path, "f")


def test_another_recipe_is_refused(tiny, tmp_path):
    checkpoint = save_checkpoint(tiny(), tmp_path, "one")
    with pytest.raises(CheckpointError, match="another recipe"):
        load_checkpoint(tiny(), checkpoint, "two")


def test_other_nets_are_refused(tiny, tmp_path):
    checkpoint = save_checkpoint(tiny(), tmp_path, "f")
    other = tiny()
    other.game.players["D"].net[0] = torch.nn.Linear(2, 9)
    with pytest.raises(CheckpointError, match="does not fit"):
        load_checkpoint(other, checkpoint, "f")


def test_nan_weights_are_not_saved(tiny, tmp_path):
    trainer = tiny()
    with torch.no_grad():
        trainer.game.players["D"].net[0].weight[0, 0] = float("nan")
    with pytest.raises(DivergedError, match=r"D\.net\.0\.weight"):
        save_checkpoint(trainer, tmp_path, "f")
    assert not list_checkpoints(tmp_path)


def killed_save(tiny, folder, left):
    """Checkpoints at step 0 and 4 with what a kill at one instant of the second save leaves."""
    save_checkpoint(tiny(), folder, "f")
    second = save_checkpoint(halted_at(tiny, 4), folder, "f")
    second.rename(second.with_name(left + second.name))


def test_half_a_checkpoint_is_cleared_away_on_resume(tiny, tmp_path):
    killed_save(tiny, tmp_path, ".new-")
    used, complaints = restore_latest(tiny(), tmp_path, "f")
    assert used.name == "step-000000000"
    assert complaints == []
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000000"]


def test_a_checkpoint_that_was_being_replaced_comes_back(tiny, tmp_path):
    killed_save(tiny, tmp_path, ".old-")
    fresh = tiny()
    used, _ = restore_latest(fresh, tmp_path, "f")
    assert used.name == "step-000000004"
    assert fresh.state.step == 4
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_costs_no_checkpoint(tiny, tmp_path, monkeypatch):
    good = save_checkpoint(tiny(), tmp_path, "f")

    def full(tensors, path):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("multigan.engine.checkpoint.write_tensors", full)
        with pytest.raises(RunError, match=r"No space left on device.*free space"):
            save_checkpoint(halted_at(tiny, 4), tmp_path, "f")
    assert list(tmp_path.iterdir()) == [good]
    assert restore_latest(tiny(), tmp_path, "f")[0] == good


def test_a_real_limit_on_file_size_costs_no_checkpoint(tiny, tmp_path):
    """The kernel refuses the bytes, not a patched function: the error comes from inside safetensors."""
    resource = pytest.importorskip("resource", reason="limits on file size exist on POSIX systems only")
    good = save_checkpoint(tiny(), tmp_path, "f")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(RunError, match="cannot write"):
            save_checkpoint(halted_at(tiny, 4), tmp_path, "f")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list(tmp_path.iterdir()) == [good]


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_pickle_in_place_of_tensors_is_refused_and_not_run(tiny, tmp_path):
    checkpoint, trap = save_checkpoint(tiny(), tmp_path, "f"), tmp_path / "ran"
    (checkpoint / "tensors.safetensors").write_bytes(pickle.dumps(Bomb(trap)))
    edit_state(checkpoint, sha256=hashlib.sha256((checkpoint / "tensors.safetensors").read_bytes()).hexdigest())
    with pytest.raises(CheckpointError, match="cannot be read"):
        restore_latest(tiny(), tmp_path, "f")
    assert not trap.exists()
    pickle.loads(pickle.dumps(Bomb(trap)))
    assert trap.exists()  # the trap is real


def test_copies_that_somebody_made_beside_checkpoints_are_left_alone(tiny, tmp_path):
    trainer = halted_at(tiny, 5)
    first = save_checkpoint(trainer, tmp_path, "f", keep=1)
    for name in ("step-000000005-keep", "step-best", ".new-ideas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "state.json").write_text("mine")
    (first / "notes.md").write_text("mine")
    trainer.handlers = [StopAt(9)]
    trainer.fit()
    second = save_checkpoint(trainer, tmp_path, "f", keep=1)
    assert list_checkpoints(tmp_path) == [second]
    assert [path.name for path in first.iterdir()] == ["notes.md"]
    used, complaints = restore_latest(tiny(), tmp_path, "f")
    assert (used, complaints) == (second, [])
    assert {path.name for path in tmp_path.iterdir()} >= {"step-000000005-keep", "step-best", ".new-ideas"}

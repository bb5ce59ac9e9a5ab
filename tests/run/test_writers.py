import json

import pytest

from multigan.core.errors import RunError
from multigan.run.ledger import Ledger, read_metrics
from multigan.run.writers import MetricsFile, TensorBoard


def test_one_line_every_so_many_steps_and_at_the_end(tiny, tmp_path):
    trainer = tiny()
    trainer.handlers = [MetricsFile(Ledger(tmp_path / "m.jsonl"), every=6)]
    trainer.fit()
    rows = read_metrics(tmp_path / "m.jsonl")
    assert [row["step"] for row in rows] == [6, 12, 18, 20]
    assert {"samples", "phase", "seconds", "loss/D", "loss/G"} <= set(rows[0])


def test_a_torn_line_is_left_out_and_resumed_steps_are_not_doubled(tiny, tmp_path):
    path = tmp_path / "m.jsonl"
    whole = [json.dumps({"step": step}) for step in (1, 2, 3)]
    path.write_text("\n".join(whole) + '\n{"step": 4, "lo')
    assert [row["step"] for row in read_metrics(path)] == [1, 2, 3]
    trainer = tiny()
    trainer.state.step = 2
    MetricsFile(Ledger(path)).started(trainer)
    assert [row["step"] for row in read_metrics(path)] == [1, 2]


def test_a_line_torn_inside_a_character_costs_only_itself(tiny, tmp_path):
    path = tmp_path / "m.jsonl"
    torn = json.dumps({"step": 3, "phase": "prélude"}, ensure_ascii=False).encode()
    cut = torn[: torn.index("é".encode()) + 1]
    path.write_bytes(b'{"step": 1}\n' + cut + b'\n{"step": 2}\n[3]\nnull\n{"no": 1}\n\x00\x00\n' + cut)
    assert [row["step"] for row in read_metrics(path)] == [1, 2]
    trainer = tiny()
    trainer.state.step = 9
    MetricsFile(Ledger(path)).started(trainer)
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n'


def test_a_kill_while_old_lines_are_dropped_keeps_the_file(tiny, tmp_path, monkeypatch):
    path = tmp_path / "m.jsonl"
    path.write_text('{"step": 1}\n')

    def killed(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        MetricsFile(Ledger(path)).started(tiny())
    assert path.read_text() == '{"step": 1}\n'


def test_an_unwritable_file_is_one_clear_error(tiny, tmp_path):
    with pytest.raises(RunError, match="cannot write"):
        MetricsFile(Ledger(tmp_path / "missing" / "m.jsonl")).started(tiny())


def test_tensorboard_gets_every_curve(tmp_path):
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    board = TensorBoard(tmp_path)
    board.write(1, {"loss/D": 0.5})
    assert list(tmp_path.glob("events.*"))

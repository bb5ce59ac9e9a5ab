from multigan.engine.checkpoint import list_checkpoints
from multigan.run.saver import Saver


def test_saves_evenly_and_once_at_the_end(tiny, tmp_path):
    saved = []
    trainer = tiny()
    trainer.handlers = [Saver(tmp_path, "f", times=4, also=lambda t: saved.append(t.state.step))]
    trainer.fit()
    assert saved == [5, 10, 15, 20]
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000000015", "step-000000020"]

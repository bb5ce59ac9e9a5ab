import io

from rich.console import Console

from multigan.engine import progress


def test_lines_where_there_is_no_terminal(tiny, monkeypatch):
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    out = io.StringIO()
    trainer = tiny()
    trainer.handlers = [progress.ProgressBar(Console(file=out))]
    trainer.fit()
    lines = out.getvalue().splitlines()
    assert "adversarial: 8 of 160 samples" in lines[0]
    assert "s left" in lines[0]


def test_a_bar_on_a_terminal(tiny):
    out = io.StringIO()
    trainer = tiny()
    trainer.handlers = [progress.ProgressBar(Console(file=out, force_terminal=True, width=120))]
    trainer.fit()
    assert "adversarial" in out.getvalue()

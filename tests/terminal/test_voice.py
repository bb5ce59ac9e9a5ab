import io
import sys

from multigan.terminal.voice import Voice


def test_lines_are_said_as_they_are(tmp_path, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    say = Voice(tmp_path / "log.txt")
    say("[bold] 12 " + "long " * 40)
    assert out.getvalue() == "[bold] 12 " + "long " * 40 + "\n"
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_can_read_is_in_the_log(tmp_path, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    say = Voice(tmp_path / "log.txt")
    say("read")
    out.close()
    say("first \udc80")
    say("second")
    assert (tmp_path / "log.txt").read_text() == "first \\udc80\nsecond\n"


def test_a_log_that_cannot_be_written_ends_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    Voice(tmp_path / "missing" / "log.txt")("a line")
    Voice(tmp_path / "log.txt", quiet=True)("a line")
    assert list(tmp_path.iterdir()) == []

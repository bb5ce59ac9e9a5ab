import io
import os
import subprocess
import sys

import pytest

from multigan.terminal.output import Lasting, lasting


def closed_pipe():
    read, write = os.pipe()
    os.close(read)
    return os.fdopen(write, "w", buffering=1)


def full():
    return open("/dev/full", "w", buffering=1)


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("broken", [closed_pipe, full, closed, lambda: None])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what the broken stream still holds
def test_a_stream_that_breaks_is_lost_once_and_raises_never(broken):
    stream = Lasting(broken())
    for _ in range(3):
        assert stream.write("a line\n") == 7
        stream.flush()
    assert stream.lost
    assert not stream.isatty()


def test_a_whole_stream_is_handed_everything():
    inner = io.StringIO()
    stream = lasting(inner)
    stream.write("a\nb")
    stream.flush()
    assert inner.getvalue() == "a\nb"
    assert not stream.lost
    assert lasting(stream) is stream
    assert stream.writable()


def test_a_slow_reader_is_not_taken_for_one_that_left():
    read, write = os.pipe()
    os.set_blocking(write, False)
    with os.fdopen(read, "rb") as reader, open(write, "wb", buffering=0) as raw:
        stream = Lasting(io.TextIOWrapper(raw, write_through=True))
        for _ in range(100):
            stream.write("x" * 4096)
        assert not stream.lost
        assert reader.read(4096) == b"x" * 4096


NO_STDERR = """
import os, sys
os.close(2)
from multigan.terminal.output import keep_stderr_writable
keep_stderr_writable()
with open(sys.argv[1], "w") as file:
    os.write(2, b"a warning of a library")
    sys.stderr.write("a line")
    sys.stdout.write(str(file.fileno()))
"""


def test_no_file_takes_the_place_of_a_missing_stderr(tmp_path):
    command = [sys.executable, "-c", NO_STDERR, str(tmp_path / "file")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert int(done.stdout) > 2
    assert (tmp_path / "file").read_text() == ""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from multigan.core.errors import RunError, WriteError
from multigan.run.lock import LOCK, Owner, RunLock, owner_of, refuse_busy

HOLD = """
import sys, time
from pathlib import Path
from multigan.run.lock import RunLock
RunLock.take(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that owns `tmp_path`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_is_refused_and_told_who_and_what_to_type(tmp_path, holder):
    with pytest.raises(RunError) as caught:
        RunLock.take(tmp_path)
    told = str(caught.value)
    assert f"process {holder.pid} on host {socket.gethostname()}, since 20" in told
    assert f"kill {holder.pid}" in told
    assert f"multigan train --resume {tmp_path}" in told
    assert owner_of(tmp_path).pid == holder.pid
    with pytest.raises(RunError, match="in use"):
        refuse_busy(tmp_path)


def test_a_killed_owner_leaves_nothing_in_the_way(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / LOCK).exists()
    assert owner_of(tmp_path) is None
    lock = RunLock.take(tmp_path)
    assert owner_of(tmp_path).pid == os.getpid()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_one_process_cannot_own_a_run_twice(tmp_path):
    lock = RunLock.take(tmp_path)
    with pytest.raises(RunError, match="which is this one"):
        RunLock.take(tmp_path)
    lock.release()
    RunLock.take(tmp_path).release()


def test_the_name_of_another_machine_is_not_seen_through_and_the_cure_is_one_line(tmp_path):
    owner = replace(Owner.here(), host="elsewhere", kernel="another-boot")
    (tmp_path / LOCK).write_text(json.dumps(asdict(owner)))
    with pytest.raises(RunError, match=f"on host elsewhere.*if that process has ended, type rm {tmp_path / LOCK}"):
        RunLock.take(tmp_path)
    (tmp_path / LOCK).unlink()
    RunLock.take(tmp_path).release()


def test_this_machine_before_it_was_started_anew_is_seen_through(tmp_path):
    (tmp_path / LOCK).write_text(json.dumps(asdict(replace(Owner.here(), kernel="the-boot-before"))))
    assert owner_of(tmp_path) is None
    RunLock.take(tmp_path).release()


def test_without_locks_of_the_system_the_process_itself_is_looked_at(holder):
    here = Owner.here()
    alive = replace(here, pid=holder.pid, started="")
    assert not alive.surely_gone(locks_work=False)
    assert not here.surely_gone(locks_work=False)
    assert replace(here, started="12345").surely_gone(locks_work=False)  # the number is somebody else's by now
    holder.kill()
    holder.wait()
    assert alive.surely_gone(locks_work=False)
    # A container on this machine: its processes have numbers of their own.
    assert not replace(alive, host="container").surely_gone(locks_work=False)
    assert replace(alive, host="container").surely_gone(locks_work=True)


def test_a_file_of_that_name_that_is_no_lock_is_left_alone(tmp_path):
    (tmp_path / LOCK).write_text("mine")
    with pytest.raises(RunError, match="no lock of a run"):
        RunLock.take(tmp_path)
    assert owner_of(tmp_path) is None
    assert (tmp_path / LOCK).read_text() == "mine"
    (tmp_path / LOCK).write_text("")  # a kill between making the file and writing it
    RunLock.take(tmp_path).release()


def test_what_is_gone_or_a_link_is_one_clear_error(tmp_path):
    with pytest.raises(WriteError, match="cannot write"):
        RunLock.take(tmp_path / "missing")
    (tmp_path / LOCK).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriteError, match="cannot write"):
        RunLock.take(tmp_path)
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "recipe.toml").touch()  # a run, which can be copied
    with pytest.raises(WriteError, match=rf"{tmp_path} cannot be written: .*, or work on a copy: cp -r {tmp_path} "):
        RunLock.take(tmp_path)


def test_a_folder_that_was_moved_away_takes_its_lock_along(tmp_path):
    (tmp_path / "run").mkdir()
    first = RunLock.take(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / "moved")
    assert owner_of(tmp_path / "moved").pid == os.getpid()
    (tmp_path / "run").mkdir()
    second = RunLock.take(tmp_path / "run")
    first.release()
    assert owner_of(tmp_path / "run").pid == os.getpid()
    assert owner_of(tmp_path / "moved") is None
    second.release()


def test_a_pipe_of_that_name_is_no_lock_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / LOCK)
    assert owner_of(tmp_path) is None
    with pytest.raises(RunError, match=r"\.run-lock in this folder is no file"):
        RunLock.take(tmp_path)


def test_a_process_of_the_same_number_on_another_host_is_another():
    here = Owner.here()
    assert here.is_this_process
    assert not replace(here, host="elsewhere").is_this_process
    assert not replace(here, pid=here.pid + 1).is_this_process

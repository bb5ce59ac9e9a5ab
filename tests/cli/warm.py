"""Processes of the command that do not import torch anew: each is forked from one that has imported it and no more.

A command takes five times as long to import as to do what tests ask of it. What is forked is a process like any other:
its own memory, arguments, environment, folder, exit code and whole output. It imports MultiGAN itself.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HEAVY = (
    "torch",
    "torch._dynamo",
    "torch.utils.data",
    "torchaudio",
    "librosa",
    "soundfile",
    "PIL.Image",
    "typer",
    "rich",
)
READ_AT_START = ("PYTHON", "OMP_", "MKL_", "LD_", "TORCH_", "LC_", "LANG", "NUMBA_", "CUDA_")
"""Beginnings of names of variables that were read when the first process imported what it did."""


class Warm:
    """The process that is forked; commands wait for each other.

    Args:
        seconds: that a command may take.
    """

    def __init__(self, seconds):
        self.seconds, self.begun = seconds, at_start(os.environ)
        self.ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, str(Path(__file__).resolve()), str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)
        self.answers = self.ours.makefile("r")
        self.ours.settimeout(seconds)

    def takes(self, env):
        """Whether nothing that is read at a start differs."""
        return at_start(env) == self.begun

    def call(self, arguments, cwd, env):
        """A `subprocess.CompletedProcess` of the command."""
        with tempfile.TemporaryDirectory() as folder:
            asked = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": env, "folder": folder}
            self.ours.sendall(json.dumps(asked).encode() + b"\n")
            try:
                code = int(self.answers.readline())
            except TimeoutError:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(arguments, self.seconds) from None
            said = [(Path(folder) / name).read_text() for name in ("stdout", "stderr")]
        return subprocess.CompletedProcess(arguments, code, *said)

    def close(self):
        """End it."""
        self.answers.close()
        self.ours.close()
        self.process.wait()


def at_start(env):
    return {name: value for name, value in env.items() if name.startswith(READ_AT_START)}


def serve(descriptor):
    for name in HEAVY:
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(fileno=descriptor) as client, client.makefile("r") as lines:
        for line in lines:
            child = os.fork()
            if not child:
                client.close()
                become(json.loads(line))
            client.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())


def become(asked):
    """The command, as `python -m multigan` is it; does not return."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(f"{asked['folder']}/{name}", os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv, sys.path[0] = ["multigan", *asked["arguments"]], asked["cwd"]
    runpy.run_module("multigan", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    serve(int(sys.argv[1]))

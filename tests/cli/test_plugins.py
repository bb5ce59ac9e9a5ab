"""Listings and verbs beside plugins that do their worst."""

import os

import pytest

BAD = {
    "raises": "raise RuntimeError('boom')",
    "exits": "import sys; sys.exit(0)",
    "base": "raise BaseException('odd')",
    "mute": "class E(Exception):\n    def __str__(self): raise SystemExit('no words')\nraise E",
    "mute-base": "class E(BaseException):\n    def __str__(self): raise E\n    __repr__ = __str__\nraise E",
    "steers": "raise ValueError('a\\nb\\x1b[2J')",
    "prints": "print('hello from a plugin')\nthing = 3",
    "hangs": "import threading; threading.Event().wait()",
    "deep": "def f(): f()\nf()",
    "attribute": "class T:\n    def __getattr__(self, name): raise SystemExit\nthing = T()",
    "equal": (
        "class V:\n    def __eq__(self, other): raise KeyError\n    __ne__ = __eq__\n    __hash__ = None\n"
        "class T:\n    multigan_api = V()\nthing = T()"
    ),
}


@pytest.fixture(params=BAD)
def bad(request, tmp_path):
    """The environment with one bad plugin of three kinds."""
    (tmp_path / "bad_plugin.py").write_text(BAD[request.param])
    groups = ("modalities", "losses", "recipes")
    plugins = ",".join(f"multigan.{group}:bad=bad_plugin:thing" for group in groups)
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    return request.param, {"MULTIGAN_PLUGINS": plugins, "PYTHONPATH": path, "MULTIGAN_CACHE": str(tmp_path / "cache")}


def test_listings_survive_and_name_it(multigan, bad):
    name, env = bad
    for verb, known in ((["modalities"], "image "), (["plugins"], "loss "), (["recipes", "ls"], "image/digits")):
        done = multigan(*verb, env=env)
        assert done.returncode == 0, done.stderr
        assert known in done.stdout
        assert "\x1b" not in done.stdout
        assert "hello from a plugin" not in done.stdout
        if verb != ["recipes", "ls"]:
            (row, *_) = [line for line in done.stdout.splitlines() if " bad " in f" {line} "]
            assert "broken" in row
            assert ("did not answer" in row) == (name == "hangs")


def test_verbs_that_do_not_need_it_go_on(multigan, bad, tmp_path):
    _, env = bad
    (tmp_path / "names.txt").write_text("".join(f"name {n}\n" for n in range(200)))
    assert multigan("doctor", tmp_path / "names.txt", env=env).returncode in (0, 1)
    assert multigan("train", "--help", env=env).returncode == 0
    assert multigan("recipes", "validate", "points/ring", env=env).returncode == 0


def test_asked_for_by_its_name_it_is_one_line(multigan, bad):
    name, env = bad
    if name == "hangs":
        pytest.skip("a plugin that is asked for has all the time")
    done = multigan("recipes", "validate", "points/ring", "--set", "game.loss=bad", env=env)
    if name in ("prints", "attribute"):  # a thing of another kind
        assert done.returncode in (1, 2)
    else:
        assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) <= 2


MODALITY = """
from multigan.plugins.points import PointsModality

class Bad(PointsModality):
    name = "bad"
    summary = {summary}
    def load(self, source, **options):
        {load}

modality = Bad()
"""


@pytest.mark.parametrize(
    "load", ["raise SystemExit(0)", "raise BaseException('odd')", "exit()", "raise MemoryError", "raise KeyError('x')"]
)
def test_a_loader_that_leaves_is_no_success(multigan, tmp_path, load):
    (tmp_path / "bad_plugin.py").write_text(MODALITY.format(summary="'points'", load=load))
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    env = {"MULTIGAN_PLUGINS": "multigan.modalities:bad=bad_plugin:modality", "PYTHONPATH": path}
    done = multigan("train", "points/ring", "--set", "modality=bad", "--out", tmp_path / "run", env=env)
    assert done.returncode == 2
    assert "load" in done.stderr.strip().splitlines()[-1]


def test_a_net_that_leaves_is_a_fault_and_no_success(multigan, tmp_path):
    source = "from torch import nn\ndef build(spec):\n    raise SystemExit(0)\n"
    (tmp_path / "bad_plugin.py").write_text(source)
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    env = {
        "MULTIGAN_PLUGINS": "multigan.generators:bad=bad_plugin:build",
        "PYTHONPATH": path,
        "MULTIGAN_CACHE": str(tmp_path / "cache"),
    }
    done = multigan("train", "points/ring", "--set", 'G={net="bad"}', "--out", tmp_path / "run", env=env)
    assert done.returncode == 1
    assert "SystemExit" in done.stderr.strip().splitlines()[-1]

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from multigan.cli.lines import sayer
from multigan.terminal import waiting as waiting_module

CLI = Path(__file__).parents[2] / "multigan" / "cli"
ESCAPED = "\x1b[2J\x1b[31m\u202e.toml"


def test_verbs_print_by_one_function():
    """`echo` escapes names; `typer.echo` and `sys.stdout` do not."""
    direct = re.compile(r"typer\.echo|click\.echo|\bsecho\(|sys\.std(out|err)|\bprint\(")
    found = {path.name for path in CLI.glob("*.py") if direct.search(path.read_text())}
    assert found == {"__init__.py", "lines.py"}  # the first lets a broken pipe go


@pytest.mark.parametrize(
    "verb", [["provenance"], ["recipes", "validate"], ["doctor"], ["train"], ["generate"], ["report"]]
)
def test_errors_name_files_without_steering_the_terminal(multigan, tmp_path, verb):
    done = multigan(*verb, ESCAPED, cwd=tmp_path)
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert "\u202e" not in done.stdout + done.stderr
    assert "\\x1b[2J" in done.stdout + done.stderr


def test_results_name_files_without_steering_the_terminal(multigan, tmp_path):
    done = multigan("recipes", "cp", "points/ring", "a\nb" + ESCAPED, cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith("copied to a\\nb\\x1b[2J")


def test_json_is_json_on_any_terminal(multigan, tmp_path):
    label = {"generator": "Zoë × 東\x1b[31m\x7f", "recipe": "r", "seed": "0"}
    (tmp_path / "a.json").write_text(json.dumps({"label": label}))
    for encoding in ("ascii", "utf-8", "latin-1"):
        done = subprocess.run(
            [sys.executable, "-m", "multigan", "provenance", "a.json"],
            cwd=tmp_path,
            env={**__import__("os").environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C"},
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert json.loads(done.stdout.decode(encoding)) == label
        assert b"\x1b" not in done.stdout
        assert b"\x7f" not in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "cp1252"])
def test_a_terminal_without_the_letters_ends_nothing(multigan, tmp_path, encoding):
    (tmp_path / "лица").mkdir()
    short = ["--set", "train.samples=64", "--set", "train.batch=32", "--set", "train.report=false"]
    done = multigan(
        "train",
        "points/ring",
        "--out",
        tmp_path / "лица" / "run",
        *short,
        env={"PYTHONIOENCODING": encoding, "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    assert "\\u043b\\u0438\\u0446\\u0430" in done.stderr


def test_standard_streams_may_be_closed(tmp_path):
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f"exec {sys.executable} -m multigan recipes validate nowhere {closed}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", ["recipes ls", "doctor x.csv", "--help"])
def test_a_reader_who_leaves_is_no_fault(tmp_path, arguments):
    (tmp_path / "x.csv").write_text("x,y\n1,2\n")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "multigan", *arguments.split()]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, cwd=tmp_path, check=False, timeout=120)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="of Linux")
@pytest.mark.parametrize("arguments", ["recipes ls", "doctor x.csv", "--help"])
def test_a_full_disk_behind_the_output_is_named(tmp_path, arguments):
    (tmp_path / "x.csv").write_text("x,y\n1,2\n")
    command = [sys.executable, "-m", "multigan", *arguments.split()]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False, timeout=120)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["multigan: standard output: No space left on device"]


def test_where_nobody_looks_a_stage_is_a_line_and_what_is_said_to_be_at_work(capsys, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(waiting_module, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(waiting_module, "LINE_SECONDS", 0.0)
    with waiting_module.waiting("evaluating", console=Console(file=out)) as shown:
        sayer(shown, quiet=False)("drawing samples")
        shown(1, 0)
    assert capsys.readouterr().err == "drawing samples\n"
    assert "drawing samples: 1\n" in out.getvalue()

import json
import shlex
from pathlib import Path

from PIL import Image

from multigan.cli.doctor import train_command

TINY = ["--set=phases=[]", "--set=train.samples=16", "--set=train.batch=8", "--set=train.report=false"]


def test_faults_are_told_with_exit_codes_and_as_json(multigan, tmp_path):
    for k in range(10):
        Image.linear_gradient("L").rotate(36 * k).resize((16, 16)).save(tmp_path / f"{k}.png")
    assert multigan("doctor", tmp_path).returncode == 1
    (tmp_path / "bad.png").write_bytes(b"")
    done = multigan("doctor", tmp_path)
    assert done.returncode == 2
    assert "bad.png: empty file" in done.stdout
    report = json.loads(multigan("doctor", tmp_path, "--json").stdout)
    assert report["findings"][0]["name"] == "unreadable"
    assert multigan("doctor", tmp_path / "nowhere").returncode == 2


def test_a_run_gets_its_verdict(multigan, run):
    done = multigan("doctor", run)
    assert done.returncode == 0
    assert done.stdout.startswith("verdict: ")
    assert "multigan " in done.stdout
    assert json.loads(multigan("doctor", run, "--json").stdout)["name"] in done.stdout


def test_the_best_generator_draws(multigan, run, tmp_path):
    assert multigan("generate", run, "--which", "best", "--n", 3, "--out", tmp_path).returncode == 0
    assert list(tmp_path.iterdir())
    wrong = multigan("generate", run, "--which", "bestt", "--out", tmp_path)
    assert wrong.returncode == 2
    assert "did you mean 'best'?" in wrong.stderr


def test_the_closing_command_trains_what_was_looked_at(multigan, tmp_path):
    rows = "".join(f'"a row number {number}",{number}\n' for number in range(120))
    (tmp_path / "texts export.csv").write_text("two words,key\n" + rows)
    (tmp_path / "notes").write_text("".join(f"note {number} of them\n" for number in range(120)))
    for arguments in (
        ("texts export.csv", "--set", "data.column=two words"),
        ("notes", "--modality", "text", "--set", "data.length=20"),
    ):
        done = multigan("doctor", *arguments, cwd=tmp_path)
        assert done.returncode < 2, done.stdout
        command = shlex.split(done.stdout.rpartition("train with: multigan ")[2])
        short = [f"--set=train.{name}=0" for name in ("sheets", "vitals", "checkpoints")]
        trained = multigan(*command, *short, *TINY, "--out", tmp_path / f"run-{arguments[0]}", cwd=tmp_path)
        assert trained.returncode == 0, trained.stderr
        assert "data.length=20" in command or "data.column=two words" in command


def test_what_was_given_stands_in_the_command(tmp_path):
    assert train_command(Path("my pictures")) == "multigan train 'my pictures'"
    assert train_command(Path("-x"), "image/folder", overrides=["data.size=8"]) == (
        "multigan train ./-x --recipe image/folder --set data.size=8"
    )
    assert train_command(Path("a\nb")) == r"multigan train $'a\nb'"
    assert train_command(Path("image/digits")) == "multigan train ./image/digits"

"""What is asked of the hub, and what is said where it cannot be reached."""

import os
import subprocess
import sys
import time

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.fetched import place_of

REFUSED = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_DISABLE_TELEMETRY": "1"}


def test_a_path_is_taken_as_it_is_and_nothing_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert place_of(str(tmp_path), DataError, "G.weights") == tmp_path
    assert str(place_of("owner/name", DataError, "G.weights")) == "owner/name"


def test_what_is_fetched_is_the_folder_of_the_repository_and_its_revision(tmp_path, monkeypatch):
    asked = {}

    def snapshot_download(name, **options):
        asked.update(options, name=name)
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert place_of("hf:owner/name@main", DataError, "G.weights") == tmp_path
    assert (asked["name"], asked["revision"]) == ("owner/name", "main")
    assert not any(pattern.endswith((".bin", ".pt", ".py")) for pattern in asked["allow_patterns"])


@pytest.mark.parametrize(
    "given", ["hf:", "hf:@main", "hf:owner/name@", "hf:a/b/c", "hf:owner/", "hf:/tmp/t5", "hf:a name"]
)
def test_what_names_no_repository_is_said_without_asking_for_it(given, monkeypatch):
    monkeypatch.setattr("huggingface_hub.snapshot_download", None)
    with pytest.raises(DataError) as said:
        place_of(given, DataError, "G.weights")
    assert said.value.given == f"G.weights = '{given}' names no repository of the hub"
    assert said.value.fix == "type --set G.weights=hf:OWNER/NAME, or a folder without hf:"


@pytest.mark.parametrize("key", ["G.weights", "data.tokenizer"])
def test_a_refused_connection_is_said_at_once_with_what_to_do(key, tmp_path):
    (tmp_path / "pairs.tsv").write_text("source\ttarget\n" + "a b\tc d\n" * 20)
    sets = [
        f"data.source={tmp_path / 'pairs.tsv'}",
        f"{key}=hf:owner/name",
        "train.samples=4",
        "phases=[]",
        "G.net=seq2seq",
    ]
    command = [sys.executable, "-m", "multigan", "train", "text/pairs", "--out", str(tmp_path / "run")]
    environment = {**os.environ, **REFUSED, "HF_HOME": str(tmp_path / "cache")}
    began = time.monotonic()
    done = subprocess.run(
        [*command, *(word for one in sets for word in ("--set", one))],
        capture_output=True, text=True, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert f"{key} = 'hf:owner/name' cannot be fetched from the hub" in said
    assert f"hf download owner/name --local-dir FOLDER), then type --set {key}=FOLDER" in said
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 120  # of a busy machine; nothing waits for the network

import os
import subprocess
import sys

import pytest
from huggingface_hub import HfApi

from multigan.core.errors import CheckpointError, RunError
from multigan.generator.generator import load
from multigan.publish.facts import read_facts
from multigan.publish.hub import push_to_hub, upload


def test_a_pushed_generator_is_the_generator(tiny_runs, hub, tmp_path):
    generator = load(tiny_runs("points/ring"))
    address = push_to_hub(generator, "me/ring", private=True, token="hf_secret", api=HfApi(endpoint=hub.url))
    assert address == f"{hub.url}/me/ring/commit/{'1' * 40}"
    assert hub.private == {"me/ring": True}
    assert "Bearer hf_secret" in hub.tokens
    files = hub.repos["me/ring"]
    assert {"config.json", "generator.safetensors", "README.md", "samples/sheet.png"} == set(files)
    assert b'multigan.load("me/ring")' in files["README.md"]
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert load(tmp_path).tensors(4, 1).equal(generator.tensors(4, 1))


@pytest.mark.parametrize("name", ["ring", "a/b/c", "/b", "me/", ""])
def test_a_name_that_is_no_repository_is_refused_before_anything_is_sent(tiny_runs, hub, name):
    with pytest.raises(RunError, match="no repository"):
        push_to_hub(load(tiny_runs("points/ring")), name, api=HfApi(endpoint=hub.url))
    assert hub.tokens == set()


def test_a_hub_that_refuses_is_one_plain_line(tiny_runs, hub):
    hub.closed = True
    with pytest.raises(RunError, match="'me/ring' was not published") as error:
        upload(tiny_runs("points/ring") / "generator", "me/ring", token="hf_x", api=HfApi(endpoint=hub.url))
    assert "hf_x" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_hub_that_is_not_there_is_one_plain_line(tiny_runs):
    with pytest.raises(RunError, match="was not published"):
        upload(tiny_runs("points/ring") / "generator", "me/ring", api=HfApi(endpoint="http://127.0.0.1:9"))


def test_a_repository_in_the_cache_loads_offline(tiny_runs, tmp_path):
    cache = tmp_path / "hub" / "models--me--ring"
    (cache / "refs").mkdir(parents=True)
    (cache / "refs" / "main").write_text("2" * 40)
    load(tiny_runs("points/ring")).save_pretrained(cache / "snapshots" / ("2" * 40))
    code = "import multigan; print(multigan.load('me/ring').config['weights_sha256'])"
    env = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == load(tiny_runs("points/ring")).config["weights_sha256"]


def test_a_repository_that_is_not_in_the_cache_is_a_plain_error(tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CheckpointError, match="neither a folder nor a repository"):
        load("me/nothing")


def test_facts_of_the_run_reach_the_card(tiny_runs, hub):
    push_to_hub(
        load(tiny_runs("points/ring")),
        "me/ring",
        licence="cc0-1.0",
        facts=read_facts(tiny_runs("points/ring")),
        api=HfApi(endpoint=hub.url),
    )
    card = hub.repos["me/ring"]["README.md"].decode()
    assert "license: cc0-1.0" in card
    assert "## Training data\n\n- ring" in card

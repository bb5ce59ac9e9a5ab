"""A generator's folder from a stranger: read, or refused in one line before memory is given for it."""

import json
import shutil
import struct
from datetime import datetime
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import multigan
from multigan.core.errors import CheckpointError, UnknownNameError
from multigan.generator.folder import CONFIG, WEIGHTS, find_folder, read_config
from multigan.generator.generator import Generator
from multigan.provenance.labels import read

FIRST = sorted((Path(__file__).parents[1] / "data").glob("generator-*-first-layout"))
DRAWN = {
    "points": [(-0.11979398644163552, -0.3470490423561632), (-0.34169429375782556, 0.3697985866569802)],
    # Not what was drawn when it was written: the unknown token is no longer drawn.
    "text": ["InIpnqDGENrt", "amBEjZtKZnzU"],
}


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FIRST[0], tmp_path / "points"))


def edited(folder, change):
    config = json.loads((folder / CONFIG).read_text())
    change(config)
    (folder / CONFIG).write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize("folder", FIRST, ids=lambda path: path.name)
def test_folders_of_the_first_layout_load(folder):
    generator = multigan.load(folder)
    found, wanted = generator.generate(2, seed=3), DRAWN[generator.spec.modality]
    assert found == (wanted if generator.spec.modality == "text" else [pytest.approx(point) for point in wanted])


NESTED = "[" * 3000 + "]" * 3000
WRONG = {
    "an unknown option": lambda c: c["net"]["options"].update(widht=4),
    "an option of another type": lambda c: c["net"]["options"].update(width="wide"),
    "a width of 0": lambda c: c["net"]["options"].update(width=0),
    "a width below 0": lambda c: c["net"]["options"].update(width=-4),
    "a width that fills memory": lambda c: c["net"]["options"].update(width=10**9),
    "a width beyond any integer": lambda c: c["net"]["options"].update(width=10**30),
    "another width": lambda c: c["net"]["options"].update(width=8),
    "options that are a list": lambda c: c["net"].update(options=[1]),
    "a net that is a list": lambda c: c["net"].update(name=["mlp"]),
    "no such net": lambda c: c["net"].update(name="mpl"),
    "an unknown key beside it": lambda c: c["net"].update(more=1),
    "a shape of 0": lambda c: c["spec"].update(shape=[0]),
    "a shape below 0": lambda c: c["spec"].update(shape=[-1]),
    "a shape that fills memory": lambda c: c["spec"].update(shape=[10**9]),
    "a shape of truth values": lambda c: c["spec"].update(shape=[True, True]),
    "another shape": lambda c: c["spec"].update(shape=[3]),
    "no shape": lambda c: c["spec"].pop("shape"),
    "an axis outside": lambda c: c["spec"].update(channel_axis=3),
    "classes that are no names": lambda c: c["spec"].update(classes=[1, 2]),
    "a meta of other things": lambda c: c["spec"]["meta"].update(scale="much", centre=None),
    "another modality": lambda c: c["spec"].update(modality="pionts"),
    "labels and no classes": lambda c: (c["net"]["options"].update(conditional=True), c["spec"].update(classes=[])),
    "a class without a name": lambda c: c["spec"].update(classes=["a", ""]),
    "a mode that is no pair": lambda c: c["spec"]["meta"].update(centres=[[1.0, 0.0], [1.0]]),
    "a mode of words": lambda c: c["spec"]["meta"].update(centres=[["a", "b"]]),
    "a scale of 0": lambda c: c["spec"]["meta"].update(scale=0),
    "no centre": lambda c: c["spec"]["meta"].pop("centre"),
    "a seed that is none": lambda c: c.update(seed="0"),
    "samples below none": lambda c: c.update(samples_seen=-1),
    "a name that is none": lambda c: c.update(name=7),
    "no checksum": lambda c: c.pop("weights_sha256"),
    "another checksum": lambda c: c.update(weights_sha256="0" * 64),
    "a time that is none": lambda c: c.update(created="yesterday"),
    "a time without a zone": lambda c: c.update(created="2026-01-01T00:00:00"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_config_that_is_wrong_is_one_line(folder, what):
    with pytest.raises((CheckpointError, UnknownNameError)) as caught:
        multigan.load(edited(folder, WRONG[what]))
    assert "\n" not in str(caught.value)


def vocabulary(**changes):
    return lambda spec: spec["meta"]["vocabulary"].update(changes)


WRONG_TEXT = {
    "entries 2 and 3 are the same": lambda spec: spec["meta"]["vocabulary"]["entries"].__setitem__(3, "e"),
    "entries 3 is empty": lambda spec: spec["meta"]["vocabulary"]["entries"].__setitem__(slice(0, 4), [*"xye", ""]),
    "a vocabulary of 52 entries": lambda spec: spec["meta"]["vocabulary"]["entries"].pop(),
    "entries.2": lambda spec: spec["meta"]["vocabulary"]["entries"].__setitem__(2, 7),
    "spec.meta.vocabulary: .*'letter'": vocabulary(kind="letter"),
    "tokenizer is given": vocabulary(tokenizer="{}"),
    "spec.meta: .*tokenizer": vocabulary(kind="bpe"),
    "spec.meta.vocabulary: Field required": lambda spec: spec["meta"].clear(),
    "end = None": lambda spec: spec["meta"].pop("end"),
    "end = 5": lambda spec: spec["meta"].update(end=5),
}


@pytest.mark.parametrize("message", WRONG_TEXT)
def test_what_makes_texts_of_tokens_is_checked(tmp_path, message):
    folder = shutil.copytree(FIRST[1], tmp_path / "text")
    with pytest.raises(CheckpointError, match=rf"config\.json is damaged: .*{message}"):
        multigan.load(edited(folder, lambda c: WRONG_TEXT[message](c["spec"])))


@pytest.mark.parametrize("rate", [-1, 0, 3, 10**9, 16_000.5, True, None])
def test_a_rate_that_no_sound_has_is_refused(folder, rate):
    def change(config):
        config["spec"].update(modality="audio", shape=[1, 1024], meta={"sample_rate_hz": rate})

    with pytest.raises(CheckpointError, match=r"config\.json is damaged: spec\.meta\.sample_rate_hz"):
        read_config(edited(folder, change) / CONFIG)


def test_a_key_that_is_there_twice_is_named(folder):
    text = (folder / CONFIG).read_text()
    (folder / CONFIG).write_text(text.replace('"seed": 0', '"seed": 0, "seed": 1'))
    with pytest.raises(CheckpointError, match="the key 'seed' is there twice"):
        multigan.load(folder)


@pytest.mark.parametrize("text", [NESTED, '{"name": ' + "9" * 5000 + "}", "null", "NaN", '"text"'])
def test_json_that_is_no_config_is_one_line(folder, text):
    (folder / CONFIG).write_text(text)
    with pytest.raises(CheckpointError, match="is damaged"):
        multigan.load(folder)


def test_a_config_that_is_too_large_is_not_read(folder):
    with (folder / CONFIG).open("r+b") as file:
        file.truncate(2**30)  # sparse
    with pytest.raises(CheckpointError, match="at most"):
        multigan.load(folder)


def test_a_header_that_claims_more_than_is_there(folder):
    body = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack("<Q", body[:8])
    header = json.loads(body[8 : 8 + length])
    key = next(name for name in header if name != "__metadata__")
    header[key]["shape"] = [2**40]
    text = json.dumps(header).encode()
    (folder / WEIGHTS).write_bytes(struct.pack("<Q", len(text)) + text + body[8 + length :])
    with pytest.raises(CheckpointError, match="damaged"):
        multigan.load(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_named(folder, value):
    weights = load_file(folder / WEIGHTS)
    key = sorted(weights)[0]
    weights[key].view(-1)[0] = value
    save_file(weights, folder / WEIGHTS)
    with pytest.raises(CheckpointError, match=f"{key} holds NaN or infinity"):
        multigan.load(folder)


def test_a_missing_tensor_is_named(folder):
    weights = load_file(folder / WEIGHTS)
    key = sorted(weights)[0]
    del weights[key]
    save_file(weights, folder / WEIGHTS)
    with pytest.raises(CheckpointError, match=f"{key} is missing"):
        multigan.load(folder)


def test_saving_into_a_folder_leaves_what_else_is_there(folder, tmp_path):
    there = tmp_path / "clone"
    for name in (".git/HEAD", "README.md", "notebooks/a.ipynb", CONFIG):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text("mine")
    generator = multigan.load(folder)
    generator.save_pretrained(there)
    assert {str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()} == {
        *(".git/HEAD", "README.md", "notebooks/a.ipynb", CONFIG, WEIGHTS),
    }
    assert (there / "README.md").read_text() == "mine"
    assert torch.equal(multigan.load(there).tensors(3), generator.tensors(3))


def test_the_best_is_taken_where_it_was_kept(folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(folder, run / "generator")
    assert (find_folder(run, None), multigan.load(run).kept) == ((run / "generator", "last"), "last")
    shutil.copytree(folder, run / "generator-best")
    assert multigan.load(run).kept == "best"
    assert multigan.load(run, "last").kept == "last"
    assert multigan.load(run / "generator").kept == ""
    with pytest.raises(CheckpointError, match="kept no 'mle'"):
        multigan.load(run, "mle")


class NoClock(datetime):
    @classmethod
    def now(cls, tz=None):
        raise AssertionError("a clock was asked")


@pytest.mark.parametrize("recipe", ["points/ring", "image/digits", "text/surnames", "audio/drums"])
def test_the_same_seed_gives_the_same_bytes(tiny_runs, tmp_path, monkeypatch, recipe):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = multigan.load(tiny_runs(recipe))
    for folder in ("a", "b"):
        generator = first if folder == "a" else Generator(first.net, first.spec, first.config)
        generator.save(tmp_path / folder, 2, seed=7)
        generator.sheet(tmp_path / folder / "sheet", 4, seed=7)
        if folder == "a":
            monkeypatch.setattr("multigan.provenance.labels.datetime", NoClock)
    a, b = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert a == b
    assert first.label(7)["created"].startswith(first.config["created"][:10])


def test_an_export_says_when_its_generator_was_made(tiny_runs, tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made = multigan.load(tiny_runs("points/ring"))
    generator = Generator(made.net, made.spec, {**made.config, "created": "2020-02-03T04:05:06+00:00"})
    done = [multigan.export(generator, "safetensors", tmp_path / f"{name}.safetensors").path for name in "ab"]
    assert done[0].read_bytes() == done[1].read_bytes()
    assert read(done[0])["created"] == "2020-02-03T04:05:06Z"


@pytest.mark.parametrize("program", [{}, {"program": "def build():\n    return None\n"}])
@pytest.mark.parametrize("where", ["evil.py", "{folder}/evil.py", "~/evil.py"])
def test_no_file_is_run_by_its_path(folder, tmp_path, monkeypatch, where, program):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "evil.py").write_text(
        "from pathlib import Path\nPath('marker').touch()\n\ndef build():\n    return None\n"
    )
    name = f"py:{where.format(folder=tmp_path)}:build"
    edited(folder, lambda config: config.update(net={"name": name, "options": {}}, **program))
    with pytest.raises(CheckpointError, match=r"config\.json does not describe a net: .*not the one that was trained"):
        multigan.load(folder)
    assert not (tmp_path / "marker").exists()


def test_a_folder_without_its_weights_is_named(folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(folder, run / "generator")
    (run / "generator" / "generator.safetensors").unlink()
    for path in (run, run / "generator"):
        with pytest.raises(CheckpointError) as said:
            multigan.load(path)
        assert said.value.given == f"{run / 'generator'} has config.json, and no generator.safetensors beside it"
    shutil.copytree(folder, run / "generator-best")
    assert multigan.load(run).kept == "best"
    with pytest.raises(CheckpointError, match="and no generator"):
        multigan.load(run, "last")

import json
import pickle
from pathlib import Path

import pytest
import torch

from multigan.build import build_data, build_trainer
from multigan.core.errors import CheckpointError, DataError, RecipeError, UnknownNameError
from multigan.core.types import Spec
from multigan.files.names import file_name
from multigan.generator import generator as generator_module
from multigan.generator.generator import Generator, load, make_config, weights_sha256
from multigan.nets.lookup import net_builder
from multigan.plugins import modalities
from multigan.recipe.recipe import load_recipe


@pytest.fixture(scope="module")
def generator():
    recipe = load_recipe("points/ring", ["G.width=16", "D.width=16"])
    data = build_data(recipe)
    net = build_trainer(recipe, data).ema.net
    return Generator(net, data.spec, make_config("ring-1", "ring", recipe.G.net, recipe.G.options, {"seed": 0}))


def test_a_sample_does_not_depend_on_how_many_are_drawn(generator):
    many, few = generator.tensors(70, seed=5), generator.tensors(3, seed=5)
    assert torch.equal(many[:3], few)
    assert many.shape == (70, 2)


def test_save_and_load_give_the_same_samples(generator, tmp_path):
    generator.save_pretrained(tmp_path / "g")
    again = load(tmp_path / "g")
    assert torch.equal(again.tensors(9, seed=1), generator.tensors(9, seed=1))
    assert again.spec == generator.spec
    assert sorted(path.name for path in (tmp_path / "g").iterdir()) == ["config.json", "generator.safetensors"]


def test_saving_replaces_whole(generator, tmp_path):
    generator.save_pretrained(tmp_path / "g")
    generator.save_pretrained(tmp_path / "g")
    assert [path.name for path in tmp_path.iterdir()] == ["g"]


def test_damaged_weights_are_refused(generator, tmp_path):
    folder = generator.save_pretrained(tmp_path / "g")
    data = bytearray((folder / "generator.safetensors").read_bytes())
    data[-2] ^= 1
    (folder / "generator.safetensors").write_bytes(bytes(data))
    with pytest.raises(CheckpointError, match="damaged"):
        load(folder)
    (folder / "generator.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match="damaged"):
        load(folder)


def test_a_folder_that_is_replaced_while_it_is_read_gives_one_of_the_two(generator, tmp_path, monkeypatch):
    """A run that is being trained saves its best again between our two reads: the new config, the new weights."""
    folder = generator.save_pretrained(tmp_path / "g")
    other = load(folder)
    with torch.no_grad():
        next(other.net.parameters()).add_(1)
    newer = Generator(other.net, other.spec, {k: v for k, v in other.config.items() if k != "weights_sha256"})
    reading, swaps = generator_module.read_config, []

    def read_and_swap(path):
        found = reading(path)
        if not swaps:
            swaps.append(newer.save_pretrained(folder))
        return found

    monkeypatch.setattr(generator_module, "read_config", read_and_swap)
    assert load(folder).config["weights_sha256"] == newer.config["weights_sha256"] != generator.config["weights_sha256"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"spec": 3}', b"\xff\xfe", b'{"net": {}}'])
def test_a_damaged_config_is_one_clear_error(generator, tmp_path, content):
    folder = generator.save_pretrained(tmp_path / "g")
    (folder / "config.json").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"config\.json is damaged"):
        load(folder)


def test_a_generator_that_was_being_replaced_still_loads(generator, tmp_path):
    generator.save_pretrained(tmp_path / "generator").rename(tmp_path / ".old-generator")
    assert torch.equal(load(tmp_path).tensors(3, seed=1), generator.tensors(3, seed=1))
    generator.save_pretrained(tmp_path / "generator")
    assert [path.name for path in tmp_path.iterdir()] == ["generator"]


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ["generator.safetensors", "config.json"])
def test_a_pickle_in_place_of_a_file_is_refused_and_not_run(generator, tmp_path, name):
    folder, trap = generator.save_pretrained(tmp_path / "g"), tmp_path / "ran"
    (folder / name).write_bytes(pickle.dumps(Bomb(trap)))
    with pytest.raises(CheckpointError, match="damaged"):
        load(folder)
    assert not trap.exists()
    pickle.loads(pickle.dumps(Bomb(trap)))
    assert trap.exists()  # the trap is real


@pytest.mark.parametrize("path", ["nowhere", "./no/where", "/nowhere/at/all"])
def test_a_wrong_path_says_what_is_expected(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CheckpointError, match="no generator in"):
        load(path)


def test_asking_for_nothing_or_for_unknown_classes_is_an_error(generator):
    with pytest.raises(DataError, match="at least 1"):
        generator.generate(0)
    with pytest.raises(UnknownNameError, match="without classes"):
        generator.generate(1, label="seven")


def test_what_cannot_be_drawn_leaves_no_folder(generator, tmp_path):
    for n, label in ((0, None), (2, "x"), (10**13, None)):
        with pytest.raises((DataError, UnknownNameError)):
            generator.save(tmp_path / "out", n, 0, label)
        with pytest.raises((DataError, UnknownNameError)):
            generator.sheet(tmp_path / "out" / "sheet", n, 0, label)
    assert list(tmp_path.iterdir()) == []


def test_the_label_names_the_weights(generator):
    label = generator.label(4)
    assert weights_sha256(generator.net) in label.values()
    assert json.dumps(label)


def test_files_are_written_with_their_seed(generator, tmp_path):
    assert generator.save(tmp_path / "out", 3, seed=2)
    assert generator.sheet(tmp_path / "out" / "sheet", 8, seed=2).is_file()


def test_names_carry_class_seed_and_number(tmp_path):
    spec = Spec("image", (1, 8, 8), ("cat", "a/b"))
    options = {"nz": 2, "width": 2, "conditional": True}
    net = net_builder(modalities.get("image"), "G", "dcgan")(spec, **options)
    generator = Generator(net, spec, make_config("g", "r", "dcgan", options, {}))
    names = [path.name for path in generator.save(tmp_path, 3, seed=5)]
    assert names == ["cat-5-00000.png", f"{file_name('a/b')}-5-00001.png", "cat-5-00002.png"]
    assert [path.name for path in generator.save(tmp_path, 1, 5, "a/b")] == [f"{file_name('a/b')}-5-00000.png"]
    assert (generator.sheet_name(5, None), generator.sheet_name(5, "cat")) == ("sheet-5", "sheet-cat-5")
    with pytest.raises(RecipeError, match="no option here"):
        generator.save(tmp_path / "no", 1, bitz=3)
    assert not (tmp_path / "no").exists()

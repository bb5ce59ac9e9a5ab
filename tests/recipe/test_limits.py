"""Files and overrides that no one writes by hand."""

import os

import pytest

from multigan.core.errors import RecipeError, UnknownNameError
from multigan.recipe.limits import DEEPEST, LARGEST_BYTES, quoted, refuse_monsters
from multigan.recipe.recipe import dumps, load_recipe

FILES = {
    "random": os.urandom(1000) + b"\xff",
    "latin-1": b'title = "\xff"',
    "utf-16": 'title = "x"'.encode("utf-16"),
    "brackets": b"a = " + b"[" * 100_000,
    "dots": b".".join([b"a"] * 10_000) + b" = 1",
    "header": b"[" + b".".join([b"a"] * 10_000) + b"]",
    "inline": b"a = " + b"{a = " * 3000,
    "digits": b"a = " + b"9" * 5000,
    "hexadecimal": b"a = 0x" + b"f" * 5000,
    "zero": b'title = "a\\u0000b"',
    "extends-zero": b'extends = "a\\u0000b"',
    "extends-number": b"extends = 5",
    "extends-long": b'extends = "' + b"x" * 5000 + b'"',
    "date": b"title = 2020-01-01",
    "empty": b"",
    "escape": b'title = "a\\u001b[31m"',
    "direction": b'summary = "a\\u202e"',
}


@pytest.mark.parametrize("name", FILES)
def test_monstrous_files_are_refused_in_words(tmp_path, name):
    path = tmp_path / "x.toml"
    path.write_bytes(FILES[name])
    with pytest.raises((RecipeError, LookupError, Exception)) as caught:
        load_recipe(str(path))
    assert type(caught.value).__module__ == "multigan.core.errors"


@pytest.mark.parametrize("name", ["random", "latin-1"])
def test_a_file_that_is_no_text_is_not_told_to_be_corrected(tmp_path, name):
    path = tmp_path / "x.toml"
    path.write_bytes(FILES[name])
    with pytest.raises(
        RecipeError, match=r"x\.toml is no text: byte [0-9,]+ is no UTF-8; expected a TOML file in UTF-8"
    ):
        load_recipe(str(path))
    path.rename(tmp_path / "x")
    with pytest.raises(UnknownNameError, match=r"x is no \.toml file; .*: mv "):
        load_recipe(str(tmp_path / "x"))


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "x.toml"
    with path.open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(RecipeError, match=f"at most {LARGEST_BYTES:,}"):
        load_recipe(str(path))


def test_a_mark_of_byte_order_is_no_fault(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + b'extends = "points/ring"\n')
    assert load_recipe(str(path)).modality == "points"


OVERRIDES = [
    "",
    "=",
    "x",
    "=5",
    "a..b=1",
    "a.b.c.d=1",
    ".".join("a" * 10_000) + "=1",
    "train.batch=" + "[" * 5000 + "]" * 5000,
    "data.x=" + "{a=" * 3000 + "1" + "}" * 3000,
    "train.seed=99999999999999999999",
    "train.seed=" + "9" * 5000,
    "train.seed=0x" + "f" * 5000,
    "train.seed=-1",
    "train.seed=true",
    "train.batch=0",
    "train.batch=-1",
    "train.batch=nan",
    "train.batch=1e400",
    "train.batch=1000000000000000000000000000000",
    "train.batch=1\ntrain.seed=2",
    "train.samples=0",
    "train.n_critic=1000000000",
    "optim.lr=nan",
    "optim.lr=inf",
    "optim.lr=0",
    "optim.lr=-1",
    "optim.lr=1e300",
    "optim.lr=true",
    "optim.betas=[0, 1]",
    "optim.betas=[0]",
    "data.holdout=inf",
    "data.holdout=-1",
    "data.source=",
    "data.source=\udcff",
    "data.source=a\0b",
    'data.source="a\\u0000b"',
    "data.n=1000000000000000000000000000000",
    'game.penalties=[{name="r1", weight=nan}]',
    'game.penalties=[{name="r1", weight=true}]',
    'game.penalties=[{name="r1", every=0}]',
    'phases=[{name="a\\u001b", turns=["d"], samples=1}]',
    'title="a\\nb"',
    "title=",
    "extends=5",
    "train=5",
]


@pytest.mark.parametrize("override", OVERRIDES, ids=lambda text: ascii(text[:40]))
def test_monstrous_overrides_are_refused_in_a_short_line(override):
    with pytest.raises(RecipeError) as caught:
        load_recipe("points/ring", [override])
    assert len(str(caught.value)) < 600
    assert "function-" not in str(caught.value)


def test_depth_is_bounded_where_it_is_said():
    def nested(levels):
        return 1 if levels == 0 else {"a": nested(levels - 1)}

    refuse_monsters(nested(DEEPEST))
    with pytest.raises(RecipeError, match="16 levels"):
        refuse_monsters(nested(DEEPEST + 1))


def test_values_in_messages_are_short():
    assert quoted("a" * 1000).endswith("...")
    assert len(quoted("a" * 1000)) == 80
    assert quoted(2**20_000) == "a whole number of 20001 bits"
    assert quoted([1, "b"]) == "[1, 'b']"


@pytest.mark.parametrize(
    "name", ["a\x7fb", "a\x85b", "a\x1bb", "a\u202eb", "a\u2028b", "a\U000e0041b", 'a"\\b', "é東 🚀"]
)
def test_odd_names_of_folders_survive_the_recipe_of_a_run(tmp_path, name):
    from multigan.recipe.values import toml_value

    recipe = load_recipe("image/folder", [f"data.source={toml_value(name)}"])
    assert recipe.data.source == name
    path = tmp_path / "recipe.toml"
    path.write_text(dumps(recipe), encoding="utf-8")
    assert load_recipe(str(path)) == recipe
    assert all(line.isprintable() for line in dumps(recipe).split("\n"))

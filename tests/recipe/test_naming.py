import pytest

from multigan.recipe.naming import data_name, run_name
from multigan.recipe.recipe import load_recipe


def recipe_on(source):
    return load_recipe("image/folder", [f'data.source="{source}"'])


@pytest.mark.parametrize(
    ("given", "name"),
    [("image/digits", "digits"), ("mine.toml", "mine"), ("a/My own.toml", "my-own"), ("x-1/recipe.toml", "digits")],
)
def test_after_the_recipe_that_was_given(given, name):
    assert run_name(load_recipe("image/digits"), given) == name


@pytest.mark.parametrize("folder", ["my-photos", "My photos (2)", "é"])
def test_the_users_folder(tmp_path, folder):
    (tmp_path / folder).mkdir()
    assert data_name(recipe_on(tmp_path / folder)) == folder
    assert run_name(recipe_on(tmp_path / folder), "image/folder") == "pictures"


@pytest.mark.parametrize(("file", "name"), [("poems.txt", "poems"), ("poems.txt.gz", "poems"), ("a.b.txt", "a.b")])
def test_the_users_file(tmp_path, file, name):
    (tmp_path / file).write_text("x\n")
    assert data_name(recipe_on(tmp_path / file)) == name


def test_built_in_data_is_nobodys(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits").mkdir()  # a folder of the name of built-in data changes nothing
    assert data_name(load_recipe("image/digits")) == ""
    assert data_name(recipe_on(tmp_path / "gone")) == "gone"


def test_names_that_would_be_no_folder():
    recipe = load_recipe("image/digits", ['title="../.."'])
    assert run_name(recipe) == "run"

import pytest

from multigan.recipe.naming import data_name, own_samples, recipe_name, run_name
from multigan.recipe.recipe import dumps, load_recipe, recipe_names


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
    named = {"my-photos": "my-photos", "My photos (2)": "my-photos-2", "é": "é"}[folder]
    assert run_name(recipe_on(tmp_path / folder), "image/folder", own_files=True) == named


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


@pytest.mark.parametrize("name", recipe_names())
def test_a_recipe_is_called_what_is_typed_for_it(tmp_path, name):
    recipe = load_recipe(name)
    assert recipe_name(recipe) == name
    (tmp_path / "recipe.toml").write_text(dumps(recipe))  # all that a run keeps of it
    assert recipe_name(load_recipe(str(tmp_path / "recipe.toml"))) == name


def test_a_recipe_of_ones_own_is_called_by_its_title():
    assert recipe_name(load_recipe("image/digits", ['title="mine"'])) == "mine"


@pytest.mark.parametrize("folder", ["x" * 255, "ü" * 127])
def test_a_name_leaves_room_for_the_number_of_the_run(tmp_path, folder):
    (tmp_path / folder).mkdir()
    name = run_name(recipe_on(tmp_path / folder), "image/folder", own_files=True)
    assert folder.startswith(name)
    assert 190 < len(name.encode()) <= 200


def test_what_a_recipe_trains_as_it_ships_is_known_where_it_has_one_phase():
    assert own_samples(load_recipe("audio/folder", ["train.samples=100"])) == load_recipe("audio/folder").train.samples
    assert own_samples(load_recipe("text/file")) == 0  # likelihood first

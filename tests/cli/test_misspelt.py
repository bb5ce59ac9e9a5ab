import pytest

from multigan.cli.misspelt import refuse_misspelt
from multigan.core.errors import UnknownNameError


@pytest.fixture
def around(tmp_path):
    long = tmp_path / ("a-folder-" * 12)
    (long / "my-photos").mkdir(parents=True)
    (long / "my-poems.txt").touch()
    return long


@pytest.mark.parametrize(
    ("typed", "meant"), [("my-foto/", "my-photos"), ("my-photo", "my-photos"), ("my-poem.txt", "my-poems.txt")]
)
def test_a_neighbour_that_is_spelt_alike_is_suggested(around, typed, meant):
    with pytest.raises(UnknownNameError, match=f"there is no .*did you mean '{around / meant}'"):
        refuse_misspelt(f"{around}/{typed}")


def test_in_the_folder_where_one_stands(around, monkeypatch):
    monkeypatch.chdir(around)
    with pytest.raises(UnknownNameError, match="did you mean 'my-photos'"):
        refuse_misspelt("my-foto/")


@pytest.mark.parametrize("typed", ["my-photos", "image/digits", "image/digit", "quite-another", "no/such/folder"])
def test_what_is_there_or_a_recipe_or_like_nothing_is_left_to_others(around, monkeypatch, typed):
    monkeypatch.chdir(around)
    refuse_misspelt(typed)

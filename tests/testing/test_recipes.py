import pytest

from multigan.core.errors import MultiGANError
from multigan.recipe.recipe import find_recipe
from multigan.testing import check_recipe

SMALL = ["data.n=100", "G.width=8", "D.width=8"]


def test_a_built_in_recipe_passes():
    check_recipe("points/ring", SMALL)


def test_data_that_is_not_at_hand_is_no_fault():
    check_recipe("image/folder")


BROKEN = {
    "no command": (("# multigan train points/ring", "# ring"), "begins with '# ring'"),
    "no summary": (('summary = "', '# summary = "'), "has no summary"),
    "a wrong option": (("layers = 8", "layer = 8"), "did you mean 'layers'"),
    "a wrong loss": (('"relativistic"', '"relativistc"'), "relativistc"),
    "a wrong key": (("batch = 128", "bach = 128"), "did you mean 'batch'"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_recipes_are_caught(fault, tmp_path):
    (old, new), message = BROKEN[fault]
    text = find_recipe("points/ring").read_text()
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(MultiGANError, match=message):
        check_recipe(path, SMALL)

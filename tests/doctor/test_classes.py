import pytest
import torch
from PIL import Image

from multigan.core.types import Data, Spec
from multigan.doctor.classes import FEWEST, settle_classes
from multigan.recipe.recipe import load_recipe
from multigan.training import train

PICTURES = "image/folder"


def labelled(**counts):
    labels = torch.cat([torch.full((n,), k) for k, n in enumerate(counts.values())])
    return Data(None, Spec("image", (1, 16, 16), tuple(counts)), labels)


def settled(data, *sets, recipe=PICTURES):
    found, lines = settle_classes(load_recipe(recipe, sets), data)
    return found.game.conditional, "\n".join(lines)


def test_balanced_classes_are_used_and_named():
    used, said = settled(labelled(cats=60, dogs=70))
    assert used is True
    assert "2 classes (cats 60, dogs 70)" in said
    assert "--label NAME" in said
    assert "--set game.conditional=false" in said


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ({"cats": FEWEST - 1, "dogs": 70}, "cats has 49 items"),
        ({"cats": FEWEST, "dogs": 10 * FEWEST + 1}, "dogs is 10 times cats"),
        ({"train": 90, "test": 90}, "splits"),
        ({"cats": 90}, "one class"),
    ],
)
def test_classes_that_would_do_harm_are_left_and_the_line_says_why_and_how(counts, why):
    used, said = settled(labelled(**counts))
    assert used is False
    assert why in said
    assert "--set game.conditional=true" in said


def test_what_a_person_says_wins():
    assert settled(labelled(cats=60, dogs=70), "game.conditional=false")[0] is False
    assert settled(labelled(cats=2, dogs=70), "game.conditional=true")[0] is True
    assert "not used; with" in settled(labelled(cats=60, dogs=70), "game.conditional=false")[1]


def test_recipes_that_say_nothing_stay_as_they_were():
    used, said = settled(labelled(a=60, b=60), recipe="image/dcgan")
    assert used is False
    assert "--set game.conditional=true" in said


def test_parts_that_take_no_labels_are_named():
    used, said = settled(labelled(a=60, b=60), 'game.views=[{name="pack"}]', "game.penalties=[]")
    assert used is False
    assert "pack" in said


def test_without_classes_nothing_is_said():
    bare = Data(None, Spec("image", (1, 16, 16)))
    assert settled(bare) == (False, "")


def test_many_classes_are_counted():
    said = settled(labelled(**{f"c{k}": 60 + k for k in range(20)}))[1]
    assert "20 classes (c0 60, c1 61, c2 62, c3 63, c4 64 and 15 more; 60 to 79 each)" in said


def test_names_of_folders_cannot_speak_to_the_terminal():
    assert "\x1b" not in settled(labelled(**{"a\x1b[2J": 60, "b": 60}))[1]


@pytest.fixture
def two_classes(tmp_path):
    for name, grey in (("light", 200), ("dark", 40)):
        folder = tmp_path / "photos" / name
        folder.mkdir(parents=True)
        for number in range(FEWEST):
            Image.new("L", (8, 8), grey + number).save(folder / f"{number}.png")
    return tmp_path / "photos"


TINY = [
    "data.size=8",
    "G.width=4",
    "D.width=4",
    "train.samples=64",
    "train.batch=32",
    "train.sheets=0",
    "train.vitals=0",
]


def test_a_folder_of_classes_becomes_a_generator_that_can_be_asked(two_classes, tmp_path, capsys):
    run = train(PICTURES, run=tmp_path / "run", overrides=[f'data.source="{two_classes}"', *TINY])
    said = capsys.readouterr().err
    assert said.index("2 classes (dark 50, light 50)") < said.index("adversarial:")
    assert "classes are used" in said
    assert load_recipe(str(tmp_path / "run" / "recipe.toml")).game.conditional is True
    assert len(run.generator.generate(2, seed=0, label="dark")) == 2


def test_a_run_is_told_to_leave_the_classes(two_classes, tmp_path, capsys):
    sets = [f'data.source="{two_classes}"', *TINY, "game.conditional=false"]
    run = train(PICTURES, run=tmp_path / "run", overrides=sets)
    assert "classes are not used" in capsys.readouterr().err
    assert not run.generator.conditional

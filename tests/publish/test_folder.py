import numpy as np
import pytest
import torch
from PIL import Image

from multigan.build import build_data
from multigan.core.draw import Draw
from multigan.core.errors import RunError
from multigan.generator.generator import load
from multigan.provenance.labels import read
from multigan.publish.card import CardOptions
from multigan.publish.facts import read_facts
from multigan.publish.folder import write_folder
from multigan.recipe.recipe import load_recipe

RECIPES = ["points/ring", "image/digits", "text/surnames", "audio/drums"]


@pytest.fixture(scope="module")
def folders(tiny_runs, tmp_path_factory):
    made = {}

    def folder(recipe):
        if recipe not in made:
            place = tmp_path_factory.mktemp("published") / "mine"
            made[recipe] = write_folder(load(tiny_runs(recipe)), place, facts=read_facts(tiny_runs(recipe)))
        return made[recipe]

    return folder


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_folder_is_complete_loads_and_shows_labelled_samples(folders, tiny_runs, recipe):
    folder = folders(recipe)
    assert {"README.md", "config.json", "generator.safetensors", "samples"} == {path.name for path in folder.iterdir()}
    assert torch.equal(load(folder).tensors(3, 1), load(tiny_runs(recipe)).tensors(3, 1))
    card = (folder / "README.md").read_text()
    shown = [path for path in (folder / "samples").iterdir() if path.suffix != ".json"]
    assert shown
    for path in shown:
        assert f"samples/{path.name}" in card
        assert read(path)["seed"] == "0"


@pytest.mark.parametrize("recipe", RECIPES)
def test_no_training_item_is_in_the_folder_as_bytes(folders, tiny_runs, recipe):
    data = build_data(load_recipe(str(tiny_runs(recipe) / "recipe.toml")))
    content = b"\0".join(path.read_bytes() for path in folders(recipe).rglob("*") if path.is_file())
    raw = data.items.take(torch.arange(200), Draw(0))
    found = [k for k, item in enumerate(raw) if item.numpy().tobytes() in content and item.numel() > 2]
    assert found == []


def test_no_training_line_is_in_the_folder_of_a_text_generator(folders, tiny_runs):
    data = build_data(load_recipe(str(tiny_runs("text/surnames") / "recipe.toml")))
    generator = load(folders("text/surnames"))
    raw = data.items.take(torch.arange(len(data.items)), Draw(0))
    real = {line for first in range(0, len(raw), 500) for line in lines(generator, raw[first : first + 500], data)}
    shown = (folders("text/surnames") / "samples" / "sheet.txt").read_text().splitlines()
    assert len(real) > 100
    assert real.isdisjoint(shown)
    assert real.isdisjoint(line for line in (folders("text/surnames") / "README.md").read_text().splitlines() if line)
    assert not any(len(entry) > 1 for entry in generator.spec.meta["vocabulary"]["entries"])


def lines(generator, raw, data):
    return generator.modality.render(generator.modality.to_real(raw, data.spec), data.spec)


def test_no_training_picture_is_on_the_sheet(folders, tiny_runs):
    data = build_data(load_recipe(str(tiny_runs("image/digits") / "recipe.toml")))
    sheet = np.asarray(Image.open(folders("image/digits") / "samples" / "sheet.png"), float)
    items = data.items.take(torch.arange(len(data.items)), Draw(0)).flatten(1).numpy().astype(float)
    height, width = data.spec.shape[1:]
    factor = (sheet.shape[1] - 2) // 4 // width
    step = width * factor + 2
    cells = [
        sheet[
            2 + row * step : 2 + row * step + height * factor : factor,
            2 + column * step : 2 + column * step + width * factor : factor,
        ]
        for row in range(4)
        for column in range(4)
    ]
    nearest = [np.sqrt(((items - cell.ravel()) ** 2).mean(1)).min() for cell in cells]
    assert min(nearest) > 0.1 * items.std(0).mean()


def test_a_folder_with_other_things_is_not_touched(tiny_runs, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(RunError, match=r"thesis\.tex"):
        write_folder(load(tiny_runs("points/ring")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(RunError, match="is a file"):
        write_folder(load(tiny_runs("points/ring")), tmp_path / "thesis.tex")


def test_a_picture_of_somebody_among_the_samples_is_not_removed(tiny_runs, tmp_path):
    generator = load(tiny_runs("points/ring"))
    folder = write_folder(generator, tmp_path / "a")
    (folder / "samples" / "mine.png").write_text("chosen by hand")
    with pytest.raises(RunError, match=r"samples/mine\.png"):
        write_folder(generator, folder)
    assert (folder / "samples" / "mine.png").read_text() == "chosen by hand"


def test_a_runs_own_generator_folder_gets_no_card_that_the_run_would_remove(tiny_runs):
    run = tiny_runs("points/ring")
    before = sorted((run / "generator").iterdir())
    with pytest.raises(RunError, match="belongs to a run"):
        write_folder(load(run), run / "generator")
    assert sorted((run / "generator").iterdir()) == before


def test_writing_again_replaces(tiny_runs, tmp_path):
    generator = load(tiny_runs("points/ring"))
    write_folder(generator, tmp_path / "a", options=CardOptions("one"))
    write_folder(generator, tmp_path / "a", options=CardOptions("two"))
    assert "# two" in (tmp_path / "a" / "README.md").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]

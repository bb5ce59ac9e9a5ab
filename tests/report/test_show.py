from multigan.generator.generator import load
from multigan.recipe.recipe import load_recipe
from multigan.report.show import show


def test_without_a_generator_the_reason_is_said():
    found = show(None, "there is <none>", load_recipe("points/ring"), None)
    assert "there is &lt;none&gt;" in found.samples
    assert found.label is None


def test_points_get_a_sheet_and_distances_in_words(run):
    found = show(load(run), "", load_recipe(str(run / "recipe.toml")), None)
    assert "data:image/png" in found.samples
    assert "Distances of 6 samples" in found.neighbours
    assert "Searched among" in found.neighbours
    assert found.label["seed"] == "0"

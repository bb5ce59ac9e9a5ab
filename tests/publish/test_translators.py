"""A generator that is given an input is handed out with the task's name, and without an item of the data."""

from multigan.publish.card import CardOptions
from multigan.publish.facts import read_facts
from multigan.publish.folder import write_folder


def test_the_card_of_a_translator(negatives, tmp_path):
    folder = write_folder(
        negatives.generator, tmp_path / "out", facts=read_facts(negatives.folder), options=CardOptions("me/negatives")
    )
    assert {path.name for path in folder.iterdir()} == {"README.md", "config.json", "generator.safetensors"}
    card = (folder / "README.md").read_text()
    assert "pipeline_tag: image-to-image" in card
    assert "multigan apply me/negatives FILE" in card
    assert "multigan generate" not in card
    assert "inputs with their targets are items of the data" in card
    assert "an input of any size; in training shape (3, 8, 8), read beside the targets" in card
    assert "What it adds is\ninvented" in card

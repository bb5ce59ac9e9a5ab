"""docs/losses.md names what the registries hold, no more and no less."""

import re
from pathlib import Path

import pytest
import torch

from multigan import losses
from multigan.augment import views
from multigan.core.errors import RecipeError
from multigan.plugins import modalities

PAGE = (Path(__file__).parents[2] / "docs" / "losses.md").read_text()


def rows(heading):
    """First two cells of each row of the table under a heading, as lists of the names in backticks."""
    section = PAGE.split(heading, 1)[1].split("\n## ", 1)[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:3] for line in section.splitlines() if line.startswith("| `")]
    return {re.findall(r"`([\w.-]+)`", first)[0]: re.findall(r"`([\w-]+)`", second) for first, second in cells}


@pytest.mark.parametrize(
    ("heading", "registry"),
    [
        ("# Losses", losses.losses),
        ("## Penalties", losses.penalties),
        ("## Matching", losses.matching),
        ("## Constraints", losses.constraints),
        ("## Reductions", losses.reductions),
        ("## Views", views),
    ],
)
def test_names_and_aliases_are_those_of_the_registry(heading, registry):
    table = rows(heading)
    table.pop("game.loss", None)
    assert sorted(table) == registry.names()
    aliased = registry.aliases.values()
    for name, others in table.items() if aliased or heading == "# Losses" else ():
        known = {alias for alias, target in registry.aliases.items() if target == name}
        assert set(others) == known, name


@pytest.mark.parametrize("name", losses.losses.names())
def test_smoothing_is_offered_where_the_table_says_so(name):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}`")]
    try:
        losses.losses.get(name).d(torch.zeros(2), torch.zeros(2), smoothing=0.1)
        offered = "yes"
    except RecipeError:
        offered = "no"
    assert row.split("|")[5].strip() == offered


@pytest.mark.parametrize("modality", modalities.names())
def test_augmentations_are_those_of_the_modality_and_bold_where_usual(modality):
    listed = re.search(rf"{modality}: ([^;.]*)[;.]", PAGE.split("## Views", 1)[1])[1]
    plugin = modalities.get(modality)
    assert sorted(re.findall(r"`([\w-]+)`", listed)) == sorted(plugin.augmentations)
    assert tuple(re.findall(r"\*\*`([\w-]+)`\*\*", listed)) == plugin.augmentation_policy

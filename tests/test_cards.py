"""Recipe cards: one for each recipe that ships, and no number that does not stand in the page it is from."""

import re
from pathlib import Path

import pytest

from multigan.recipe.recipe import load_recipe, recipe_names

CARDS = Path(__file__).parent.parent / "docs" / "cards"
ROWS = ["data", "nets, loss", "budget", "command", "took", "result", "from"]
NUMBER = re.compile(r"(?<![\w.,])-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d))(?!\w)")
SHIPPED = [name for name in recipe_names() if name.startswith(("image/", "text/", "audio/", "points/"))]


def card_of(name):
    """The rows of a recipe's card."""
    page = (CARDS / f"{name.split('/')[0]}.md").read_text()
    found = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cards/{name.split('/')[0]}.md has no card '## {name}'"
    return dict(re.findall(r"^\| ([^|]+?) \| ?(.*?) ?\|$", found[1], re.MULTILINE))


def numbers_in(text):
    return set(NUMBER.findall(text.replace("−", "-")))


def test_numbers_are_found():
    text = "225 s (267 samples/s), .071, -.012; 1,474 of 10,000, 98.889 % and MNIST28, 3x"
    assert numbers_in(text) == {"225", "267", ".071", "-.012", "1,474", "10,000", "98.889"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_recipe_has_a_card_with_all_rows(name):
    assert list(card_of(name)) == ROWS


@pytest.mark.parametrize("page", ["image", "text", "audio", "points"])
def test_every_card_is_of_a_recipe_that_ships(page):
    named = re.findall(r"^## (.+)$", (CARDS / f"{page}.md").read_text(), re.MULTILINE)
    assert sorted(named) == [name for name in sorted(SHIPPED) if name.startswith(f"{page}/")]


def test_the_index_names_every_card():
    assert {name for name in SHIPPED if f"`{name}`" not in (CARDS / "index.md").read_text()} == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_card_says_what_its_recipe_says(name):
    card, recipe = card_of(name), load_recipe(name)
    budgets = [recipe.train.samples, recipe.train.batch, *(phase.samples for phase in recipe.phases)]
    assert numbers_in(card["budget"]) == {f"{number:,}" for number in budgets}
    words = re.findall(r"`([^`]+)`", card["nets, loss"])
    penalties = [term.name for term in recipe.game.penalties]
    assert set(words) == {recipe.G.net, recipe.D.net, recipe.game.loss, *penalties}
    assert card["command"] == f"`multigan train {name}`" or "/" in card["command"] or "my-" in card["command"]


@pytest.mark.parametrize("name", SHIPPED)
def test_measured_numbers_stand_in_the_page_they_are_from(name):
    card = card_of(name)
    pages = re.findall(r"\]\(([^)]+)\)", card["from"])
    source = set().union(*(numbers_in((CARDS / page.partition("#")[0]).read_text()) for page in pages))
    invented = numbers_in(f"{card['took']} {card['result']}") - source
    assert invented == set()
    assert pages or (card["took"], card["result"]) == ("not measured", "not measured")

import doctest
import re
import subprocess
import sys

import pytest

from multigan.core.errors import UnknownNameError
from multigan.recipe import cite
from multigan.recipe.recipe import load_recipe, recipe_names


def test_the_docstring_is_true():
    assert doctest.testmod(cite).failed == 0


def test_an_unknown_work_suggests_one():
    with pytest.raises(UnknownNameError, match="goodfellow2014"):
        cite.bibtex(["goodfelow2014"])


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_can_be_cited(name):
    keys = load_recipe(name).cite
    assert keys
    assert cite.bibtex(keys).count("@") == len(set(keys))


def test_the_works_are_sorted_and_every_field_is_filled():
    assert list(cite.works()) == sorted(cite.works())
    for key, entry in cite.works().items():
        fields = dict(re.findall(r"^  (\w+) = {(.+)},$", entry, re.MULTILINE))
        kind = "misc" if "howpublished" in fields else "inproceedings"
        assert entry.startswith(f"@{kind}{{{key},\n")
        assert set(fields) == {"author", "title", "year", "howpublished" if kind == "misc" else "booktitle"}
        assert key.rstrip("abcdefghijklmnopqrstuvwxyz").endswith(fields["year"]), key
        assert fields["title"].startswith("{")
        assert entry.count("{") == entry.count("}")


def test_citing_needs_no_torch():
    code = "import sys; from multigan.recipe.cite import bibtex; bibtex(['huang2024']); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_conference_paper_has_the_title_of_its_proceedings():
    """ICML's is not that of the preprint, "Wasserstein GAN"."""
    entry = cite.bibtex(["arjovsky2017"])
    assert "title = {{Wasserstein Generative Adversarial Networks}}" in entry
    assert "booktitle = {ICML}" in entry

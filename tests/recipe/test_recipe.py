import re
import subprocess
import sys

import pytest

from multigan.core.errors import RecipeError, UnknownNameError
from multigan.recipe.recipe import dumps, fingerprint, load_recipe, recipe_names

TEXT = """title = "mine"
modality = "points"
cite = ["lin2018"]

[data]
source = "ring"
radius = 2.0

[G]
net = "mlp"
width = 128

[D]
net = "mlp"

[game]
loss = "relativistic"
penalties = [
  { name = "r1", weight = 0.1 },
  { name = "gp", weight = "auto", every = 4, centre = 0 },
]

[optim.D]
lr = 1e-3

[[phases]]
name = "warm"
turns = ["d"]
samples = 5
lr = 0.5

[train]
samples = 1000
"""


@pytest.fixture
def recipe_file(tmp_path):
    def write(text=TEXT, name="mine.toml"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_a_recipe_survives_being_written_and_read(recipe_file):
    recipe = load_recipe(recipe_file())
    again = load_recipe(recipe_file(dumps(recipe), "again.toml"))
    assert again == recipe
    assert fingerprint(again) == fingerprint(recipe)
    assert recipe.G.options == {"width": 128}
    assert recipe.game.penalties[1].options == {"centre": 0}


TYPOS = [
    ('title = "mine"', 'titel = "mine"', 1, "title"),
    ("modality =", "modalty =", 2, "modality"),
    ("cite =", "cites =", 3, "cite"),
    ("[data]", "[dta]", 5, "data"),
    ("[game]", "[gmae]", 16, "game"),
    ("[optim.D]", "[optm.D]", 23, "optim"),
    ("[optim.D]\n", "[optim]\nlrr = 3\n[optim.D]\n", 24, "lr"),
    ("lr = 1e-3", "lrr = 1e-3", 24, "lr"),
    ("lr = 1e-3", "beta = [0.0, 0.9]", 24, "betas"),
    ("[[phases]]", "[[phase]]", 26, "phases"),
    ("turns =", "turn =", 28, "turns"),
    ("samples = 5", "sample = 5", 29, "samples"),
    ("lr = 0.5", "lr_ = 0.5", 30, "lr"),
    ("[train]", "[trian]", 32, "train"),
    ("samples = 1000", "smaples = 1000", 33, "samples"),
    ("samples = 1000", "bacth = 10", 33, "batch"),
    ("samples = 1000", "ema_halflife = 10", 33, "ema_halflife_samples"),
    ("samples = 1000", "ncritic = 10", 33, "n_critic"),
    ("samples = 1000", "Seed = 10", 33, "seed"),
    ("samples = 1000", "checkpoint = 10", 33, "checkpoints"),
]


@pytest.mark.parametrize(("old", "new", "line", "right"), TYPOS, ids=[typo[1] for typo in TYPOS])
def test_a_typo_is_named_with_its_line_and_the_right_key(recipe_file, old, new, line, right):
    with pytest.raises(RecipeError) as caught:
        load_recipe(recipe_file(TEXT.replace(old, new)))
    assert f"mine.toml:{line}: unknown key" in str(caught.value)
    assert re.search(rf"\b{right}\b", str(caught.value).partition("unknown key")[2].partition(";")[2])


VALUES = [
    ("samples = 1000", "samples = -1", 33),
    ("samples = 1000", 'samples = "many"', 33),
    ("weight = 0.1", 'weight = "x"', 19),
    ("every = 4", "every = 0", 20),
    ("lr = 1e-3", "lr = 0", 24),
    ('source = "ring"', "source = 3", 6),
    ('modality = "points"', "modality = 3", 2),
    ("lr = 1e-3", 'name = "adm"', 24),
]


@pytest.mark.parametrize(("old", "new", "line"), VALUES, ids=[value[1] for value in VALUES])
def test_a_wrong_value_is_named_with_its_line(recipe_file, old, new, line):
    with pytest.raises(RecipeError, match=rf"mine\.toml:{line}: .*expected"):
        load_recipe(recipe_file(TEXT.replace(old, new)))


@pytest.mark.parametrize("override", ["train.bacth=3", "optim.D.lrr=1", "trian.batch=3", "game.penalties=[{nam=3}]"])
def test_a_wrong_override_is_quoted(recipe_file, override):
    with pytest.raises(RecipeError, match="--set "):
        load_recipe(recipe_file(), [override])


@pytest.mark.parametrize("override", ["train.batch", "=3", ".=3", "title.x=3"])
def test_a_malformed_override_says_how_to_write_one(recipe_file, override):
    with pytest.raises(RecipeError, match=r"table\.key=value"):
        load_recipe(recipe_file(), [override])


def test_overrides_win_and_take_toml_values_or_bare_words(recipe_file):
    recipe = load_recipe(
        recipe_file(),
        ["train.batch=7", "data.source=my folder/x", "G.width=9", "optim.betas=[0.5, 0.9]", "train.batch=8"],
    )
    assert recipe.train.batch == 8
    assert recipe.data.source == "my folder/x"
    assert recipe.G.options["width"] == 9
    assert recipe.optim.for_player("G")["betas"] == (0.5, 0.9)


def test_numbers_may_begin_with_their_point(recipe_file):
    sets = ["optim.betas=[.5, .9]", "optim.lr=.001", "title=.x", "data.source=a/.5"]
    recipe = load_recipe(recipe_file(), sets)
    assert recipe.optim.for_player("G")["betas"] == (0.5, 0.9)
    assert (recipe.optim.for_player("G")["lr"], recipe.title, recipe.data.source) == (0.001, ".x", "a/.5")


def test_missing_tables_are_named(recipe_file):
    with pytest.raises(RecipeError, match="'G' is missing"):
        load_recipe(recipe_file(TEXT.replace('[G]\nnet = "mlp"\nwidth = 128\n', "")))


def test_broken_toml_says_where(recipe_file):
    with pytest.raises(RecipeError, match=r"not TOML.*line 2"):
        load_recipe(recipe_file("title = 'x'\nmodality = = 3"))


def test_extends_merges_one_level(recipe_file):
    recipe_file()
    child = 'extends = "mine"\ntitle = "child"\n[train]\nbatch = 5\n[G]\nnet = "other"\nnz = 3\n'
    recipe = load_recipe(recipe_file(child, "child.toml"))
    assert (recipe.title, recipe.train.batch, recipe.train.samples) == ("child", 5, 1000)
    assert recipe.G.options == {"nz": 3}  # another net has other options
    with pytest.raises(RecipeError, match="one level"):
        load_recipe(recipe_file('extends = "child"\ntitle = "grandchild"', "grandchild.toml"))


def test_the_fingerprint_follows_what_decides_the_weights(recipe_file):
    base = fingerprint(load_recipe(recipe_file()))
    for same in ("title=x", "train.sheets=3", "train.checkpoints=3"):
        assert fingerprint(load_recipe(recipe_file(), [same])) == base
    for other in ("train.batch=3", "G.width=3", "train.seed=3", "game.loss=hinge"):
        assert fingerprint(load_recipe(recipe_file(), [other])) != base


def test_an_unknown_recipe_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="points/ring"):
        load_recipe("points/rinf")


def test_plugins_and_folders_add_recipes(recipe_file, tmp_path, monkeypatch):
    recipe_file()
    monkeypatch.setenv("MULTIGAN_RECIPES", str(tmp_path))
    assert "mine" in recipe_names()
    assert load_recipe("mine").title == "mine"


def test_reading_a_recipe_costs_no_torch():
    code = "import sys, multigan.recipe.recipe as r; r.load_recipe('points/ring'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


TWO = 'phases=[{name="a", turns=["mle"], samples=64}, {name="b", turns=["mle"], samples=64}]'


def test_entries_of_lists_are_set_by_their_names():
    recipe = load_recipe("text/surnames", [TWO, "phases.b.samples=32", "phases.b.lr=0.5", "phases.a.samples=16"])
    assert [(phase.name, phase.samples, phase.lr) for phase in recipe.phases] == [("a", 16, None), ("b", 32, 0.5)]
    assert load_recipe("points/ring", ["game.penalties.r1.weight=7"]).game.penalties[0].weight == 7


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["pretrain.samples=3"], "unknown key 'pretrain'; it is a phase: type --set phases.pretrain.samples=N"),
        (["train.pretrain=3"], "type --set phases.pretrain.samples=N"),
        (["phases.pre.samples=3"], "no one entry 'pre'; expected one of 'pretrain'"),
        (["phases.pretrain.samples=-3"], "type --set phases.pretrain.samples=VALUE"),
        (["phases.pretrain=3"], "list.NAME.key=value"),
        (["train.batch.x=3"], "'x' is in no table"),
        ([TWO.replace('"b"', '"a"'), "phases.a.samples=3"], "no one entry 'a'"),
        ([TWO.replace('"b"', '"a"'), "phases=[{samples=0, turns=['mle'], name='x'}]"], "phases.x.samples = 0"),
    ],
)
def test_what_is_set_wrongly_in_a_list_is_said_as_it_is_typed(overrides, said):
    with pytest.raises(RecipeError, match=re.escape(said)):
        load_recipe("text/surnames", overrides)


def test_a_run_in_place_of_a_recipe_is_told_the_recipe_in_it(tmp_path):
    (tmp_path / "recipe.toml").write_text("")
    with pytest.raises(UnknownNameError, match=rf"is a run, no recipe; .*type {tmp_path}/recipe\.toml"):
        load_recipe(str(tmp_path))

"""What is wrong with a recipe is said with its line, or its override, and the nearest right word; no data is read."""

import pytest

from multigan.build import build_data, build_trainer, check
from multigan.core.errors import DataError, MultiGANError, RecipeError, UnknownNameError
from multigan.doctor.inspect import inspect_data
from multigan.recipe.recipe import load_recipe
from multigan.training import train

TEXT = '''title = "[G] width = 3, wieght"
modality = "points"
summary = """\\
[G] \\
width = 'x' \\
"""
[data]
source = "ring"
radius = 2.0
[G]
net = "mlp"
width = 16
[D]
net = "mlp"
width = 16
[game]
loss = "relativistic"
penalties = [
  { name = "r1", weight = 0.1 },
  { name = "r2", weight = 0.2, every = 4 },
]
views = [
  { name = "jitter" },
  { name = "instance-noise", sigma = 0.1 },
]
[[game.constraints]]
name = "clip"
limit = 0.1
[[game.constraints]]
name = "clip"
limit = 0.2
[optim]
lr = 1e-3
[optim.D]
lr = 1e-4
[[phases]]
name = "warm"
turns = ["d"]
samples = 64
[[phases]]
name = "cool down"
turns = [
  "d",
  "g",
]
samples = 65
[train]
samples = 256
batch = 32
'''.replace('  { name = "jitter" },\n', '  { name = "augment", policy = ["jitter"] },\n')

G, D, TRAIN = '[G]\nnet = "mlp"\nwidth = 16\n', '[D]\nnet = "mlp"\nwidth = 16\n', "batch = 32\n"
MEANT_WIDTH = "did you mean 'width'?"

WRONG = [
    # What stands there, what is written in its place (the wrong line is marked), what is said after the line.
    (G, '[G]\nnet = "mlp"\nwidth = "x" #!\n', "G.width = 'x'; expected a valid integer"),
    (D, '[D]\nnet = "mlp"\nwidth = "x" #!\n', "D.width = 'x'; expected a valid integer"),
    (G, '[G]\nnet = "mlp"\nwidht = 16 #!\n', f"G.widht is no option here; {MEANT_WIDTH}"),
    (D, '[D]\nnet = "mlp"\nwidht = 16 #!\n', f"D.widht is no option here; {MEANT_WIDTH}"),
    (D, '[D]\nnet = "mlp"\nlayerz = 3 #!\n', "D.layerz is no option here; did you mean 'layers'?"),
    (D, '[D]\nnet = "mlp"\nspectral_nrm = true #!\n', "did you mean 'spectral_norm'?"),
    (D, '[D]\nnet = "mlp"\nwidth = 0 #!\n', "D.width = 0; expected a whole number from 1 to"),
    (D, '[D]\nnet = "mlp"\nminibatch_std = 1 #!\n', "D.minibatch_std = 1; expected groups of 2 or more"),
    (G, '[G]\nnet = "mpl" #!\n', "G.net = 'mpl' is no net of modality 'points'; did you mean 'mlp'"),
    (D, '[D]\nnet = "mpl" #!\n', "D.net = 'mpl' is no net of modality 'points'; did you mean 'mlp'"),
    (G, '[G]\nnet = "mlp"\n"width" = 99999999999999999999 #!\n', "G.width: a whole number of 67 bits"),
    ('modality = "points"', 'modality = "pointz" #!', "there is no modality 'pointz'; did you mean 'points'?"),
    ("radius = 2.0", "radus = 2.0 #!", "data.radus is no option here; did you mean 'radius'?"),
    ("radius = 2.0", "soruce = 2.0 #!", "data.soruce is no option here; did you mean 'source'?"),
    ("radius = 2.0", "radius = -2.0 #!", "data.radius = -2.0; expected a number above 0"),
    ('"relativistic"', '"relativistc" #!', "game.loss: there is no loss 'relativistc'; did you mean 'relativistic'"),
    ('"r2", weight = 0.2, every = 4 },', '"r3" }, #!', "there is no penalty 'r3'; choose from consistency"),
    ('"r2", weight = 0.2, every = 4 },', '"dragn" }, #!', "there is no penalty 'dragn'; did you mean 'dragan'?"),
    (
        '"r2", weight = 0.2, every = 4 },',
        '"r2", wieght = 1 }, #!',
        "penalties.r2.wieght is no option here; did you mean 'w",
    ),
    (
        '"r2", weight = 0.2, every = 4 },',
        '"r2", evry = 1 }, #!',
        "penalties.r2.evry is no option here; did you mean 'every'",
    ),
    ('"r2", weight = 0.2, every = 4 },', '"r1", wieght = 1 }, #!', "game.penalties.1.wieght is no option here"),
    ('"r2", weight = 0.2, every = 4 },', '"lecam", decay = 1 }, #!', "game.penalties.lecam.decay"),
    (
        '["jitter"] },',
        '[\n"jitter",\n"jiter", #!\n] },',
        "names 'jiter', no augmentation of 'points'; did you mean 'jitter'?",
    ),
    ('["jitter"] },', '["jitter"], p = 2 }, #!', "game.views.augment.p: augment with p = 2.0"),
    (
        '"instance-noise", sigma = 0.1 },',
        '"instance-nois" }, #!',
        "there is no view 'instance-nois'; did you mean 'inst",
    ),
    ("sigma = 0.1 },", "sigm = 0.1 }, #!", "game.views.instance-noise.sigm is no option here; did you mean 'sigma'?"),
    ("limit = 0.2", "limt = 0.2 #!", "game.constraints.1.limt is no option here; did you mean 'limit'?"),
    ("limit = 0.1", "limit = 'x' #!", "game.constraints.0.limit = 'x'; expected a valid number"),
    (
        '"clip"\nlimit = 0.2',
        '"clp" #!',
        "game.constraints.clp.name: there is no constraint 'clp'; did you mean 'clip'?",
    ),
    ("[game]", "[game]\nmatching = [\n{name = 'feature-matchin'}, #!\n]", "did you mean 'feature-matching'?"),
    ("[game]", "[game]\nreduction = { name = 'topk' } #!", "there is no reduction 'topk'; did you mean 'top-k'?"),
    ("[game]", "[game]\nreduction = { name = 'top-k', nu = 0 } #!", "game.reduction.nu"),
    ("[game]", "[game]\nname = 'adversaria' #!", "there is no game 'adversaria'; did you mean 'adversarial'?"),
    ("[game]", "[game]\nlos = 'hinge' #!", "game.los is no option here; did you mean 'loss'?"),
    ("[game]", "[game]\nlabel_smoothing = 0.1 #!", "game.label_smoothing = 0.1 with loss 'relativistic'"),
    ("[game]", "[game]\nconditional = true #!", "G.net = 'mlp' takes no labels"),
    ("views = [", "name = 'policy-gradient'\nviews = [ #!", "has no place for game.views"),
    ("[optim.D]", "[optim.F] #!", "optim.F is for nobody; expected a player of the game 'adversarial'"),
    ("[optim.D]\nlr = 1e-4", "[optim.D]\nschedule = 'cosin' #!", "optim.D.schedule = 'cosin'"),
    ("[optim]\nlr = 1e-3", "[optim]\nname = 'adm' #!", "did you mean 'adam'"),
    (
        'turns = ["d"]',
        'turns = ["dd"] #!',
        "phases.warm.turns names 'dd'; expected a turn of the game 'adversarial'; did",
    ),
    ('  "g",\n', '  "gg", #!\n', "phases.cool down.turns names 'gg'; expected a turn of the game 'adversarial'; did"),
    ("samples = 65", "samples = 0 #!", "phases.cool down.samples = 0"),
    ("samples = 64", "sampels = 64 #!", "unknown key 'phases.warm.sampels'; did you mean 'samples'?"),
    (TRAIN, "batch = 32 #!\naccumulate = 5\n", "train.batch = 32 does not divide into 5 micro-batches"),
    (
        TRAIN,
        "batch = 32\nloggers = [\n 'tensorboard',\n 'tensorbord', #!\n]\n",
        "no logger 'tensorbord'; did you mean 'te",
    ),
    (TRAIN, "device = 'gpu' #!\n", "train.device = 'gpu' is not on this machine"),
]


@pytest.fixture
def write(tmp_path):
    def file(old="", new="", name="x.toml", text=TEXT):
        assert text.count(old) >= 1, old
        (tmp_path / name).write_text(text.replace(old, new, 1))
        return tmp_path / name

    return file


def test_the_recipe_is_right_before_it_is_made_wrong(write):
    check(load_recipe(str(write())))


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_the_line_is_that_of_the_key(write, old, new, said):
    path = write(old, new)
    line = next(k for k, text in enumerate(path.read_text().split("\n"), 1) if "#!" in text)
    with pytest.raises(MultiGANError) as caught:
        check(load_recipe(str(path)))
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


SETS = [
    (["G.width=x"], "G.width = 'x'; expected a valid integer"),
    (["D.width=3", "G.width=3", "G.width=y"], "G.width = 'y'"),
    (["D.layerz=3"], "did you mean 'layers'?"),
    (["modality=pointz"], "did you mean 'points'?"),
    (["game.loss=relativistc"], "did you mean 'relativistic'"),
    (["game.penalties.r2.name=r3"], "there is no penalty 'r3'"),
    (["game.penalties.r2.wieght=3"], "did you mean 'weight'?"),
    (["game.penalties.1.wieght=3"], "did you mean 'weight'?"),
    (["game.constraints.1.limt=3"], "game.constraints.1.limt is no option here; did you mean 'limit'?"),
    (['game.views=[{name="augment", policy=["jiter"]}]'], "did you mean 'jitter'?"),
    (["phases.warm.turns=['dd']"], "did you mean 'd'?"),
    (["phases.1.turns=['dd']"], "phases.cool down.turns names 'dd'"),
    (["optim.F.lr=1"], "optim.F is for nobody"),
    (["optim.F={lr=1}"], "optim.F is for nobody"),
    (
        ["train.samples=9", "train.batch=33", "game.views=[{name='pack'}]", "train.batch=31"],
        "type --set train.batch=32",
    ),
]


@pytest.mark.parametrize(("overrides", "said"), SETS, ids=[overrides[-1] for overrides, _ in SETS])
def test_what_was_typed_is_quoted(write, overrides, said):
    with pytest.raises(MultiGANError) as caught:
        check(load_recipe(str(write()), overrides))
    assert str(caught.value).startswith(f"--set {overrides[-1]}: ")
    assert said in str(caught.value)


def test_what_a_recipe_inherits_is_wrong_in_the_other_file(write):
    parent = write('net = "mlp"\nwidth = 16\n[D]', 'net = "mlp"\nwidth = "x"\n[D]', "parent.toml")
    child = write(name="child.toml", text='extends = "parent"\n[G]\nlayers = 2\n')
    with pytest.raises(RecipeError) as caught:
        check(load_recipe(str(child)))
    assert str(caught.value).startswith(f"{parent}:12: G.width = 'x'")
    child = write(name="child.toml", text='extends = "parent"\n[G]\nlayers = 2\nwidth = "y"\n')
    with pytest.raises(RecipeError) as caught:
        check(load_recipe(str(child)))
    assert str(caught.value).startswith(f"{child}:4: G.width = 'y'")


def test_training_and_the_doctor_say_so_before_any_data_is_read(write, tmp_path):
    path = write("[optim.D]", "[optim.F]")
    with pytest.raises(RecipeError, match=r"x\.toml:\d+: optim\.F is for nobody"):
        train(path, run=tmp_path / "run", overrides=["data.source=nowhere"], quiet=True)
    assert not (tmp_path / "run").exists()
    (tmp_path / "unreadable.npy").write_bytes(b"x")
    with pytest.raises(RecipeError, match=r"x\.toml:\d+: optim\.F is for nobody"):
        inspect_data(tmp_path / "unreadable.npy", recipe=str(path))


@pytest.mark.parametrize(
    ("said", "sets", "place"),
    [("pointz", [], "x.toml:2: "), ("points", ["modality=pointz"], "--set modality=pointz: ")],
)
def test_training_says_where_a_modality_is_named_that_there_is_not(write, tmp_path, said, sets, place):
    path = write('modality = "points"', f'modality = "{said}"')
    with pytest.raises(UnknownNameError) as caught:
        train(path, run=tmp_path / "run", overrides=sets, quiet=True)
    assert f"{place}there is no modality 'pointz'; did you mean 'points'?" in str(caught.value)


PLAIN = """title = "x"
modality = "{modality}"
[data]
source = "{source}"
{data}
[G]
net = "{net}"
[D]
net = "{net}"
[train]
batch = 8
samples = 8
"""


def test_what_needs_the_data_has_its_line_too(write):
    path = write("radius = 2.0", "n = 100\nholdout = 5000")
    recipe = load_recipe(str(path))
    with pytest.raises(RecipeError) as caught:
        build_trainer(recipe, build_data(recipe))
    assert str(caught.value).startswith(f"{path}:10: data.holdout = 5000.0 of 100 items")


def test_a_column_that_a_file_lacks_has_its_line(write, tmp_path):
    (tmp_path / "names.csv").write_text("name,age\nada,3\nbob,4\n")
    data = "column = 'nam' #!"
    text = PLAIN.format(modality="text", source=tmp_path / "names.csv", net="x", data=data)
    path = write(text=text)
    with pytest.raises(DataError) as caught:
        build_data(load_recipe(str(path)))
    assert str(caught.value).startswith(f"{path}:5: data.column: ")


def test_labels_that_the_data_lacks_are_asked_for_in_their_line(write, tmp_path):
    (tmp_path / "points.csv").write_text("0,1\n" * 9)
    text = PLAIN.format(modality="points", source=tmp_path / "points.csv", net="mlp", data="")
    path = write(text=text + "[game]\nconditional = true\n")
    with pytest.raises(RecipeError) as caught:
        build_data(load_recipe(str(path)))
    assert str(caught.value).startswith(f"{path}:14: game.conditional = true, but the data has no labels")

"""`[input]` from the recipe to a trainer: layouts, errors with their place, fingerprints, exact resume."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

import multigan
from multigan import build_data, build_trainer
from multigan.build import check
from multigan.core.draw import Draw
from multigan.core.errors import DataError, MultiGANError, RecipeError
from multigan.doctor.inspect import inspect_data
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet
from multigan.inputs.assemble import read_data
from multigan.plugins import modalities
from multigan.plugins.choose import sniff
from multigan.recipe.recipe import dumps, fingerprint, load_recipe

SMALL = ["G.width=4", "D.width=4", "train.batch=4", "train.samples=32", "train.vitals=2", "train.sheets=1"]
MADE = ['input={degrade=[{name="noise"}, {name="hole"}]}', "G={net='unet'}", "D={net='patch'}", "game.loss=hinge"]
MADE += ['game.matching=[{name="l1", weight=10.0}]']


def picture(value, size=(16, 16)):
    return Image.fromarray(np.full((size[1], size[0], 3), value, np.uint8))


def sides(folder, names="abcdefgh", *, one="A", other="B"):
    """Pairs whose input has 100 more than its target."""
    for side, more in ((one, 100), (other, 0)):
        (folder / side).mkdir(parents=True)
        for k, name in enumerate(names):
            picture(10 * k + more).save(folder / side / f"{name}.{'png' if more else 'bmp'}")
    return folder


def of(folder, *sets):
    as_they_are = ["data.flip=false", "data.jitter=0"]
    return load_recipe("image/pairs", [f'data.source="{folder}"', *as_they_are, *SMALL, *sets])


def differences(data):
    batch = data.inputs.take(torch.arange(len(data.items)), multigan.Draw(0)).int()
    return batch - data.items.take(torch.arange(len(data.items)), multigan.Draw(0)).int()


def test_folders_of_pairs_whatever_their_endings(tmp_path):
    (sides(tmp_path) / "B" / "c.bmp").write_bytes(b"broken")
    picture(0).save(tmp_path / "A" / "zz.png")
    data = build_data(of(tmp_path))
    assert len(data.items) == 7
    assert (differences(data) == 100).all()
    assert data.report[0].startswith(f"{tmp_path}: A/ as inputs and B/ as targets, 8 pairs by name")
    assert "2 inputs without a target, left out: c, zz" in data.report
    assert data.root == tmp_path
    assert len(data.files) == 16 - 1 + 1
    assert (differences(build_data(of(tmp_path, "input.swap=true"))) == -100).all()
    with pytest.raises(DataError, match="2 inputs without a target"):
        build_data(of(tmp_path, "input.pairs=true"))


def test_files_of_two_halves(tmp_path):
    for k in range(3):
        both = Image.new("RGB", (32, 16))
        both.paste(picture(10 * k), (0, 0))
        both.paste(picture(10 * k + 100), (16, 0))
        both.save(tmp_path / f"{k}.png")
    data = build_data(of(tmp_path))
    assert data.spec.shape == data.inputs.spec.shape == (3, 16, 16)
    assert (differences(data) == -100).all()
    assert (differences(build_data(of(tmp_path, "input.swap=true"))) == 100).all()
    assert len(data.files) == 3
    assert sniff(tmp_path).recipe == "image/pairs"
    assert "twice as wide as high: pairs, the left half as input" in sniff(tmp_path).reason


def test_sides_may_lie_anywhere_and_have_options_of_their_own(tmp_path):
    sides(tmp_path, one="x", other="y")
    recipe = of(tmp_path / "y", f'input.source="{tmp_path / "x"}"', "input.channels=1", "data.size=8")
    data = build_data(recipe)
    assert (data.spec.shape, data.inputs.spec.shape) == ((3, 8, 8), (1, 8, 8))
    check(recipe)


def test_what_a_folder_holds_is_told_before_it_is_trained(tmp_path):
    choice = sniff(sides(tmp_path))
    assert choice.recipe == "image/pairs"
    assert choice.reason == f"{tmp_path} holds A/ as inputs and B/ as targets, 8 pairs by name"


def test_no_pairs_is_an_error_with_a_way_out(tmp_path):
    picture(0).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"holds no pairs.*--set input\.source=FOLDER"):
        build_data(of(tmp_path))


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (["input.swop=true"], "input.swop is no option here"),
        (["input.pairs=3"], "input.pairs = 3; expected 'auto', True or False"),
        (["input.judged=true", "input.pairs=false"], "false: D cannot see together what is no pair"),
        (["game.matching=[{name='l1'}]", "input.pairs=false", "input.judged=false"], "game.matching = l1 beside"),
        (["input={degrade=[{name='noise'}], pairs=false, judged=false}"], "remove pairs: what is degraded"),
        (["game.name=cycle", "game.matching=[]"], "type --set input.pairs=false"),
        (["input.degrade=[{name='gray'}]"], "no degradation 'gray'; did you mean 'grey'"),
        (["input.degrade=[{name='hole', least=2}]"], "input.degrade.hole.least = 2"),
        (["G={net='dcgan'}"], "and the recipe has [input]; expected one of colourist, filler, resnet, rrdb"),
        (["phases=[{name='p', turns=['fit'], samples=8}]", "game.matching=[]"], "matching terms that ask no D"),
        (["game.name=autoencoding", "game.matching=[]"], "a game whose G is given an input"),
        (["game.conditional=true"], "takes no labels"),
    ],
)
def test_what_is_wrong_is_said_before_data_is_read_with_its_place(sets, words):
    with pytest.raises(MultiGANError) as caught:
        check(load_recipe("image/pairs", sets))
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"--set {sets[0]}") or "conditional" in sets[0]


def test_a_line_of_a_file_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "image/pairs"\n[input]\njudged = true\ndegrade = [\n  { name = "grey", x = 1 },\n]\n')
    with pytest.raises(RecipeError, match=r"mine\.toml:5: input\.degrade\.grey\.x is no option"):
        check(load_recipe(str(path)))
    with pytest.raises(RecipeError, match=r"net = 'unet' needs an input; expected one of dcgan, residual"):
        check(load_recipe("image/digits", ["G={net='unet'}"]))


def test_a_recipe_without_inputs_is_as_it_was():
    assert fingerprint(load_recipe("points/ring")) == "c49cc4a339b8d4eaf1a83e06fede64e49ed037b72636cb82f585d33475259bd5"
    recipe = load_recipe("image/digits")
    assert "input" not in dumps(recipe)
    made = load_recipe("image/digits", MADE)
    assert load_recipe_from(made) == made
    assert fingerprint(made) != fingerprint(recipe)


def load_recipe_from(recipe):
    import tomllib

    return type(recipe).model_validate(tomllib.loads(dumps(recipe)))


def of_sets(folder, *sets):
    return load_recipe("image/unpaired", [f'data.source="{folder}"', *SMALL, "G.blocks=1", *sets])


def test_two_sets_without_pairs_by_their_folders(tmp_path):
    sides(tmp_path, one="trainA", other="trainB")
    for name in "abc":
        (tmp_path / "trainA" / f"{name}.png").rename(tmp_path / "trainA" / f"x{name}.png")
    choice = sniff(tmp_path)
    assert (choice.recipe, "inputs, 8 in trainA/, and targets, 8 in trainB/, no pairs" in choice.reason) == (
        "image/unpaired",
        True,
    )
    data = build_data(of_sets(tmp_path))
    assert not data.inputs.aligned
    assert "8 inputs and 8 targets, no pairs" in data.report
    assert (len(data.files), data.root) == (16, tmp_path)
    raw = [one.take(torch.arange(8), multigan.Draw(0)).float().mean() for one in (data.inputs.other.items, data.items)]
    assert float(raw[0] - raw[1]) == pytest.approx(100)
    turned = build_data(of_sets(tmp_path, "input.swap=true"))
    assert turned.items.take(torch.arange(8), multigan.Draw(0)).float().mean() == raw[0]


def test_classes_stay_classes_unless_two_sets_are_asked_for(tmp_path):
    sides(tmp_path / "in", "abcd", one="cats", other="dogs")
    assert sniff(tmp_path / "in").recipe == "image/folder"
    assert len(build_data(of_sets(tmp_path / "in")).items) == 4
    apart = of_sets(tmp_path / "in" / "dogs", f'input.source="{tmp_path / "in" / "cats"}"')
    assert len(build_data(apart).inputs.other.items) == 4
    with pytest.raises(DataError, match=r"holds no two sets.*--set input\.source=FOLDER"):
        build_data(of_sets(tmp_path))


def test_the_embedded_sets_need_no_files_and_can_be_swapped():
    data, turned = (build_data(load_recipe("image/unpaired", sets)) for sets in ([], ["input.swap=true"]))
    assert (len(data.items), len(data.inputs.other.items)) == (898, 899)
    assert (len(turned.items), len(turned.inputs.other.items)) == (899, 898)
    assert load_recipe_from(load_recipe("image/unpaired")).input.judged is False


def test_one_picture_gives_its_style(tmp_path, noisy_picture):
    (tmp_path / "photos").mkdir()
    for k in range(3):
        noisy_picture((40, 50)).save(tmp_path / "photos" / f"{k}.png")
    noisy_picture((70, 60)).save(tmp_path / "style.png")
    places = [f'data.source="{tmp_path / "style.png"}"', f'input.source="{tmp_path / "photos"}"']
    small = ["data.crops=20", "data.size=8", "input.crops=5", "G.width=2", "G.blocks=1", "D.width=2", "game.places=9"]
    recipe = load_recipe("image/style", [*places, *small, "train.batch=4", "train.samples=4"])
    check(recipe)
    data = build_data(recipe)
    assert (len(data.items), len(data.inputs.other.items)) == (20, 15)
    trainer = build_trainer(recipe, data)
    trainer.fit()
    assert trainer.state.step == 1


class StopAt(Quiet):
    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step == 3


def whole_and_resumed(recipe, folder):
    """Two trainers at their end: one went through, the other goes on from a checkpoint of step 3."""
    data = build_data(recipe)
    whole, halted, resumed = (build_trainer(recipe, data) for _ in range(3))
    whole.fit()
    halted.handlers = [StopAt()]
    halted.fit()
    save_checkpoint(halted, folder, "f")
    restore_latest(resumed, folder, "f")
    resumed.fit()
    return whole, resumed


UNPAIRED = {
    "cycle": ["game.pool=6"],
    "contrastive": ["game={name='contrastive', loss='hinge', flips=0.5, vectors=4, places=9}", "optim.F.lr=1e-3"],
}


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("game", UNPAIRED)
def test_a_run_without_pairs_resumes_to_the_bit_pools_included(tmp_path, game, accumulate):
    recipe = load_recipe("image/unpaired", [*SMALL, "G.blocks=1", *UNPAIRED[game], f"train.accumulate={accumulate}"])
    check(recipe)
    whole, resumed = whole_and_resumed(recipe, tmp_path)
    for player, net in {**whole.game.players, "memory": whole.game.memory, "ema": whole.ema.net}.items():
        other = {**resumed.game.players, "memory": resumed.game.memory, "ema": resumed.ema.net}[player]
        for key, value in net.state_dict().items():
            assert torch.equal(value, other.state_dict()[key]), f"{player}.{key}"
    if game == "cycle":
        assert int(whole.game.memory["pool-back"].count) == 6


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("views", ["[]", '[{name="augment"}]'])
def test_a_run_with_inputs_resumes_to_the_bit(tmp_path, views, accumulate):
    phases = 'phases=[{name="warm", turns=["fit"], samples=8}]'
    sets = [*MADE, *SMALL, phases, f"game.views={views}", f"train.accumulate={accumulate}"]
    recipe = load_recipe("image/digits", sets)
    check(recipe)
    whole, resumed = whole_and_resumed(recipe, tmp_path)
    for player, net in {**whole.game.players, "ema": whole.ema.net}.items():
        other = {**resumed.game.players, "ema": resumed.ema.net}[player]
        for key, value in net.state_dict().items():
            assert torch.equal(value, other.state_dict()[key]), f"{player}.{key}"


def test_a_resume_knows_the_files_of_both_sides(negatives, tmp_path):
    shutil.copytree(negatives.folder.parent, tmp_path / "moved")
    run, pairs = tmp_path / "moved" / "run", tmp_path / "moved" / "pairs"
    multigan.resume(run, data=pairs, quiet=True)
    picture(0, (8, 8)).save(pairs / "A" / "0.png")
    with pytest.raises(DataError, match=r"is not what .* was trained on"):
        multigan.resume(run, data=pairs, quiet=True)


def test_the_facades_are_pairs(real_data):
    folder = real_data / "image" / "facades"
    if not folder.is_dir():
        pytest.skip(f"no facades in {folder}")
    assert sniff(folder).recipe == "image/pairs"
    data = build_data(of(folder, "input.swap=true"))
    assert len(data.items) == 500
    assert data.spec.shape == data.inputs.spec.shape == (3, 64, 64)


def test_a_list_of_pairs_is_read_by_its_columns_and_rows_keep_their_partners(tmp_path, noisy_picture):
    rows = ["photo,label"]
    for k in range(12):
        for side, level in (("one", 20 * k), ("two", 255 - 20 * k)):
            (tmp_path / side).mkdir(exist_ok=True)
            noisy_picture((8, 8)).point(lambda _, level=level: level).save(tmp_path / side / f"{side}{k}.png")
        rows.append(f"two/two{k}.png,one/one{k}.png")
    (tmp_path / "one" / "one3.png").unlink()
    (tmp_path / "two" / "two5.png").write_bytes(b"broken")
    place = tmp_path / "pairs.csv"
    place.write_text("\n".join(rows) + "\n")
    assert sniff(place) == ("image/pairs", f"{place} lists 11 pairs in 12 rows, label as input")
    recipe = load_recipe("image/pairs", [f'data.source="{place}"', "data.flip=false", "data.jitter=0"])
    data = read_data(recipe, modalities.get("image"))
    everything = torch.arange(len(data.items))
    targets, inputs = data.items.take(everything, Draw(0)), data.inputs.take(everything, Draw(0))
    assert len(everything) == 10
    assert torch.equal(targets, 255 - inputs)
    said = "\n".join(data.report)
    for words in ("column label the input", "1 target without an input, left out: line 5", "left out: line 7"):
        assert words in said
    report = inspect_data(place, overrides=["G.width=2", "D.width=2", "data.holdout=0"])
    assert report.counts["pairs"] == "11 in pairs.csv, column label the input"
    assert report.recipe == "image/pairs"


def test_inputs_that_are_the_targets_are_refused(tmp_path, noisy_picture):
    for k in range(9):
        noisy_picture((8, 8)).save(tmp_path / f"{k}.png")
    sets = [f'data.source="{tmp_path}"', f'input.source="{tmp_path}/."']
    with pytest.raises(DataError, match=r"are both .*; expected inputs that are not the targets"):
        read_data(load_recipe("image/pairs", sets), modalities.get("image"))
    grey = load_recipe("image/pairs", [*sets, "input.channels=1"])  # read otherwise, they are others
    assert read_data(grey, modalities.get("image")).inputs.spec.shape[0] == 1

import pytest
import torch

from multigan.build import (
    AUTO_STRENGTH_PER_ELEMENT,
    build_data,
    build_nets,
    build_phases,
    build_split,
    build_trainer,
    check,
)
from multigan.errors import MultiGANError, RecipeError, UnknownNameError
from multigan.recipe import load_recipe, recipe_names

WRONG = {
    "modality=imgae": "image",
    "game.loss=hing": "hinge",
    "game.name=adverserial": "adversarial",
    "G.net=mpl": "mlp",
    "D.net=mpl": "mlp",
    "G.widht=3": "width",
    "D.widht=3": "width",
    "data.raduis=3": "radius",
    "G.width=wide": "width",
    'game.penalties=[{name="r11"}]': "r1",
    'game.penalties=[{name="gp", center=1}]': "centre",
    'game.constraints=[{name="clip", limt=1}]': "limit",
    'phases=[{name="p", turns=["mlee"], samples=1}]': "turn",
}


@pytest.mark.parametrize("override", WRONG)
def test_every_wrong_name_is_found_before_data_is_read(override):
    with pytest.raises(MultiGANError, match=WRONG[override]):
        check(load_recipe("points/ring", [override]))


def test_the_same_seed_builds_the_same_nets():
    recipe = load_recipe("points/ring")
    spec = build_data(recipe).spec
    a, b = build_nets(recipe, spec)[0], build_nets(recipe, spec)[0]
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))


def test_phases_inherit_the_optimizers_and_end_adversarial():
    given = 'phases=[{name="warm", turns=["d"], samples=500, lr=0.5}]'
    phases = build_phases(load_recipe("points/ring", [given, "train.n_critic=3", "optim.D.lr=0.125"]))
    assert [phase.name for phase in phases] == ["warm", "adversarial"]
    assert phases[0].optim["G"].lr == 0.5
    assert phases[1].optim["D"].lr == 0.125
    assert phases[1].turns == ("d", "d", "d", "g")


def test_auto_weight_counts_elements():
    recipe = load_recipe("points/ring", ['game.penalties=[{name="r1", weight="auto", every=4}]'])
    trainer = build_trainer(recipe, build_data(recipe))
    (term,) = trainer.game.penalties
    assert (term.weight, term.every) == (2 * AUTO_STRENGTH_PER_ELEMENT, 4)


def test_label_smoothing_needs_a_loss_that_has_it():
    with pytest.raises(RecipeError, match="smoothing"):
        check(load_recipe("points/ring", ["game.loss=wasserstein", "game.label_smoothing=0.1"]))


def test_conditional_needs_labels():
    recipe = load_recipe("points/ring", ["data.source=ring"])
    if build_data(recipe).labels is None:
        with pytest.raises((RecipeError, UnknownNameError)):
            build_data(load_recipe("points/ring", ["game.conditional=true"]))


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_ships_is_valid(name):
    check(load_recipe(name))


def test_the_recipe_says_what_is_held_out():
    recipe = load_recipe("points/ring", ["data.n=400"])
    assert len(build_trainer(recipe, build_data(recipe)).batches.split.held_out) == 32
    for holdout, expected in ((0, 0), (0.25, 100), (10, 10)):
        recipe = load_recipe("points/ring", ["data.n=400", f"data.holdout={holdout}"])
        assert len(build_trainer(recipe, build_data(recipe)).batches.split.held_out) == expected


def test_mirror_images_are_held_out_together():
    recipe = load_recipe("image/digits", ["data.flip=true"])
    split = build_split(recipe, build_data(recipe))
    assert not torch.isin(split.held_out % 1797, split.train % 1797).any()
    assert len(split.held_out) == 2 * len((split.held_out % 1797).unique())

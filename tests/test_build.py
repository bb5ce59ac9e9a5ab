import math

import pytest
import torch

from multigan.build import (
    AUTO_STRENGTH_PER_ELEMENT,
    build_data,
    build_game,
    build_nets,
    build_phases,
    build_split,
    build_trainer,
    check,
)
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError, RecipeError, UnknownNameError
from multigan.recipe import recipe as recipe_module
from multigan.recipe.recipe import fingerprint, load_recipe, recipe_names

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
    'game.views=[{name="augmnet"}]': "augment",
    'game.views=[{name="augment", adaptiv=true}]': "adaptive",
    'game.views=[{name="augment", policy=["jiter"]}]': "jitter",
    'game.views=[{name="augment", p=2}]': "augment with p",
    'game.views=[{name="pack", samples=1}]': "at least 2",
    'game.views=[{name="pack"}, {name="augment"}]': "put the pack last",
    'game.views=[{name="pack"}, {name="pack"}]': "put the pack last",
    'game.penalties=[{name="lecam", decay=1}]': "lecam",
    'game.penalties=[{name="cr", policy=["jiter"]}]': "jitter",
    'game.reduction={name="topk"}': "top-k",
    'game.reduction={name="top-k", nu=0}': "top-k",
    'game.reduction={name="top-k", mu=0.5}': "nu",
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
    recipe = load_recipe("points/ring", [given, "train.n_critic=3", "optim.D.lr=0.125"])
    spec = build_data(recipe).spec
    phases = build_phases(recipe, build_game(recipe, spec, *build_nets(recipe, spec)))
    assert [phase.name for phase in phases] == ["warm", "adversarial"]
    assert phases[0].optim["G"].lr == 0.5
    assert phases[1].optim["D"].lr == 0.125
    assert phases[1].turns == ("d", "d", "d", "g")
    assert phases[1].told == "adversarial"


def test_the_last_phase_is_told_as_what_is_done_in_it_where_no_d_plays():
    autoencoder = ["game.name=autoencoding", "game.penalties=[]", "G.net=autoencoder", "G.layers=1", "D.layers=1"]
    recipe = load_recipe("points/ring", [*autoencoder, "game.matching=[{name='l1'}]"])
    spec = build_data(recipe).spec
    (phase,) = build_phases(recipe, build_game(recipe, spec, *build_nets(recipe, spec)))
    assert (phase.name, phase.told) == ("adversarial", "fit")


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


PACK = 'game.views=[{name="pack", samples=2}]'


def test_packs_clash_with_what_looks_at_single_samples():
    for other in ("game.conditional=true", 'game.penalties=[{name="cr"}]'):
        with pytest.raises(RecipeError, match="has 'pack', and the recipe has"):
            check(load_recipe("image/digits", [PACK, other]))


def test_d_is_built_for_packs_and_g_is_not():
    for name, packed in {"points/ring": (4,), "image/digits": (2, 16, 16)}.items():
        recipe = load_recipe(name, [PACK, "G.width=4", "D.width=4", 'game.penalties=[{name="r1", weight="auto"}]'])
        data = build_data(recipe)
        G, D = build_nets(recipe, data.spec)
        fake = G(G.latent.sample(2, Draw(0)))
        assert fake.shape[1:] == data.spec.shape
        assert D(torch.zeros(3, *packed)).logits[0].shape == (3,)
        (term,) = build_trainer(recipe, data).game.penalties
        assert term.weight == pytest.approx(AUTO_STRENGTH_PER_ELEMENT * math.prod(packed))


@pytest.mark.parametrize(("batch", "accumulate"), [(7, 1), (6, 2)])
def test_packs_need_a_share_that_divides(batch, accumulate):
    recipe = load_recipe("points/ring", [PACK, f"train.batch={batch}", f"train.accumulate={accumulate}"])
    data = build_data(recipe)
    with pytest.raises(RecipeError, match=r"--set train.batch=8"):
        build_trainer(recipe, data)


@pytest.mark.parametrize(
    "part",
    ['views=[{name="augment"}]', 'reduction={name="top-k"}', 'fakes="reused"', 'matching=[{name="feature-matching"}]'],
)
def test_a_game_without_a_place_for_a_part_says_so(part):
    with pytest.raises(RecipeError, match=rf"no place for game\.{part.split('=')[0]}"):
        check(load_recipe("text/seqgan", [f"game.{part}"]))


def test_spectral_normalisation_is_for_any_d_and_only_there():
    recipe = load_recipe("points/ring", ["D.spectral_norm=true"])
    D = build_nets(recipe, build_data(recipe).spec)[1]
    assert sum(name.endswith("original") for name, _ in D.named_parameters()) == 4
    with pytest.raises(RecipeError, match="spectral_norm is no option"):
        check(load_recipe("points/ring", ["G.spectral_norm=true"]))


def test_younger_keys_leave_old_fingerprints_alone(monkeypatch):
    """A recipe of before these keys is one whose dump lacks them."""
    base = load_recipe("points/ring")
    plain = recipe_module._plain(base)
    for table, keys in recipe_module.LATER.items():
        assert {key: plain[table].pop(key) for key in keys} == keys
    with monkeypatch.context() as patch:
        patch.setattr(recipe_module, "_plain", lambda recipe: plain)
        old = fingerprint(base)
    same = load_recipe(
        "points/ring", ["train.accumulate=1", "D.spectral_norm=false", "game.views=[]", 'game.reduction={name="mean"}']
    )
    assert fingerprint(base) == fingerprint(same) == old
    for change in ("train.accumulate=2", "D.spectral_norm=true", PACK, 'game.reduction={name="top-k"}'):
        assert fingerprint(load_recipe("points/ring", [change])) != old


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

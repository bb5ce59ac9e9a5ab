"""The game of autoencoders: what each turn descends, and what it leaves alone."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from multigan import losses
from multigan.build import build_data, build_trainer, check
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Batch, Latent, Spec
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet
from multigan.games.autoencoding import AutoencodingGame
from multigan.games.rules import Rules, Term
from multigan.losses.feature_matching import feature_matching
from multigan.losses.pairs import l1
from multigan.nets import mlp
from multigan.nets.autoencoder import build_flat
from multigan.recipe.recipe import load_recipe
from multigan.training import train

SPEC = Spec("points", (3,), ("a", "b"))
REAL = torch.randn(6, 3, generator=torch.Generator().manual_seed(1))
L1 = (Term("l1", l1, 2.0),)
BATCH = Batch(REAL)
SETS = [
    "game.name=autoencoding",
    "game.penalties=[]",
    'game.matching=[{name="l1"}]',
    "G.net=autoencoder",
    "G.width=8",
    "G.layers=1",
    "D.width=8",
    "D.layers=1",
    "data.n=64",
    "data.holdout=0",
    "train.batch=8",
    "train.samples=64",
]


def game(*, matching=L1, conditional=False, **options):
    torch.manual_seed(0)
    G = build_flat(SPEC, nz=2, width=8, layers=1, flow=2, flow_width=8, conditional=conditional)
    for coupling in G.flow.couplings:
        torch.nn.init.normal_(coupling.out.weight, 0, 0.3)
    rules = Rules(losses.losses.get("non-saturating"), matching=matching)
    return AutoencodingGame({"G": G, "D": mlp.build_flat_d(SPEC, width=8, layers=1)}, rules, **options)


def touched(g, turn, batch=BATCH):
    """Which parts of G a turn's loss has a gradient in."""
    loss = g.turns[turn][1](batch, Draw(0)).total
    names = [name for name, _ in g.G.named_parameters()]
    grads = torch.autograd.grad(loss, list(g.G.parameters()), allow_unused=True)
    return {name.split(".")[0] for name, grad in zip(names, grads, strict=True) if grad is not None and grad.any()}


def test_each_turn_moves_its_own_parts():
    g = game()
    assert touched(g, "fit") == {"encoder", "decoder", "flow"}
    assert touched(g, "prior") == {"flow"}
    assert touched(g, "g") == {"decoder"}


def test_the_fit_is_the_sum_that_it_says():
    g = game(kl=0.5, free_bits=0.1)
    loss = g.fit_loss(Batch(REAL), Draw(3))
    mean, log_deviation = g.G.encode(REAL)
    code = mean + log_deviation.exp() * Draw(3).normal("code", (6, 2))
    gaps = kl_divergence(Normal(mean, log_deviation.exp()), Normal(torch.zeros(()), torch.ones(())))
    far = (gaps.mean(0) - 0.1).clamp_min(0).mean()
    wanted = 2 * (g.G.decode(code) - REAL).abs().mean() + 0.5 * far + g.G.surprise(code).mean() / 2
    assert torch.allclose(loss.total, wanted)
    assert torch.allclose(loss.parts["kl"], gaps.mean())


class Tossing(torch.nn.Module):
    """Codes say where samples lie, and leave to chance by how far they miss it."""

    def __init__(self, spread):
        super().__init__()
        self.latent, self.spread = Latent((1,)), torch.nn.Parameter(torch.tensor(spread, dtype=torch.float64))

    def encode(self, x, cond=None):
        return x, torch.full_like(x, -50.0)

    def decode(self, code, cond=None):
        return self.spread * Draw(1).normal("miss", tuple(code.shape)).double()

    def to_code(self, z, cond=None):
        return z

    def to_z(self, code, cond=None):
        return code

    def surprise(self, code, cond=None):
        return 0 * code[:, 0]


def test_terms_are_told_what_chance_is_on_average_where_net_and_terms_can_do_so():
    class Knowing(Tossing):
        def decode_expected(self, code, cond=None):
            return 0 * code, self.spread

    class Near:
        def __call__(self, D, real, fake, cond, draw):
            return (real - fake).abs().flatten(1).mean(1)

        def expected(self, real, fake, chance, draw):
            return (real - fake).abs().flatten(1).mean(1) + chance

    real, D = torch.randn(6, 1).double(), mlp.build_flat_d(Spec("points", (1,)), width=8, layers=1)
    for terms, wanted in (([Near()], real.abs().mean() + 2.0), ([Near(), l1], None)):
        named = tuple(Term(f"near-{k}", term, 3.0) for k, term in enumerate(terms))
        rules = Rules(losses.losses.get("non-saturating"), matching=named)
        loss = AutoencodingGame({"G": Knowing(2.0), "D": D}, rules, kl=0).fit_loss(Batch(real), Draw(0))
        drawn = (real - Knowing(2.0).decode(real)).abs().mean()
        assert torch.allclose(loss.total, 3 * wanted if wanted is not None else 6 * drawn)
        assert loss.parts["loss/fit"] == loss.total


def test_the_prior_learns_from_codes_and_leaves_the_encoder_alone():
    """Nothing of the prior's term reaches encoder and decoder: with it or without, their gradients are the same."""
    g = game()
    params = [*g.G.encoder.parameters(), *g.G.decoder.parameters()]
    whole = torch.autograd.grad(g.fit_loss(Batch(REAL), Draw(0)).total, params)
    g.net.surprise = lambda code, cond=None: code.new_zeros(len(code))
    alone = torch.autograd.grad(g.fit_loss(Batch(REAL), Draw(0)).total, params)
    assert all(torch.equal(a, b) for a, b in zip(whole, alone, strict=True))


def test_codes_that_cost_nothing_are_left_alone():
    assert (
        game(kl=1.0, free_bits=1e5).fit_loss(Batch(REAL), Draw(0)).total
        == game(kl=0.0).fit_loss(Batch(REAL), Draw(0)).total
    )


def test_d_sees_decoded_codes_and_decoded_draws_and_fakes_are_draws():
    g = game()
    batch, draw = Batch(REAL), Draw(5)
    mixed = g.played(batch, draw)
    mean, log_deviation = g.G.encode(REAL)
    code = mean + log_deviation.exp() * draw.normal("code", (6, 2))
    assert torch.allclose(mixed[::2], g.G.decode(code)[::2])
    assert torch.allclose(mixed[1::2], g.G(g.G.latent.sample(6, draw))[1::2])
    assert torch.allclose(g.fake(batch, draw), g.G(g.G.latent.sample(6, draw)))


def test_matching_compares_reconstructions_with_what_they_are_of():
    g = game(matching=[Term("l1", l1), Term("fm", feature_matching, asks=True)])
    made = g.played(Batch(REAL), Draw(0))
    _, real, fake, cond = g.matched(Batch(REAL), REAL, made, made)
    assert torch.equal(real, REAL[::2])
    assert torch.equal(fake, made[::2])
    assert cond is None
    parts = g.g_loss(Batch(REAL), Draw(0)).parts
    assert {"loss/G", "penalty/l1", "penalty/fm"} <= set(parts)


def test_two_halves_of_a_batch_are_one_batch():
    """What several processes fit on is what one would: no part looks at single rows of its own share."""
    g = game(kl=0.3)
    whole = g.fit_loss(Batch(REAL), Draw(0)).parts
    halves = [g.fit_loss(Batch(REAL[3 * k : 3 * k + 3]), Draw(0, rank=k, world_size=2)).parts for k in range(2)]
    for name in ("loss/fit", "kl", "loss/prior"):
        assert torch.allclose(whole[name], (halves[0][name] + halves[1][name]) / 2, atol=1e-6)


def test_labels_go_through():
    g = game(conditional=True)
    batch = Batch(REAL, torch.tensor([0, 1, 0, 1, 0, 1]))
    assert touched(g, "fit", batch) == {"encoder", "decoder", "flow"}
    assert g.played(batch, Draw(0)).shape == REAL.shape


def test_the_last_phase_fits_or_plays():
    assert game().round(2) == ("fit",)
    assert game(adversary=True).round(2) == ("d", "d", "g")


def test_what_it_has_no_place_for_is_said_before_data_is_read():
    with pytest.raises(RecipeError, match="without a matching term that asks no D"):
        check(load_recipe("points/ring", [*SETS, "game.matching=[]"]))
    recipe = load_recipe("points/ring", [*SETS, "G.net=mlp"])
    with pytest.raises(RecipeError, match=r"has no encoder; .*G\.net=autoencoder") as caught:
        build_trainer(recipe, build_data(recipe))
    assert str(caught.value).startswith("--set G.net=mlp: ")  # which is at fault, and no key of the game


class StopAt(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step >= self.step


def test_an_adversary_needs_a_phase_that_fits_before_it():
    with pytest.raises(RecipeError, match=r"no phase with the turn 'fit' before it.*turns=\[\"fit\"\]"):
        check(load_recipe("points/ring", [*SETS, "game.adversary=true"]))


def test_the_cure_gives_the_encoder_its_share_of_samples_that_are_given(tmp_path):
    """It names the recipe's length, which `--samples` deals out: of 64 the encoder had one batch."""
    with pytest.raises(RecipeError) as said:
        train("points/ring", run=tmp_path / "run", overrides=[*SETS, "game.adversary=true"], samples=64, quiet=True)
    cure = said.value.fix.removeprefix("type --set '").removesuffix("'")
    sets = [*SETS, "game.adversary=true", "train.vitals=0", "train.report=false", cure]
    run = train("points/ring", run=tmp_path / "run", overrides=sets, samples=64, quiet=True)
    assert load_recipe(str(run.folder / "recipe.toml")).phases[0].samples == 32


def test_phases_of_all_turns_train_and_resume_to_the_bit(tmp_path):
    phases = '[{name="fit", turns=["fit"], samples=32}, {name="prior", turns=["prior"], samples=16}]'
    recipe = load_recipe("points/ring", [*SETS, f"phases={phases}", "game.adversary=true"])
    check(recipe)
    data = build_data(recipe)
    whole, halted, resumed = (build_trainer(recipe, data) for _ in range(3))
    whole.fit()
    assert whole.phase.turns == ("d", "g")
    for stop in (2, 5, 8):
        halted.handlers = [StopAt(stop)]
        halted.fit()
        save_checkpoint(halted, tmp_path, "x")
    restore_latest(resumed, tmp_path, "x")
    resumed.fit()
    for name in ("G", "D"):
        pairs = zip(whole.game.players[name].parameters(), resumed.game.players[name].parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
    averaged = zip(whole.ema.net.parameters(), resumed.ema.net.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in averaged)

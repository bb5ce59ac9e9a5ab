import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.types import Spec
from multigan.exporters.explicit import make_explicit
from multigan.plugins.text import modality
from multigan.plugins.text.lstm import build_g, inverse_temperature
from multigan.plugins.text.vocabulary import Vocabulary

SPEC = Spec("text", (5, 9), (), {"end": None})
ENDING = Spec("text", (5, 9), (), {"end": 0})


def test_the_schedule_reaches_its_end_exactly():
    for schedule in ("constant", "linear", "exponential"):
        assert inverse_temperature(schedule, 100.0, 1.0) == 100.0
    assert inverse_temperature("exponential", 100.0, 0.0) == 1.0
    assert inverse_temperature("exponential", 100.0, 0.5) == pytest.approx(10.0)
    assert inverse_temperature("linear", 100.0, 0.5) == pytest.approx(50.5)


@pytest.mark.parametrize("straight_through", [False, True])
def test_training_output_is_on_the_simplex_and_gradients_reach_everything(straight_through):
    G = build_g(SPEC, hidden=6, embed=4, nz=3, straight_through=straight_through, beta_max=2.0)
    out = G(torch.randn(7, 3), None, Draw(0))
    assert out.shape == (7, 5, 9)
    torch.testing.assert_close(out.sum(-1), torch.ones(7, 5))
    if straight_through:
        torch.testing.assert_close(out.max(-1).values, torch.ones(7, 5))
    (out * torch.randn(7, 5, 9)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in G.parameters())


def test_the_relaxation_follows_the_equation():
    G = build_g(SPEC, hidden=6, beta_max=3.0)
    draw = Draw(0, progress=0.5)
    out = G(torch.zeros(4, 0), None, draw)
    noise = draw.gumbel("gumbel", (4, 5, 9))
    tokens = out.argmax(-1)
    expected = F.softmax(3.0**0.5 * (G.logits(tokens) + noise), -1)
    torch.testing.assert_close(out, expected)


def test_beta_of_a_thousand_stays_finite():
    G = build_g(SPEC, hidden=6, beta_max=1000.0)
    out = G(torch.zeros(50, 0), None, Draw(0))
    out.square().sum().backward()
    assert torch.isfinite(out).all()
    assert all(torch.isfinite(p.grad).all() for p in G.parameters() if p.grad is not None)


@pytest.mark.parametrize("mode", ["gumbel", "exact"])
def test_draws_have_the_models_frequencies(mode):
    G = build_g(SPEC, hidden=6)
    with torch.no_grad():
        G.out.bias.copy_(torch.linspace(-2, 2, 9))
    G.train(mode == "gumbel")
    with torch.no_grad():
        out = G(torch.zeros(20_000, 0), None, Draw(3))
    first = torch.bincount(out[:, 0].argmax(-1), minlength=9).double()
    expected = F.softmax(G.logits(torch.zeros(1, 5, dtype=torch.long))[0, 0], -1).double().detach() * 20_000
    chi_square = ((first - expected).square() / expected).sum()
    assert chi_square < 26.1  # 8 degrees of freedom, p = .001


def test_after_the_end_only_ends_follow():
    G = build_g(ENDING, hidden=6)
    for training in (True, False):
        tokens = G.train(training)(torch.zeros(300, 0), None, Draw(0)).argmax(-1)
        ended = (tokens == 0).cumsum(1) > 0
        assert ended.any()
        assert (tokens[ended] == 0).all()


def test_a_prefix_is_kept_and_continued():
    G = build_g(SPEC, hidden=6)
    prefix = torch.tensor([[3, 1], [2, 8]])
    out = G.sample(2, Draw(0), prefix=prefix)
    assert out.shape == (2, 5)
    assert torch.equal(out[:, :2], prefix)


def test_low_temperature_is_greedy():
    G = build_g(SPEC, hidden=6, temperature=1e-4).eval()
    out = G(torch.zeros(20, 0), None, Draw(0))
    assert len(out.argmax(-1).unique(dim=0)) == 1


def test_without_a_draw_it_says_what_to_pass():
    with pytest.raises(ShapeError, match="draw=Draw"):
        build_g(SPEC)(torch.zeros(2, 0))


@pytest.mark.parametrize("kind", ["character", "word", "bpe"])
@pytest.mark.parametrize("temperature", [1e-4, 1.0, 5.0])
def test_an_untrained_generator_never_draws_the_unknown_token(kind, temperature):
    vocabulary = Vocabulary.learn(["the cat sat on � the mat", "a caf� sat"] * 3, kind, 40, 1)
    spec = Spec("text", (12, len(vocabulary)), (), {"vocabulary": vocabulary.to_meta(), "end": 0}, 1)
    G = build_g(spec, hidden=6, nz=2).eval()
    with torch.no_grad():
        G.out.bias[1] = 4.0  # the unknown token is the likeliest
    fake = G(torch.randn(200, 2), None, Draw(0), temperature)
    assert (fake.argmax(-1) != 1).all()
    texts = modality.render(fake, spec)
    assert not any("�" in text for text in texts)
    assert len(set(texts)) > 1
    prefixed = G.sample(50, Draw(1), prefix=torch.full((50, 2), 1))
    assert (prefixed[:, :2] == 1).all()
    assert (prefixed[:, 2:] != 1).all()


def test_the_unknown_token_keeps_its_likelihood_and_no_state():
    vocabulary = Vocabulary.learn(["the cat"] * 3, "word", 40, 1)
    spec = Spec("text", (5, len(vocabulary)), (), {"vocabulary": vocabulary.to_meta(), "end": 0}, 1)
    G = build_g(spec, hidden=6)
    assert torch.isfinite(G.logits(torch.ones(2, 5, dtype=torch.long))).all()
    without = Spec("text", spec.shape, (), {"end": 0}, 1)
    assert G.state_dict().keys() == build_g(without, hidden=6).state_dict().keys()


def test_what_exporters_write_never_draws_it_either():
    vocabulary = Vocabulary.learn(["the cat"] * 3, "word", 40, 1)
    spec = Spec("text", (8, len(vocabulary)), (), {"vocabulary": vocabulary.to_meta(), "end": 0}, 1)
    G = build_g(spec, hidden=6)
    with torch.no_grad():
        G.out.bias[1] = 6.0
    explicit = make_explicit(G, modality, spec, conditional=False)
    ids = explicit(*explicit.sample(300, seed=3))
    assert (ids != 1).all()
    assert len(ids.unique()) > 1

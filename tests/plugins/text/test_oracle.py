import numpy as np
import torch

from multigan.plugins.text.oracle import Oracle


def test_likelihood_equals_a_plain_numpy_lstm():
    oracle = Oracle(vocab=7, length=4, hidden=3, seed=1)
    tokens = torch.tensor([[1, 6, 0, 3], [2, 2, 5, 4]])
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    expected = []
    for row in tokens.tolist():
        h, c, previous, total = np.zeros(3), np.zeros(3), 0, 0.0
        for token in row:
            gates = oracle.embedding[previous].double().numpy() @ oracle.w.double().numpy()
            i, f, o, g = np.split(gates + h @ oracle.u.double().numpy() + oracle.b.double().numpy(), 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            logits = h @ oracle.wo.double().numpy() + oracle.bo.double().numpy()
            total -= logits[token] - np.log(np.exp(logits).sum())
            previous = token
        expected.append(total / 4)
    np.testing.assert_allclose(oracle.nll(tokens).numpy(), expected, rtol=1e-5)


def test_its_own_samples_sit_at_its_floor_and_noise_far_above():
    oracle = Oracle(vocab=500, length=20, hidden=32, seed=0)
    generator = torch.Generator().manual_seed(0)
    a, b = (oracle.nll(oracle.sample(1000, generator)).mean() for _ in range(2))
    assert abs(a - b) < 0.1
    noise = oracle.nll(torch.randint(500, (1000, 20), generator=generator)).mean()
    assert noise > a + 3
    cold = oracle.nll(oracle.sample(1000, generator, temperature=0.5)).mean()
    assert cold < a - 0.5  # below the floor: bought with diversity


def test_the_papers_size_has_a_floor_near_the_published_one():
    oracle = Oracle()
    floor = oracle.nll(oracle.sample(500, torch.Generator().manual_seed(0))).mean()
    assert 5.4 < floor < 6.4

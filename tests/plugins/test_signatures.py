"""Arguments by number, name and place."""

import pytest

from multigan.plugins.abilities import Fits, Scores
from multigan.plugins.signatures import asked, complaint


def test_how_a_method_is_called():
    assert asked(Fits, "fit") == "fit(path, spec, hole=..., at=...)"


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (lambda samples, real, train, spec: [], ""),
        (lambda a, b, c, d, *more: [], ""),
        (lambda *all_of_them: [], ""),
        (lambda _samples, _real, _train, _spec: [], ""),
        (lambda samples, real: [], "takes (samples, real)"),
        (lambda samples, train, real, spec: [], "which is given 'real' as 'train'"),
        (lambda fake, samples, train, spec: [], "which is given 'real' as 'samples'"),
        (print, ""),
    ],
)
def test_what_is_wrong_with_a_method(method, said):
    found = complaint(method, Scores, "own_scores")
    assert said in found
    assert bool(found) == bool(said)

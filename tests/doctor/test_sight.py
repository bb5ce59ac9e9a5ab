import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.doctor.sight import SEED, Sight
from multigan.features import make_extractor
from multigan.plugins import modalities


def sample(modality, data, n):
    return modality.to_real(data.items.take(torch.arange(n), Draw(0)), data.spec)


def test_pictures_are_seen_by_the_eye_that_an_evaluation_has_too():
    image = modalities.get("image")
    data = image.load("digits")
    sight = Sight(image, data)
    assert sight.facts is None  # nothing was looked at
    real = sample(image, data, 5)
    eye = make_extractor("eye", data.spec, image, data=data, seed=SEED)
    assert torch.equal(sight(real), eye(real))
    assert sight.facts == {"name": "eye", "sha256": eye.sha256}


def test_other_samples_are_seen_by_their_own_features_which_are_checked():
    points = modalities.get("points")
    data = points.load("ring", n=200)
    sight = Sight(points, data)
    real = sample(points, data, 5)
    assert torch.equal(sight(real), points.features(real, data.spec))
    assert sight.facts["name"] == "default"

    class Flat(type(points)):
        def features(self, real, spec):
            return real.flatten()

    with pytest.raises(ShapeError, match="features gives"):
        Sight(Flat(), data)(real)

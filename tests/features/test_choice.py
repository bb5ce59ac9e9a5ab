import pytest
import torch

from multigan.core.errors import UnknownNameError
from multigan.core.types import Data
from multigan.features import make_extractor
from multigan.plugins import modalities


def chosen(kind, data, **options):
    modality = modalities.get(kind)
    return make_extractor("auto", data.spec, modality, data=data, **options).name


def test_pictures_are_seen_and_what_is_no_picture_has_its_own_features():
    assert chosen("image", modalities.get("image").load("digits")) == "eye"
    assert chosen("points", modalities.get("points").load("ring", n=100)) == "default"
    assert chosen("audio", modalities.get("audio").load("drums", samples=2048)) == "default"


def test_few_items_and_no_data_get_what_needs_none():
    image = modalities.get("image")
    data = image.load("digits")

    class Few:
        def __len__(self):
            return 63

        def take(self, indices, draw):
            return data.items.take(indices, draw)

    assert chosen("image", Data(Few(), data.spec)) == "default"
    assert make_extractor("auto", data.spec, image).name == "default"
    with pytest.raises(UnknownNameError, match="'auto:x'"):
        make_extractor("auto:x", data.spec, image)
    assert torch.isfinite(make_extractor("auto", data.spec, image)(torch.zeros(2, *data.spec.shape))).all()

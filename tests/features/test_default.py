import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import UnknownNameError
from multigan.features import Extractor, extractors, make_extractor
from multigan.features.default import fingerprint
from multigan.plugins import modalities

SETS = {"image": "digits", "audio": "drums", "text": "surnames", "points": "ring"}


def first(name, n=16):
    modality = modalities.get(name)
    data = modality.load(SETS[name])
    raw = data.items.take(torch.arange(n), Draw(0))
    return modality, data.spec, modality.to_real(raw, data.spec)


@pytest.mark.parametrize("name", SETS)
def test_it_is_the_modalitys_own_features_and_every_row_stands_alone(name):
    modality, spec, real = first(name)
    extractor = make_extractor("default", spec, modality)
    assert isinstance(extractor, Extractor)
    found = extractor(real)
    assert found.shape == (16, extractor.dim)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, modality.features(real, spec).float())
    torch.testing.assert_close(extractor(real[3:5]), found[3:5], rtol=1e-4, atol=1e-5)


def test_the_hash_is_the_functions_own():
    modality, spec, _ = first("image")
    assert make_extractor("default", spec, modality).sha256 == make_extractor("default", spec, modality).sha256
    hashes = {make_extractor("default", s, m).sha256 for m, s, _ in map(first, SETS)}
    assert len(hashes) == len(SETS)


def test_the_hash_forgives_rounding_but_not_another_function():
    out = torch.rand(8, 64)
    assert fingerprint("a", out) == fingerprint("a", out + 1e-9)
    assert fingerprint("a", out) != fingerprint("a", out * 1.1)
    assert fingerprint("a", out) != fingerprint("b", out)


def test_wrong_names_are_told():
    modality, spec, _ = first("points")
    with pytest.raises(UnknownNameError, match="did you mean 'default'"):
        make_extractor("defualt", spec, modality)
    with pytest.raises(UnknownNameError, match="leave out"):
        make_extractor("default:x", spec, modality)
    assert extractors.names() == ["auto", "classifier", "default", "eye", "hf", "inception"]

import pytest
import torch

from multigan.core.errors import PluginError
from multigan.features import cache


class Counting:
    """Sums, and how often it was asked."""

    name, sha256, dim = "counting", "1" * 64, 3

    def __init__(self):
        self.calls = 0

    def __call__(self, real):
        self.calls += 1
        return real.reshape(len(real), 3, -1).sum(2)


BATCHES = torch.randn(10, 3, 4, generator=torch.Generator().manual_seed(1)).split(4)
KEY = cache.key_of("weights", 0, 10)


def test_the_second_call_computes_nothing(tmp_path):
    extractor = Counting()
    found = cache.cached(extractor, BATCHES, KEY, tmp_path)
    assert extractor.calls == 3
    assert found.shape == (10, 3)

    def never():
        raise AssertionError("a batch was asked for")
        yield

    assert torch.equal(cache.cached(extractor, never(), KEY, tmp_path), found)
    assert extractor.calls == 3


def test_other_content_or_another_extractor_is_computed(tmp_path):
    extractor = Counting()
    cache.cached(extractor, BATCHES, KEY, tmp_path)
    cache.cached(extractor, BATCHES, cache.key_of("weights", 1, 10), tmp_path)
    extractor.sha256 = "2" * 64
    cache.cached(extractor, BATCHES, KEY, tmp_path)
    assert extractor.calls == 9


def flip(data):
    return data[:-3] + bytes([data[-3] ^ 255]) + data[-2:]


@pytest.mark.parametrize("damage", [lambda data: data[:40], flip, lambda _: b""])
def test_a_damaged_file_is_computed_again_and_said(tmp_path, damage):
    extractor, said = Counting(), []
    found = cache.cached(extractor, BATCHES, KEY, tmp_path)
    (file,) = (tmp_path / "features").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert torch.equal(cache.cached(extractor, BATCHES, KEY, tmp_path, said.append), found)
    assert extractor.calls == 6
    assert "computed again" in said[0]
    cache.cached(extractor, BATCHES, KEY, tmp_path)
    assert extractor.calls == 6  # it was mended


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.warns(UserWarning, match="cannot be kept"):
        assert cache.cached(Counting(), BATCHES, KEY, blocked).shape == (10, 3)
    assert cache.cached(Counting(), BATCHES, KEY, None).shape == (10, 3)


def test_the_key_of_items_is_their_content():
    whole = torch.arange(12.0).view(4, 3)
    assert cache.key_of_items([whole]) == cache.key_of_items(whole.split(3))
    assert cache.key_of_items([whole]) != cache.key_of_items([whole.view(4, 3, 1)])
    changed = whole.clone()
    changed[2, 1] += 1
    assert cache.key_of_items([whole]) != cache.key_of_items([changed])


def test_the_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MULTIGAN_CACHE", raising=False)
    assert cache.cache_folder() == tmp_path / "multigan"
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "own"))
    assert cache.cache_folder() == tmp_path / "own"


def test_features_of_another_length_than_the_extractor_says_are_refused_and_not_kept(tmp_path):
    extractor = Counting()
    extractor.dim = 9
    with pytest.raises(PluginError, match=r"'counting' has dim = 9, and gives \(4, 3\); expected \(4, 9\)"):
        cache.cached(extractor, BATCHES, KEY, tmp_path)
    assert not list(tmp_path.rglob("*.safetensors"))
    extractor.dim = None
    assert cache.cached(extractor, BATCHES, KEY, None).shape == (10, 3)

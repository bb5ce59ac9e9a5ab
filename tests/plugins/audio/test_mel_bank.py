import numpy as np
import pytest
import torch

from multigan.plugins.audio.mel_bank import mel_bank


def test_wide_bands_are_those_of_librosa():
    import librosa

    narrow, _ = mel_bank(2049, 16_000, 40)
    theirs = librosa.filters.mel(sr=16_000, n_fft=4096, n_mels=40, htk=True, norm=None).T
    assert np.allclose(narrow.numpy(), theirs / theirs.sum(0), atol=1e-5)


@pytest.mark.parametrize(
    ("bins", "rate", "bands"), [(129, 8000, 64), (33, 8000, 16), (513, 16_000, 64), (17, 48_000, 8)]
)
def test_every_band_hears_and_bins_in_between_are_in_between(bins, rate, bands):
    narrow, wide = mel_bank(bins, rate, bands)
    assert torch.allclose(narrow.sum(0), torch.ones(bands))
    assert torch.allclose(wide.sum(0), torch.ones(bins))
    ramp = torch.arange(bands).float() @ wide
    assert (ramp.diff() >= -1e-4).all()
    assert (ramp[0], ramp[-1]) == (0, bands - 1)

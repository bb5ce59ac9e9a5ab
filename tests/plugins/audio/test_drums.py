import numpy as np

from multigan.plugins.audio.drums import KINDS, synthesise_drums


def test_kinds_sound_different_and_every_hit_is_its_own():
    waves, labels = synthesise_drums(10, 8192, 16_000)
    assert waves.shape == (40, 8192)
    hertz = np.fft.rfftfreq(8192, 1 / 16_000)
    power = np.abs(np.fft.rfft(waves.astype(float))) ** 2
    centroid = (power * hertz).sum(1) / power.sum(1)
    means = {kind: centroid[labels == k].mean() for k, kind in enumerate(KINDS)}
    assert means["kick"] < means["tom"] < means["snare"] < means["hat"]
    assert len({wave.tobytes() for wave in waves}) == 40
    assert (np.abs(waves[:, -1]) < 400).all()  # faded out

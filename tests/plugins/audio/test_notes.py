import numpy as np

from multigan.plugins.audio.note_names import hertz_of
from multigan.plugins.audio.notes import PITCHES, synthesise_notes


def test_every_note_has_its_pitch_and_is_its_own():
    import librosa

    waves, labels = synthesise_notes(3, 8192, 8000)
    assert waves.shape == (75, 8192)
    assert len({wave.tobytes() for wave in waves}) == 75
    for wave, label in list(zip(waves, labels, strict=True))[::8]:
        hertz, sure, _ = librosa.pyin(wave / 32767, sr=8000, fmin=100, fmax=700, frame_length=1024)
        cents = 1200 * np.log2(np.median(hertz[sure]) / hertz_of(PITCHES[label]))
        assert abs(cents) < 20
    assert np.abs(waves).max(1).min() > 31000
    assert np.abs(waves[:, -1]).max() < 200  # faded out


def test_the_same_notes_everywhere():
    assert (synthesise_notes(1, 512, 8000)[0] == synthesise_notes(1, 512, 8000)[0]).all()

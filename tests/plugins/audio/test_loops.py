import numpy as np

from multigan.plugins.audio.loops import synthesise_loops


def test_loops_differ_and_repeat_themselves():
    loops = synthesise_loops(4, 24_000, 8000)
    assert loops.shape == (4, 24_000)
    assert loops.dtype == np.int16
    assert (np.abs(loops).max(1) == round(0.95 * 32767)).all()
    envelopes = np.abs(loops.reshape(4, -1, 200).astype(float)).mean(2)
    assert np.abs(np.corrcoef(envelopes) - np.eye(4)).max() < 0.9
    assert np.array_equal(loops, synthesise_loops(4, 24_000, 8000))


def test_a_beat_comes_again():
    """The envelope is like itself a beat or two later, more than at half a step off."""
    loop = synthesise_loops(1, 96_000, 8000)[0].astype(float)
    rises = np.clip(np.diff(np.log(np.abs(loop.reshape(-1, 80)).mean(1) + 10)), 0, None)
    rises -= rises.mean()
    alike = np.correlate(rises, rises, "full")[len(rises) - 1 :] / (rises @ rises)
    assert alike[30:150].max() > 0.3

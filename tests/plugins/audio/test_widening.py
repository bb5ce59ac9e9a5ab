import numpy as np
import pytest
import soundfile
import torch

from multigan.core.types import Spec
from multigan.plugins.audio import clarity, widening
from multigan.plugins.audio.narrow import build_narrow, lower
from multigan.plugins.audio.resound import pour
from multigan.plugins.audio.widening import added
from multigan.provenance.labels import label
from tests.plugins.audio.test_widener import SPEC, learnt

LABEL = label("trial", "0" * 64, "trial", 0)
SOURCE = build_narrow(None, SPEC).spec(SPEC)


def test_parts_are_the_whole(monkeypatch):
    net = learnt()
    x = lower(torch.randn(2, 1, 9000) * 0.1, 2000, 8000)
    with torch.no_grad():
        whole = net(None, source=x)
    monkeypatch.setattr(widening, "PART", 30)
    assert (x + added(net, x) - whole).abs().max() < 1e-5


@pytest.mark.parametrize(("rate", "out_rate"), [(4000, 8000), (8000, 8000), (22_050, 22_050)])
def test_files_come_back_at_the_higher_rate_with_their_lower_band(tmp_path, rate, out_rate):
    rng = np.random.default_rng(0)
    x = lower(torch.from_numpy(rng.normal(size=(2, 2 * rate))).float() * 0.1, 1500, rate).numpy()
    soundfile.write(tmp_path / "a.wav", x.T, rate, subtype="FLOAT")
    found = pour(learnt(), tmp_path / "a.wav", tmp_path / "out", SOURCE, LABEL)
    made, got = soundfile.read(found.files[0])
    assert (got, made.shape) == (out_rate, (2 * out_rate, 2))
    below = lower(torch.from_numpy(made.T).float(), 1900, out_rate)
    again = np.fft.irfft(np.fft.rfft(x)[:, : 1500 * 2 + 1], 2 * out_rate) * out_rate / rate
    assert np.abs(below.numpy() - again)[:, 400:-400].max() < 2e-3
    assert np.abs(made.T - again).max() > 0.01


def test_strength_and_what_is_there_already(tmp_path):
    x = np.random.default_rng(0).normal(size=9000) * 0.1
    soundfile.write(tmp_path / "a.wav", x, 8000, subtype="FLOAT")
    still = pour(learnt(), tmp_path / "a.wav", None, SOURCE, LABEL, strength=0.0)
    np.testing.assert_array_equal(still.result[0], x.astype(np.float32))
    assert "of the energy lies above 2,000 Hz already, and stays" in still.notes[0]


def test_the_rival_is_sinc_interpolation():
    x = torch.randn(2, 1, 2048)
    assert clarity.rival(x, SOURCE, SPEC)[0] == "sinc interpolation"
    assert clarity.contenders(x, SOURCE, SPEC) == {}
    assert clarity.rival(x, Spec("audio", (1, 2048), meta={"sample_rate_hz": 8000}), SPEC)[0] == "the input as it is"

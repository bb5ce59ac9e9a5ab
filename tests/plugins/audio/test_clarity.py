import sys
from types import SimpleNamespace

import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.audio import clarity
from multigan.plugins.audio.clarity import cells, contenders, pair_scores, rival

SPEC = Spec("audio", (1, 8000), (), {"sample_rate_hz": 8000})


def by_key(spec=SPEC):
    return {score.about.key: score for score in pair_scores(spec)}


def test_distortion_and_spectra_are_best_of_the_target_itself():
    real = torch.randn(3, 1, 8000)
    for key, best in (("si_sdr", 60.0), ("log_spectral", 0.0)):
        score = by_key()[key]
        assert score.number(score.rows(real, real)) == pytest.approx(best)
    louder = by_key()["log_spectral"]
    assert louder.number(louder.rows(real, 10 * real)) == pytest.approx(20, abs=0.1)


def test_what_is_not_installed_is_said(monkeypatch):
    monkeypatch.setattr(clarity, "find_spec", lambda name: None)
    found = by_key()
    assert set(found) == {"si_sdr", "log_spectral", "spectral_distance"}
    assert "multigan[speech]" in found["si_sdr"].about.note


def test_scores_of_speech_leave_out_what_has_none(monkeypatch):
    class PesqError(Exception):
        pass

    def pesq(rate, real, fake, band):
        if not real.any():
            raise PesqError
        return 3.0 if (rate, band) == (8000, "nb") else 0.0

    monkeypatch.setattr(clarity, "find_spec", lambda name: object())
    monkeypatch.setitem(sys.modules, "pesq", SimpleNamespace(pesq=pesq, PesqError=PesqError))
    monkeypatch.setitem(sys.modules, "pystoi", SimpleNamespace(stoi=lambda real, fake, rate: 0.5))
    real = torch.randn(70, 1, 8000)
    real[1] = 0
    found = by_key()
    rows = found["pesq"].rows(real, real)
    assert rows.isnan().sum() == 1 + 70 - clarity.HEARD
    assert found["pesq"].number(rows) == 3.0
    assert found["stoi"].number(found["stoi"].rows(real, real)) == 0.5
    assert "pesq" not in by_key(Spec("audio", (1, 500), (), {"sample_rate_hz": 8000}))


def test_the_real_ones_agree_where_they_are_installed():
    pytest.importorskip("pesq")
    pytest.importorskip("pystoi")
    real = torch.randn(1, 1, 8000)
    assert 0.9 < by_key()["stoi"].number(by_key()["stoi"].rows(real, real)) <= 1.0001


def test_rivals_need_inputs_like_targets():
    source, other = torch.randn(2, 1, 8000), Spec("audio", (2, 8000), (), SPEC.meta)
    name, same = rival(source, SPEC, SPEC)
    assert name == "the input as it is"
    assert same is source
    assert set(contenders(source, SPEC, SPEC)) == {"Wiener filter"}
    assert rival(source, SPEC, other) is None
    assert contenders(source, SPEC, other) == {}


def test_cells_part_the_pairs_by_how_bad_their_inputs_are():
    real = torch.randn(6, 1, 8000)
    noise = torch.randn(6, 1, 8000)
    ratio = torch.tensor([0.0, 0.1, 5.0, 5.1, 10.0, 30.0])
    found = cells(real + noise * 10 ** (-ratio / 20)[:, None, None], real, SPEC)
    assert torch.stack([*found.values()]).sum(0).tolist() == [1] * 6
    assert found["inputs of 2.5 to 7.5 dB"].tolist() == [False, False, True, True, False, False]
    assert found["inputs from 12.5 dB"].tolist() == [False] * 5 + [True]

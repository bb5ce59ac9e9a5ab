"""Sounds by way of their mel spectra: of any rate, number of channels and length; and spectra from files."""

import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError, UnsupportedError
from multigan.core.types import Spec
from multigan.plugins.audio import resound
from multigan.plugins.audio.mask_gru import MaskGRU
from multigan.plugins.audio.mel_degrade import build_mel
from multigan.plugins.audio.refiner import build_refiner
from multigan.plugins.audio.resound import pour, sounded
from multigan.plugins.audio.vocoder import build_vocoder
from multigan.provenance.labels import label, read

SPEC = Spec("audio", (1, 4096), meta={"sample_rate_hz": 8000})
LABEL = label("trial", "0" * 64, "trial", 0)


def built(build, **given):
    torch.manual_seed(0)
    source = build_mel(None, SPEC, **given).spec(SPEC)
    more = {"iterations": 4} if build is build_refiner else {}
    net = build(SPEC, source, width=8, blocks=1, **more)
    with torch.no_grad():
        for value in net.parameters():
            value.add_(torch.randn_like(value), alpha=0.01)
    return net.eval(), source


def sound(n, channels, rate=8000):
    time = np.arange(n) / rate
    return 0.4 * np.stack([np.sin(2 * np.pi * 300 * (k + 1) * time) for k in range(channels)], 1)


@pytest.mark.parametrize("pad", ["same", "centre"])
@pytest.mark.parametrize("build", [build_vocoder, build_refiner])
def test_parts_are_the_whole(build, pad, monkeypatch):
    net, source = built(build, pad=pad)
    spectra = torch.randn(2, source.shape[0], 150)
    with torch.no_grad():
        whole = net(None, source=spectra)
    monkeypatch.setattr(resound, "PART", 40)
    made = sounded(net, spectra)
    assert made.shape == whole.shape
    assert (made - whole).abs().max() < 1e-3 * whole.abs().max()


@pytest.mark.parametrize(
    ("name", "rate", "channels", "subtype", "n"),
    [("a.wav", 8000, 1, "PCM_24", 9000), ("b.wav", 22_050, 2, "FLOAT", 12_345), ("c.flac", 8000, 2, "PCM_16", 77)],
)
def test_rate_channels_length_bits_and_kind_stay(tmp_path, name, rate, channels, subtype, n):
    soundfile.write(tmp_path / name, sound(n, channels, rate), rate, subtype=subtype)
    net, source = built(build_refiner)
    found = pour(net, tmp_path / name, tmp_path / "out", source, LABEL)
    one, other = (soundfile.info(path) for path in (tmp_path / name, found.files[0]))
    for member in ("samplerate", "channels", "frames", "format", "subtype"):
        assert getattr(one, member) == getattr(other, member)
    assert read(found.files[0])["weights_sha256"] == "0" * 64


def test_channels_go_through_alone_and_levels_come_back(tmp_path):
    net, source = built(build_vocoder)
    x = sound(9000, 2)
    for name, wave in (("a", x), ("b", x[:, 1] * 1.0), ("faint", x / 100)):
        soundfile.write(tmp_path / f"{name}.wav", wave, 8000, subtype="FLOAT")
    a, b, faint = (pour(net, tmp_path / f"{n}.wav", None, source, LABEL).result[0] for n in ("a", "b", "faint"))
    np.testing.assert_allclose(a[:, 1], b, atol=1e-3)
    np.testing.assert_allclose(faint * 100, a, atol=1e-4)
    half = pour(net, tmp_path / "a.wav", None, source, LABEL, strength=0.0).result[0]
    np.testing.assert_array_equal(half, x.astype(np.float32))


def test_silence_and_nothing(tmp_path):
    net, source = built(build_refiner)
    for n in (0, 5000):
        soundfile.write(tmp_path / "a.wav", np.zeros(n), 8000)
        if n:
            made, _ = pour(net, tmp_path / "a.wav", None, source, LABEL).result
            assert len(made) == n
            assert np.abs(made).max() < 1e-2
        else:
            with pytest.raises(DataError, match="is no sound that can be used"):
                pour(net, tmp_path / "a.wav", None, source, LABEL)


def test_a_spectrum_from_a_file_is_that_sound(tmp_path):
    net, source = built(build_refiner)
    x = torch.from_numpy(sound(6400, 1)).float().T[None]
    spectra = net.analysis(x)
    np.save(tmp_path / "a.npy", spectra[0].numpy())
    np.save(tmp_path / "b.npy", spectra.numpy())
    found = pour(net, tmp_path / "a.npy", tmp_path / "out", source, LABEL)
    assert found.files[0].suffix == ".wav"
    made, rate = soundfile.read(found.files[0])
    assert rate == 8000
    with torch.no_grad():
        np.testing.assert_allclose(made, net(None, source=spectra)[0, 0].clamp(-1, 1), atol=1e-5)
    assert pour(net, tmp_path / "b.npy", None, source, LABEL).result[0].shape == (6400,)


def test_a_spectrum_of_another_definition_is_remarked(tmp_path):
    """One in decibels for a net of natural logarithms: it becomes a sound, and it is said what is odd."""
    net, source = built(build_vocoder)
    spectra = net.analysis(torch.from_numpy(sound(6400, 1)).float().T[None])[0].numpy()
    for name, array in (("good", spectra), ("decibels", spectra * 20 / np.log(10)), ("loud", spectra + 20)):
        np.save(tmp_path / f"{name}.npy", array)
    good, *others = (
        pour(net, tmp_path / f"{name}.npy", None, source, LABEL).notes for name in ("good", "decibels", "loud")
    )
    assert not [note for note in good if "values from" in note]
    for notes in others:
        assert "where sounds have -11.5 to" in notes[0]
        assert "is it natural logarithms of amplitudes at 8,000 Hz" in notes[0]


def test_spectra_are_found_in_folders_where_an_input_is_one():
    _, source = built(build_vocoder)
    assert resound.opens(source) == (".npy",)
    assert resound.opens(SPEC) == ()


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((101, 40)), r"holds float64 \(101, 40\); expected numbers \(40, frames\), natural.*transpose it"),
        (np.zeros(40), r"holds float64 \(40,\)"),
        (np.full((40, 9), np.nan), "holds NaN or infinity"),
        (np.array([["a"]]), "holds <U1"),
        (np.array([None]), "is no array"),
    ],
)
def test_what_is_no_spectrum_is_named(tmp_path, array, words):
    net, source = built(build_vocoder)
    np.save(tmp_path / "a.npy", array, allow_pickle=True)
    with pytest.raises(DataError, match=words):
        pour(net, tmp_path / "a.npy", None, source, LABEL)


def headed(words):
    head = words.encode()
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + bytes(64)


HEADS = {
    "archive": b"PK\3\4" + bytes(60),
    "torn": headed("{'descr': '<f4', 'fortran_order': False, 'shape': (40, "),
    "odd": headed("{'descr': '<f4' 'fortran_order': !!, 'shape' (40, 9)}"),
    "kind": headed("{'descr': 7, 'fortran_order': False, 'shape': (40, 9)}"),
    "deep": headed("(" * 9000),
    "signs": headed("-" * 9000 + "1"),
    "tera": headed("{'descr': '<f4', 'fortran_order': False, 'shape': (40, 99999999999)}"),
    "beyond": headed("{'descr': '<f4', 'fortran_order': False, 'shape': (40, " + "9" * 30 + ")}"),
    "less": headed("{'descr': '<f4', 'fortran_order': False, 'shape': (40, -9)}"),
    "cut": headed("{'descr': '<f4', 'fortran_order': False, 'shape': (40, 9)}"),
}


@pytest.mark.parametrize("name", HEADS)
def test_broken_arrays_are_named_before_memory_is_asked_for(tmp_path, name):
    net, source = built(build_vocoder)
    (tmp_path / f"{name}.npy").write_bytes(HEADS[name])
    with pytest.raises(DataError, match=rf"{name}\.npy is no array"):
        pour(net, tmp_path / f"{name}.npy", None, source, LABEL)


@pytest.mark.filterwarnings("error")
def test_archives_and_too_large_numbers_are_named(tmp_path):
    net, source = built(build_vocoder)
    np.savez(tmp_path / "a.npz", mel=np.zeros((40, 9)))
    with pytest.raises(DataError, match=r"a\.npy is no array"):
        pour(net, (tmp_path / "a.npz").rename(tmp_path / "a.npy"), None, source, LABEL)
    np.save(tmp_path / "b.npy", np.full((40, 9), 1e300))
    with pytest.raises(DataError, match=r"b\.npy holds what float32 cannot"):
        pour(net, tmp_path / "b.npy", None, source, LABEL)


def test_what_cannot_be_is_named(tmp_path):
    net, source = built(build_vocoder)
    np.save(tmp_path / "a.npy", np.zeros((40, 9)))
    with pytest.raises(DataError, match=r"strength = 0\.5 of a mel spectrum"):
        pour(net, tmp_path / "a.npy", None, source, LABEL, strength=0.5)
    (tmp_path / "b.npy").write_bytes(b"x")
    with pytest.raises(DataError, match="is no array"):
        pour(net, tmp_path / "b.npy", None, source, LABEL)
    with pytest.raises(UnsupportedError, match="MaskGRU on whole files"):
        pour(MaskGRU(64, 2000, 8, 1), tmp_path / "a.npy", None, source, LABEL)

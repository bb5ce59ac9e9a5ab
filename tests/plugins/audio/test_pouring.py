"""Sound files through a causal net: of any rate, number of channels, length and kind, and back as they were."""

import json
import tracemalloc

import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.audio import pouring
from multigan.plugins.audio.mask_gru import MaskGRU
from multigan.plugins.audio.pouring import form_of, pour
from multigan.provenance.labels import label, read

SPEC = Spec("audio", (1, 512), (), {"sample_rate_hz": 2000})
LABEL = label("trial", "0" * 64, "trial", 0)


def made(width=8, weights=0.2):
    torch.manual_seed(0)
    net = MaskGRU(64, 2000, width, 1)
    with torch.no_grad():
        for value in net.parameters():
            value.add_(torch.randn_like(value), alpha=weights)
    return net.eval()


def sound(n, channels):
    x = np.random.default_rng(0).standard_normal((n, channels)) * 0.1
    return np.cumsum(x, 0) / np.abs(np.cumsum(x, 0)).max() * 0.5


@pytest.mark.parametrize(
    ("name", "rate", "channels", "subtype"),
    [
        ("a.wav", 2000, 1, "PCM_24"),
        ("b.wav", 3000, 2, "FLOAT"),
        ("c.flac", 8000, 2, "PCM_16"),
        ("d.ogg", 8000, 1, "VORBIS"),
        ("e.aiff", 2000, 3, "PCM_16"),
        ("f.mp3", 8000, 1, "MPEG_LAYER_III"),
    ],
)
def test_rate_channels_length_bits_and_kind_stay(tmp_path, name, rate, channels, subtype):
    soundfile.write(tmp_path / name, sound(4321, channels), rate, subtype=subtype)
    found = pour(made(), tmp_path / name, tmp_path / "out", SPEC, LABEL)
    one, other = (soundfile.info(path) for path in (tmp_path / name, found.files[0]))
    assert found.files[0].suffix == f".{name.split('.')[1]}"
    for member in ("samplerate", "channels", "frames", "format", "subtype"):
        assert getattr(one, member) == getattr(other, member)
    assert read(found.files[0])["weights_sha256"] == "0" * 64


def test_channels_go_through_alone(tmp_path):
    x = sound(3000, 2)
    soundfile.write(tmp_path / "a.wav", x, 2000, subtype="FLOAT")
    soundfile.write(tmp_path / "b.wav", x[:, 1], 2000, subtype="FLOAT")
    both, alone = (pour(made(), tmp_path / name, None, SPEC, {}).result[0] for name in ("a.wav", "b.wav"))
    assert np.abs(both[:, 1] - alone).max() < 1e-5


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_no_strength_is_the_sound_itself_bit_for_bit(tmp_path, subtype):
    soundfile.write(tmp_path / "a.wav", sound(3000, 2), 3000, subtype=subtype)
    files = pour(made(), tmp_path / "a.wav", tmp_path / "out", SPEC, LABEL, strength=0.0).files
    one, other = (soundfile.read(path, dtype="float32")[0] for path in (tmp_path / "a.wav", files[0]))
    assert np.array_equal(one, other)
    half = pour(made(), tmp_path / "a.wav", None, SPEC, {}, strength=0.5).result[0]
    whole = pour(made(), tmp_path / "a.wav", None, SPEC, {}).result[0]
    assert np.abs(half - (whole + one) / 2).max() < 1e-6


def test_how_a_file_is_read_changes_no_bit(tmp_path, monkeypatch):
    soundfile.write(tmp_path / "a.wav", sound(5000, 1), 3000)
    usual = pour(made(), tmp_path / "a.wav", None, SPEC, {}).result[0]
    hear = pouring.hear

    def in_crumbs(path, listener, most):
        class Crumbs:
            begin, end = listener.begin, listener.end

            def add(self, block):
                for at in range(0, len(block), 7):
                    listener.add(block[at : at + 7])

        return hear(path, Crumbs(), most=most)

    monkeypatch.setattr(pouring, "hear", in_crumbs)
    assert np.array_equal(pour(made(), tmp_path / "a.wav", None, SPEC, {}).result[0], usual)


def test_what_is_held_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for number, seconds in enumerate((200, 2000)):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, np.zeros(2000 * seconds), 2000, subtype="PCM_16")
        pour(made(2), path, tmp_path / f"warm-{number}", SPEC, LABEL) if not number else None
        tracemalloc.start()
        pour(made(2), path, tmp_path / f"out-{number}", SPEC, LABEL)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 2**22


def test_what_is_left_out_above_and_what_is_clipped_is_said(tmp_path):
    time = np.arange(16_000) / 8000
    soundfile.write(
        tmp_path / "a.wav", 0.3 * np.sin(2 * np.pi * 3000 * time) + 0.3 * np.sin(2 * np.pi * 300 * time), 8000
    )
    notes = pour(made(weights=0.0), tmp_path / "a.wav", None, SPEC, {}).notes
    assert len(notes) == 1
    assert "above 1,000 Hz, 50% of the energy" in notes[0]
    soundfile.write(tmp_path / "b.wav", 1.5 * np.sin(2 * np.pi * 300 * time), 2000, subtype="FLOAT")
    found = pour(made(weights=0.0), tmp_path / "b.wav", None, SPEC, {})
    assert "clipped" in found.notes[0]
    assert np.abs(found.result[0]).max() == 1


def test_that_a_file_was_cut_off_is_said(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(4000), 2000)
    (tmp_path / "cut.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:4044])
    for into in (None, tmp_path / "out"):
        found = pour(made(), tmp_path / "cut.wav", into, SPEC, LABEL)
        (said,) = found.notes
        assert said.endswith("cut.wav: its header says 2.00 s, it holds 1.00 s: cut off, what is there is used")
    assert not pour(made(), tmp_path / "a.wav", None, SPEC, LABEL).notes


def test_what_is_no_sound_is_said_and_leaves_nothing(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF, they said")
    with pytest.raises(DataError, match=r"a\.wav"):
        pour(made(), tmp_path / "a.wav", tmp_path / "out", SPEC, LABEL)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert form_of(tmp_path / "a.wav").suffix == ".wav"


def test_a_kind_without_a_place_for_the_label_has_it_beside(tmp_path, monkeypatch):
    monkeypatch.setattr(pouring.provenance, "label_of_sound", lambda path: {})
    soundfile.write(tmp_path / "a.flac", sound(800, 1), 2000)
    files = pour(made(), tmp_path / "a.flac", tmp_path / "out", SPEC, LABEL).files
    assert [path.name for path in files] == ["out.flac", "out.flac.json"]
    assert json.loads(files[1].read_text())["seed"] == "0"

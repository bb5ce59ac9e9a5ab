import io
import resource

import numpy as np
import pytest
import soundfile

from multigan.core.errors import WriteError
from multigan.provenance import labels as provenance
from multigan.provenance.wav import wav_bytes

LABEL = provenance.label("g", "ab" * 32, "sounds", 7)


def test_the_bytes_are_the_sound():
    wave = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    read, rate_hz = soundfile.read(io.BytesIO(wav_bytes(wave, 8000, "FLOAT")))
    assert rate_hz == 8000
    assert np.allclose(read, wave, atol=1e-6)


def test_a_disk_without_room_for_a_sound_is_said_to_be_that(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(WriteError, match=r"cannot write .*a\.wav: File too large"):
            provenance.write_wav(tmp_path / "a.wav", np.zeros(9000, np.float32), 8000, LABEL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not [*tmp_path.iterdir()]

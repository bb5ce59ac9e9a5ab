"""A sound as the bytes of a WAV."""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["wav_bytes"]


def wav_bytes(wave: "np.ndarray[Any, Any]", sample_rate_hz: int, subtype: str = "PCM_16") -> bytes:
    """In memory, so that a file's own write says why it fails: of a full disk libsndfile says "System error".

    Args:
        wave: `(samples,)` or `(samples, channels)` in [-1, 1].
        sample_rate_hz: sampling rate.
        subtype: sample format of libsndfile: `"PCM_16"`, `"PCM_24"`, `"FLOAT"`.
    """
    import soundfile

    whole = io.BytesIO()
    soundfile.write(whole, wave, sample_rate_hz, subtype=subtype, format="WAV")
    return whole.getvalue()

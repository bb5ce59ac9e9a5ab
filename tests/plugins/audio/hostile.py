"""Sound files that lie, are broken or are merely rare, as bytes; for tests and for fuzzing.

`BROKEN` must be left out and named, `ODD` must be used, `CUT` must be used and named.
"""

import io
import struct

import numpy as np
import soundfile

RATE = 8000


def noise(count=4000, channels=1, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (count, channels))


def encoded(form="WAV", subtype=None, wave=None, rate=RATE, endian=None):
    """A file of a format of libsndfile."""
    file = io.BytesIO()
    soundfile.write(file, noise() if wave is None else wave, rate, format=form, subtype=subtype, endian=endian)
    return file.getvalue()


def wav(rate=RATE, channels=1, bits=16, code=1, align=None, data=None, size=None, magic=b"RIFF"):
    """A WAV with whatever head is asked for; `size` is what the head claims of `data`."""
    order = ">" if magic == b"RIFX" else "<"
    if data is None:
        data = (noise() * 30_000).astype(f"{order}i2").tobytes()
    align = channels * bits // 8 if align is None else align
    form = struct.pack(order + "HHIIHH", code, channels, rate, rate * align % 2**32, align % 2**16, bits)
    size = len(data) if size is None else size
    body = b"WAVEfmt " + struct.pack(order + "I", 16) + form + b"data" + struct.pack(order + "I", size) + data
    return magic + struct.pack(order + "I", min(len(body), 0xFFFFFFFF) if size < 2**31 else size) + body


def flac(samples=None, rate=None):
    """A FLAC whose head claims another number of samples, 0 = unknown, or another rate."""
    whole = bytearray(encoded("FLAC"))
    if samples is not None:
        whole[21] = whole[21] & 0xF0 | samples >> 32
        whole[22:26] = struct.pack(">I", samples % 2**32)
    if rate is not None:
        whole[18:21] = (rate << 4 | whole[20] & 0x0F).to_bytes(3, "big")
    return bytes(whole)


def halved(data):
    return data[: len(data) // 2]


def flipped(data, share=0.5, count=40):
    """Some bytes in the middle turned over."""
    changed, first = bytearray(data), int(len(data) * share)
    changed[first : first + count] = bytes(255 - byte for byte in changed[first : first + count])
    return bytes(changed)


BROKEN = {
    "empty.wav": b"",
    "text.wav": b"this is text",
    "zeros.mp3": b"\0" * 5000,
    "magic.wav": b"RIFF....WAVE",
    "head.wav": wav()[:44],
    "rate-0.wav": wav(0),
    "rate-1.wav": wav(1),
    "rate-1e9.wav": wav(10**9),
    "rate-most.wav": wav(2**32 - 1),
    "channels-0.wav": wav(channels=0),
    "channels-1025.wav": wav(channels=1025),
    "channels-65535.wav": wav(channels=65535),
    "bits-0.wav": wav(bits=0),
    "bits-65535.wav": wav(bits=65535, align=2),
    "adpcm-without-head.wav": wav(code=2, bits=4),
    "mp3-in-wav.wav": wav(code=0x55),
    "nan.wav": wav(code=3, bits=32, data=np.full(100, np.nan, "<f4").tobytes()),
    "infinite.wav": wav(code=3, bits=32, data=np.full(100, np.inf, "<f4").tobytes()),
    "huge.wav": wav(code=3, bits=32, data=np.full(100, 3e38, "<f4").tobytes()),
    "huge-double.wav": wav(code=3, bits=64, data=np.full(100, 1e300, "<f8").tobytes()),
    "rate-0.flac": flac(rate=0),
    "half.flac": halved(encoded("FLAC")),
    "hurt.flac": flipped(encoded("FLAC")),
    "none.flac": encoded("FLAC")[:60],
}
ODD = {
    "plain.wav": wav(),
    "RIFX.WAV": wav(magic=b"RIFX"),
    "aligned-0.wav": wav(align=0),
    "odd.wav": wav(bits=24, data=b"abc" * 1333 + b"x"),
    "pipe.wav": wav(size=0xFFFFFFFF),
    "pipe-2.wav": wav(size=0x7FFFFFFF),
    "pipe-3.wav": wav(size=0x7FFFF000),
    "pipe.flac": flac(0),
    "extensible.wav": encoded("WAVEX", "PCM_24"),
    "float.wav": encoded("WAV", "FLOAT"),
    "rf64.wav": encoded("RF64"),
    "w64.wav": encoded("W64"),
    "ima.wav": encoded("WAV", "IMA_ADPCM"),
    "ms.wav": encoded("WAV", "MS_ADPCM"),
    "ulaw.wav": encoded("WAV", "ULAW"),
    "gsm.wav": encoded("WAV", "GSM610"),
    "six.wav": encoded("WAVEX", wave=noise(channels=6)),
    "little.aiff": encoded("AIFF", endian="LITTLE"),
    "vorbis.OGG": encoded("OGG"),
    "opus.opus": encoded("OGG", "OPUS"),
    "a.mp3": encoded("MP3", rate=16_000, wave=noise(16_000)),
}
CUT = {
    "cut.wav": wav(size=320_000),
    "cut-extensible.wav": halved(encoded("WAVEX")),
    "cut-rf64.wav": halved(encoded("RF64")),
    "cut-rifx.wav": wav(size=320_000, magic=b"RIFX"),
    "cut.aiff": halved(encoded("AIFF")),
    "cut.ogg": halved(encoded("OGG", wave=noise(40_000))),
    "never-closed.wav": wav(size=0),
    "says-less.wav": wav(size=100),
    "short.flac": flac(40_000),
    "says-less.flac": flac(100),
    "says-one-less.flac": flac(3_999),
    "claims.flac": flac(2**36 - 1),
    "claims-100-mb.wav": wav(size=100_000_000),
    "claims-1-gib.wav": wav(size=2**30),
    "claims-2-gib.wav": wav(size=2**31 - 2**17),
}


def mutant(draw):
    """A file of the above with some bytes changed, cut out, put in or lost at the end.

    Args:
        draw: `random.Random`.

    Returns:
        Its ending and its bytes.
    """
    name, data = draw.choice(sorted({**BROKEN, **ODD, **CUT}.items()))
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        if not changed:
            break
        at = draw.randrange(min(len(changed), draw.choice((64, 256, len(changed)))))
        how = draw.randrange(8)
        if how < 4:
            changed[at] = draw.randrange(256)
        elif how < 6:
            changed[at : at + 4] = draw.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x80"))
        elif how == 6:
            changed[at:at] = draw.randbytes(draw.randrange(16))
        else:
            del changed[at : at + draw.choice((1, 8, len(changed)))]
    return name[name.rindex(".") :], bytes(changed)

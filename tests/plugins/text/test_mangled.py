"""Files of texts with bytes put in, taken out and changed: read, or refused in words, never anything else."""

import gzip
import random

import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.read import read_files

TEXTS = [f"moon {n}, the sun; and\tstars" for n in range(12)]
SEEDS = {
    "a.txt": "\n".join(TEXTS).encode(),
    "a.csv": "".join(f'{n},"{text}"\r\n' for n, text in enumerate(["text", *TEXTS])).encode(),
    "a.tsv": "".join(f"{n}\t{text.split()[0]}\n" for n, text in enumerate(["text", *TEXTS])).encode("utf-16"),
    "a.jsonl": "".join(f'{{"text": "{n} \\ud83d\\n moon", "n": {n}}}\n' for n in range(12)).encode(),
    "a.json": ("[" + ", ".join(f'{{"text": "{n} moon"}}' for n in range(12)) + "]").encode(),
}
PARTS = [b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"\xff", b"{", b"}", b"[", b"[" * 5000, b"null", b"9" * 5000]
PARTS += [b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff\xfe", b"|", b"\\", b'"text"', b"sep=;"]


def mangled(content, rng):
    content = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content) + 1)
        way = rng.randrange(3)
        if way == 0:
            content[at:at] = rng.choice(PARTS)
        elif way == 1:
            del content[at : at + rng.randint(1, 40)]
        else:
            content[at : at + 1] = bytes([rng.randrange(256)])
    return bytes(content)


@pytest.mark.parametrize("name", SEEDS)
def test_mangled_files_are_read_or_refused(name, tmp_path):
    rng = random.Random(name)
    outcomes = set()
    for number in range(200):
        packed = number % 5 == 0
        file = tmp_path / (name + ".gz" if packed else name)
        content = mangled(SEEDS[name], rng)
        file.write_bytes(mangled(gzip.compress(content, mtime=0), rng) if packed else content)
        try:
            texts = read_files(file).texts()
        except DataError:
            outcomes.add("refused")
        else:
            assert all(text and text == text.strip() and text.encode() for text in texts)
            outcomes.add("read")
        file.unlink()
    assert outcomes == {"read", "refused"}

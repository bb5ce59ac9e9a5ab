"""Names from configs and folders, which may come from anyone, as names of files: different names stay different."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from multigan.files.walk import normal

__all__ = ["distinct", "file_name", "of_seed"]

LONGEST_BYTES = 100
"""Of 255 that file systems allow: seed, number and ending follow."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\..*)?")


def file_name(name: str) -> str:
    """A name as a part of a file's name that stays in its folder, on every system.

    Plain names (letters, digits, space, `.`, `_`, `-`) stay as they are. Of others the rest becomes `_`, and `~` with
    ten digits of a checksum follows; so it does where a system would cut, refuse or change the name: names that are
    long, reserved, no NFC, that begin with `.` or `-` (an option, to commands) or end in `.`, `-` or a space.

    Example:
        >>> file_name("digits-1"), file_name("C#"), file_name("C+")
        ('digits-1', 'C_~1689d0c093', 'C_~d3180b8d8b')
    """
    plain = "".join(c if _is_safe(c) else "_" for c in normal(name)).lstrip(".") or "_"
    plain = f"_{plain[1:]}" if plain.startswith("-") else plain
    plain = f"_{plain}" if _RESERVED.fullmatch(plain) else plain
    plain = plain.encode()[:LONGEST_BYTES].decode(errors="ignore")
    kept = plain == name and name != "_" and name[-1] not in ".- "
    return plain if kept else _marked(plain, name)


def distinct(names: Sequence[str]) -> list[str]:
    """`file_name` of each; those that systems take for one (`A` and `a`) have their checksum too."""
    alike = Counter(normal(name).casefold() for name in set(names))
    found = [(name, file_name(name)) for name in names]
    return [_marked(plain, name) if alike[normal(name).casefold()] > 1 else plain for name, plain in found]


def of_seed(seed: int) -> str:
    """A seed in a file's name, which must not begin with `-`: `7`, or `minus7` of -7."""
    return str(seed) if seed >= 0 else f"minus{-seed}"


def _marked(plain: str, name: str) -> str:
    return (
        plain if "~" in plain else f"{plain}~{blake2b(name.encode(errors='surrogatepass'), digest_size=5).hexdigest()}"
    )


def _is_safe(c: str) -> bool:
    return c.isalnum() or c in " ._-" or unicodedata.category(c) in ("Mn", "Mc")

"""Text from files and strangers as plain lines: nothing in it steers a terminal, hides or turns what stands there."""

import json
import unicodedata
from typing import Any

from multigan.core import strict_json

__all__ = ["json_text", "one_line", "words_of"]

JOINERS = "\u200c\u200d"
"""Persian, the scripts of India and composed emoji are written with them; they steer nothing."""
STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories: control, format (direction, zero width), halves of pairs, line and paragraph separators."""


def one_line(text: object) -> str:
    r"""Text for one line of print: line breaks, control characters, marks of direction and broken bytes are escaped.

    Example:
        >>> one_line("red" + chr(27) + "[31m")
        'red\\x1b[31m'
    """
    return "".join(_escaped(c) if _steers(c) else c for c in str(text))


def json_text(value: Any, indent: int | None = 1) -> str:
    """JSON that people can read: other scripts as they are, what steers a terminal as a number."""
    text = strict_json.dumps(value, indent=indent, ensure_ascii=False)
    return "".join(_in_json(c) if c != "\n" and _steers(c) else c for c in text)


def words_of(error: BaseException) -> str:
    """`"ValueError: no such thing"` on one line, whatever the error does when it is asked for its text."""
    kind = type(error).__name__
    try:
        text = str(error)
    # The text is a stranger's program: it may raise anything.
    except BaseException as second:
        text = f"its text cannot be read ({type(second).__name__})"
    return one_line(f"{kind}: {text}" if text else kind)


def _steers(c: str) -> bool:
    return unicodedata.category(c) in STEERING and c not in JOINERS


def _in_json(c: str) -> str:
    return "\\u007f" if c == "\x7f" else json.dumps(c)[1:-1]


def _escaped(c: str) -> str:
    if "\udc80" <= c <= "\udcff":  # a byte of a name that is no text, as Python holds it
        return f"\\x{ord(c) - 0xDC00:02x}"
    return c.encode("unicode_escape", "surrogatepass").decode()

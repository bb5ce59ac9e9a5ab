"""Words from configs, runs and strangers as plain Markdown: nothing in them becomes a heading, a link or HTML."""

import re

from multigan.core.plain import one_line
from multigan.core.shell import typed

__all__ = ["code", "escaped", "python_string", "shell_word"]

_SPECIAL = re.compile(r"[\\`*\[\]<>|#~&$]|(?<![^\W_])_|_(?![^\W_])")
_ADDRESS = re.compile(r"(?i)\b(?:(https?|ftp)(?=://)|(www)(?=\.))")
_BLOCK = re.compile(r"^(\s*)(?:([-+=])|(\d+)(?=[.)](?:\s|$)))")


def escaped(text: object) -> str:
    r"""One line that Markdown shows as it is, in a paragraph, a list or a cell of a table.

    Example:
        >>> escaped("a|b <i> sample_rate_hz")
        'a\\|b \\<i\\> sample_rate_hz'
    """
    line = _SPECIAL.sub(lambda found: "\\" + found[0], one_line(text).strip())
    line = _ADDRESS.sub(lambda found: found[0] + "\\", line)  # in the text of a page an address is a link by itself
    return _BLOCK.sub(lambda found: found[1] + (f"\\{found[2]}" if found[2] else f"{found[3]}\\"), line)


def code(text: object) -> str:
    """One line as inline code, whatever back-quotes are in it."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{line}{space}{fence}"


def python_string(text: str) -> str:
    """A literal of Python on one line, in double quotes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{one_line(plain)}"'


def shell_word(text: str) -> str:
    """One word of a command on one line."""
    return typed(text)

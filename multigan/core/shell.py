"""Words as a person types them into a shell: every command that is printed can be pasted."""

from shlex import quote

from multigan.core.plain import one_line

__all__ = ["typed"]

NAMED = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\\": r"\\", "'": r"\'"}


def typed(word: object) -> str:
    r"""A path or another word, quoted where a shell asks for it, on one line whatever it holds.

    What cannot stand in a line of print (a line break, broken bytes) is spelt as bytes in the quotes of bash and zsh
    that know escapes.

    Args:
        word: as a program takes it.

    Example:
        >>> typed("my run"), typed("a" + chr(10) + "b")
        ("'my run'", "$'a\\nb'")
    """
    text = str(word)
    if one_line(text) == text:
        return quote(text)
    return f"$'{''.join(map(_spelt, text))}'"


def _spelt(c: str) -> str:
    if c in NAMED:
        return NAMED[c]
    return c if one_line(c) == c else "".join(f"\\x{byte:02x}" for byte in _bytes(c))


def _bytes(c: str) -> bytes:
    try:
        return c.encode("utf-8", "surrogateescape")  # as a file system has it
    except UnicodeEncodeError:  # half of a pair, which no file system has
        return c.encode("utf-8", "surrogatepass")

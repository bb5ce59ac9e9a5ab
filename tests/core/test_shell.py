import subprocess

import pytest

from multigan.core.shell import typed


@pytest.mark.parametrize(
    "name", ["plain", "my run", "it's", "a\nb", "a\n'b\\c", "t\tab\x1b[31m", "é\u2028東\n", "$HOME", ""]
)
def test_what_is_printed_is_one_line_and_gives_the_word_to_a_shell(name):
    word = typed(name)
    assert "\n" not in word
    done = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True)
    assert done.stdout.decode() == name


def test_bytes_that_are_no_text_are_kept():
    name = b"a\xffb".decode("utf-8", "surrogateescape")
    done = subprocess.run(["bash", "-c", f"printf %s {typed(name)}"], capture_output=True, check=True)
    assert done.stdout == b"a\xffb"
    assert typed("a\ud800") == r"$'a\xed\xa0\x80'"

"""What `multigan apply` does with generators of text from text: lines, files of lines, standard input."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from multigan.cli.lines import echo, echo_json
from multigan.core.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multigan.generator.answering import How
    from multigan.generator.generator import Generator
    from multigan.plugins.fitted import Answered

__all__ = ["answer"]

STDIN = "-"


class _Given(NamedTuple):
    """Lines from one place.

    Attributes:
        name: of a file, without its ending; "" for lines that were typed or piped.
        file: where they lie, or None.
        lines: empty ones too, so that line i of the output is that of line i.
    """

    name: str
    file: Path | None
    lines: list[str]


def answer(
    generator: "Generator", words: "Sequence[str]", out: Path, how: "How", *, n: int, to_files: bool, json: bool
) -> None:
    """Write what the generator makes of each line.

    Args:
        generator: is given texts.
        words: lines, files of lines, or `-` for standard input.
        out: folder of outputs.
        how: they are written.
        n: outputs a line.
        to_files: whether lines that lie in no file are written into the folder too, and not printed.
        json: print everything as JSON.
    """
    from multigan.core.errors import DataError

    if n > 1 and not how.temperature:
        raise DataError(f"n = {n} outputs of a line", "1: the likeliest text is one", "type --sample")
    given = _named(_given(words))
    if not any(one.lines for one in given):
        what = "standard input" if given[0].file is None else str(given[0].file)
        lines = "a line of text in it" if len(given) == 1 else "a line of text in one of them"
        raise DataError(f"{what} is empty", lines, 'type a line: multigan apply RUN "a line of yours"')
    rows, written, cut, met, empty = list[dict[str, Any]](), list[Path](), list[str](), list["Answered"](), 0
    for one in given:
        made = [_written(generator, one, how, number) for number in range(n)]
        cut += [_place(one, k) for k, answer in enumerate(made[0]) if answer.cut]
        met += made[0]
        own = [made[number][k].text for k in range(len(one.lines)) for number in range(n)]
        empty += sum(not text.strip() for text in own)
        rows += [{"input": line, "outputs": own[k * n : (k + 1) * n]} for k, line in enumerate(one.lines)]
        if one.file is not None or to_files:
            written += _save(generator, one, own, out, how.seed)
        elif not json:
            echo(*own)
    _say(cut, met)
    if empty:
        echo(_empty(empty, n * sum(not row["input"].strip() for row in rows), n * len(rows)), err=True)
    if json:
        echo_json({"lines": rows, "files": [str(path) for path in written]})
    elif written:
        echo(f"{counted(len(written), 'file')} in {out}: {written[0].name}{' ...' if len(written) > 1 else ''}")


def _written(generator: "Generator", one: _Given, how: "How", number: int) -> "list[Answered]":
    """What is made of the lines of one place; of many a person sees how far it is."""
    from multigan.generator.answering import answers
    from multigan.terminal.waiting import waiting

    with waiting(f"writing for {counted(len(one.lines), 'line')}") as tick:
        return answers(generator, one.lines, how, number, tick)


def _place(one: _Given, k: int) -> str:
    """Where a line stands, as a person finds it."""
    from multigan.files.findings import shown

    return f"line {k + 1}" if one.file is None else f"{shown(one.file.name)}:{k + 1}"


def _say(cut: "Sequence[str]", met: "Sequence[Answered]") -> None:
    """What was lost of the inputs."""
    from multigan.cli.strange import strange_words
    from multigan.files.findings import listed

    if cut:
        what = f"{counted(len(cut), 'line is', 'lines are')} longer than the generator reads, and cut"
        echo(f"{what}: {', '.join(listed(cut, len(cut)))}", err=True)
    echo(*strange_words(met), err=True)


def _empty(empty: int, blank: int, outputs: int) -> str:
    """How many outputs hold no text, and of how many the input held none."""
    lines = counted(blank, "the line is", "the lines are").partition(" ")[2]
    why = "" if not blank else f"; {lines} empty" if blank == empty else f"; of {blank:,} {lines} empty"
    return f"{empty:,} of {counted(outputs, 'output')}: empty text{why}"


def _given(words: "Sequence[str]") -> list[_Given]:
    """Lines of files and of standard input; what is neither is a line itself."""
    typed, found = list[str](), list[_Given]()
    for word in words:
        if word == STDIN:
            found.append(_Given("", None, _piped()))
        elif _is_file(word):
            found.append(_Given(Path(word).stem, Path(word), _lines(Path(word))))
        else:
            typed.append(word)
    return [*([_Given("", None, typed)] if typed else []), *found]


def _named(given: list[_Given]) -> list[_Given]:
    """With names of outputs of their own, however alike those of the files are."""
    taken, named = set[str](), list[_Given]()
    for one in given:
        name, number = one.name or "lines", 2
        while name.casefold() in taken:
            name, number = f"{one.name or 'lines'}-{number}", number + 1
        taken.add(name.casefold())
        named.append(one._replace(name=name))
    return named


def _is_file(word: str) -> bool:
    """Whether a word names a file; what looks like one that is not there is an error, and no line."""
    from multigan.core.errors import DataError, did_you_mean
    from multigan.files.listing import absent, beside
    from multigan.plugins.text.read import SUFFIXES

    if not word.strip():  # the path "" is the folder where one stands
        return False
    path = Path(word)
    try:
        there = path.exists()
    except OSError:  # longer than a name may be
        return False
    if there and path.is_dir():
        raise DataError(f"{word} is a folder", "a line, a file of lines, or - for standard input", "name a file in it")
    if not there and " " not in word and word.lower().endswith(SUFFIXES):
        near = beside(path)
        raise DataError(absent(path), "a file of lines", did_you_mean(path.name, near) if near else "check the path")
    return there


def _lines(file: Path) -> list[str]:
    from multigan.core.errors import DataError
    from multigan.plugins.text.read import read_files

    reading = read_files(file)
    if reading.refused:
        raise reading.refused[0]
    if not reading.files:
        raise DataError(
            f"{file} holds no lines, or is no file", "a file of lines", "pipe them: ... | multigan apply RUN -"
        )
    return list(reading.files[0].texts)


def _piped() -> list[str]:
    """Lines of standard input."""
    from multigan.core.errors import DataError

    try:
        return [line.rstrip("\n") for line in sys.stdin.buffer.read().decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        given = f"byte {error.start:,} of standard input is not UTF-8"
        raise DataError(given, "text in UTF-8", "convert it: iconv -t utf-8") from error


def _save(generator: "Generator", one: _Given, texts: "Sequence[str]", out: Path, seed: int) -> list[Path]:
    """One labelled file."""
    import hashlib

    from multigan.plugins.contract import checked_files
    from multigan.provenance.labels import COMPOSITE, make_folder

    data = one.file.read_bytes() if one.file is not None else "\n".join(one.lines).encode()
    label = {
        **generator.label(seed),
        "digital_source_type": COMPOSITE,
        "verb": f"apply {one.file.name if one.file is not None else 'lines'}",
        "input_sha256": hashlib.sha256(data).hexdigest(),
    }
    make_folder(out)
    return checked_files(generator.modality, generator.modality.save(list(texts), out, [one.name], label))

"""Whether the first row of a table is its header or texts, and whether two columns are pairs of texts at all."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

__all__ = ["INPUTS", "TARGETS", "is_header", "may_be_header", "not_pairs"]

INPUTS = ("source", "input", "src", "prompt", "question", "query", "headline", "title", "from", "enc")
TARGETS = ("target", "output", "tgt", "reply", "response", "answer", "lead", "summary", "translation", "to", "dec")
KNOWN = {
    *INPUTS,
    *TARGETS,
    *("text", "texts", "sentence", "sentences", "line", "word", "words", "completion", "instruction"),
    *("category", "class", "context", "document", "article", "original", "simplified", "reference", "hypothesis"),
    *("id", "label", "labels", "date", "dates", "iso", "number", "numbers", "digits", "value", "name", "year", "age"),
    *("code", "time", "format", "written", "spoken", "formal", "informal", "before", "after", "wrong", "right"),
    *("inputs", "outputs", "prompts", "replies", "questions", "answers", "targets", "sources", "responses", "post"),
    *("english", "german", "french", "spanish", "italian", "dutch", "portuguese", "russian", "chinese", "japanese"),
    *("deutsch", "englisch", "français", "anglais", "allemand", "español", "inglés", "italiano", "nederlands"),
    *("eng", "deu", "ger", "fra", "fre", "spa", "ita", "por", "rus", "nld", "zho", "jpn", "lang"),
}
"""Words of which names of columns are made."""
_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
CODES = frozenset(_TWO_LETTERS.split())
"""Languages by two letters, ISO 639-1."""
ALONE = {
    *("", "id", "no", "key", "nr", "index", "idx", "number", "n", "row", "uid", "uuid", "text", "texts", "label"),
    *("labels", "class", "category", "tag", "sentiment", "score", "rating", "stars", "lang", "language", "url", "uri"),
    *("link", "path", "file", "filename", "file_name", "image", "audio", "user", "author", "time", "timestamp", "year"),
}
"""Names of columns that are no side of a pair, or that say that the other is none."""
LONGEST_NAME = 32
WORDS = 3
"""Of a name of a column, at most."""
MOST = 0.95
"""Share of the rows that speaks for all of them: a few odd ones are in every file."""
SHORT = 3
"""Letters, of which two words may be anything: names of columns only where they are known as such."""
SEVERAL = 3
"""Rows, of which fewer say nothing of a kind."""
_CODE = re.compile(r"(?:[a-z]{2}|[A-Z]{2})(?:[-_][A-Za-z]{2,4})?")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")

Row = Sequence[str]


def is_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns, as it is of another kind than the rows below; in doubt it is a pair.

    Args:
        rows: the first rows of a table, at least one, all of as many fields.

    Example:
        >>> is_header([("en", "de"), ("one", "eins")]), is_header([("cat", "dog"), ("fox", "bear")])
        (True, False)
    """
    first, below = rows[0], rows[1:]
    if not all(map(_may_name, first)):
        return False
    if _are_codes(first):
        return sum(all(len(one) <= SHORT and one.isalpha() for one in row) for row in below) <= len(below) / 2
    known = sum(map(_is_known, first))
    if known == len(first):
        return True
    if any(row[k] == one for row in below for k, one in enumerate(first) if one) or len(below) < SEVERAL - 1:
        return False
    if not known and (not all(map(_NAME.fullmatch, first)) or all(len(one) <= SHORT for one in first)):
        return False
    digits = not any(map(_has_digit, first)) and _in_a_column(below, _has_digit)
    return digits or _in_a_column(below, lambda one: len(one.split()) > 1)


def may_be_header(first: Row) -> bool:
    """Whether a first row may name the columns as far as it says itself: one word each, or the usual name of a side.

    Where this holds and `is_header` does not, the rows below do not tell: who asks is told both ways.

    Args:
        first: the row.
    """
    if any(one.lower() in (*INPUTS, *TARGETS) for one in first):
        return True
    return all(one.isascii() and len(one.split()) == 1 and _may_name(one) for one in first)


def not_pairs(names: Row | None, below: Sequence[Row]) -> bool:
    """Whether two columns are no pair of texts: a header says so, one counts the rows, or both are numbers.

    Args:
        names: the header; None = there is none.
        below: rows of two fields each.
    """
    if names is not None and any(one.lower() in ALONE or one.lower().startswith("unnamed:") for one in names):
        return True
    columns = list(zip(*below, strict=True))
    if len(below) < SEVERAL - 1 or (names is not None and _are_codes(names)):
        return False
    numbers = sum(_share(column, lambda one: _NUMBER.fullmatch(one) is not None) >= MOST for column in columns)
    return numbers > (0 if names is not None else 1) or any(map(_counts, columns))


def _are_codes(row: Row) -> bool:
    """`en`, `pt-BR`: each is a language, alone or with a region."""
    return all(_CODE.fullmatch(one) and re.split("[-_]", one)[0].lower() in CODES for one in row)


def _may_name(field: str) -> bool:
    return len(field) <= LONGEST_NAME and len(field.split()) <= WORDS and field[-1:] not in tuple(".?!…,;:")


def _is_known(field: str) -> bool:
    """`English`, `source_text`: all words of it are such that name columns."""
    words = [word for word in re.split(r"[\W_]+", field.lower()) if word]
    return bool(words) and all(word in KNOWN or word in CODES for word in words) and any(w in KNOWN for w in words)


def _has_digit(field: str) -> bool:
    return any(character.isdigit() for character in field)


def _in_a_column(rows: Sequence[Row], of_kind: Callable[[str], bool]) -> bool:
    return any(_share(column, of_kind) >= MOST for column in zip(*rows, strict=True))


def _share(column: Row, of_kind: Callable[[str], bool]) -> float:
    full = [one for one in column if one]
    return sum(map(of_kind, full)) / len(full) if full else 0.0


def _counts(column: Row) -> bool:
    """Whether it is a number that grows with every row."""
    if len(column) < SEVERAL or not all(one.isascii() and one.isdigit() for one in column):
        return False
    return all(int(a) < int(b) for a, b in pairwise(column))

"""Every form in which texts come in files, and what doctor, loader (train, evaluate) and scorer make of it."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.doctor.inspect import inspect_data
from multigan.evaluation.scoring import score_files
from multigan.plugins.text import modality

WORDS = ["moon", "river", "stone", "cat", "house", "red", "tree", "bird"]
WORDS += ["sleeps", "sings", "under", "over", "slowly", "quickly", "dog", "sun"]
LONG_TEXT = "moon " * 40_000 + "sun"
TEXTS = [" ".join(WORDS[(n * k + k) % 16] for k in range(1, 8)) + f" {WORDS[n % 16]}" for n in range(40)]
POEMS = [f"{text}\n{other}" for text, other in zip(TEXTS, reversed(TEXTS), strict=True)]
STRAY = [f'"{t}' if n == 3 else f'{t}"' if n == 9 else t for n, t in enumerate(TEXTS)]
THAI = ["ฉันรักเธอมากที่สุดในโลกและจะรักตลอดไป", "น้ำใสไหลเย็นเห็นตัวปลาว่ายวนอยู่ในสระ"] * 20


def lines(texts, end="\n"):
    return end.join([*texts, ""]).encode()


def table(texts, delimiter=",", header=("id", "text"), end="\r\n"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    if header:
        writer.writerow(header)
    writer.writerows([n, text] for n, text in enumerate(texts))
    return out.getvalue().encode()


def jsonl(rows, ascii_only=False):
    return "".join(json.dumps({"text": row}, ensure_ascii=ascii_only) + "\n" for row in rows).encode()


def split_by(mark):
    return [text.replace(" ", mark, 1) for text in TEXTS]


# form -> (file, content, texts that are read, what doctor and loader both say, options)
READ = {
    "plain": ("a.txt", lines(TEXTS), TEXTS, None, {}),
    "Windows line ends": ("a.txt", lines(TEXTS, "\r\n"), TEXTS, None, {}),
    "old Mac line ends": ("a.txt", lines(TEXTS, "\r"), TEXTS, None, {}),
    "U+2028 in a line": ("a.txt", lines(split_by("\u2028")), split_by("\u2028"), None, {}),
    "U+0085 in a line": ("a.txt", lines(split_by("\x85")), split_by("\x85"), None, {}),
    "form feed in a line": ("a.txt", lines(split_by("\f")), split_by("\f"), None, {}),
    "empty lines": ("a.txt", lines([*TEXTS[:20], "", "  ", *TEXTS[20:]]), TEXTS, "empty-lines", {}),
    "packed": ("a.txt.gz", gzip.compress(lines(TEXTS)), TEXTS, None, {}),
    "ending in capitals": ("A.TXT.GZ", gzip.compress(lines(TEXTS)), TEXTS, None, {}),
    "byte order mark": ("a.txt", b"\xef\xbb\xbf" + lines(TEXTS), TEXTS, None, {}),
    "UTF-16": ("a.csv", table(TEXTS, "\t").decode().encode("utf-16"), TEXTS, "encoding", {}),
    "CSV": ("A.CSV", table(TEXTS), TEXTS, None, {}),
    "CSV, semicolons": ("a.csv", b"\xef\xbb\xbf" + table(TEXTS, ";"), TEXTS, "separator", {}),
    "CSV, sep= line": ("a.csv", b"sep=|\r\n" + table(TEXTS, "|"), TEXTS, "separator", {}),
    "CSV, bars": ("a.csv", table(TEXTS, "|"), TEXTS, "separator", {}),
    "TSV": ("a.tsv", table(TEXTS, "\t"), TEXTS, None, {}),
    "TSV, bare quotes": ("a.tsv", lines(["text\tn", '"Oh," moon said\t1', *(f"{t}\t2" for t in TEXTS)]),
                         ['"Oh," moon said', *TEXTS], "bare-quotes", {}),
    "CSV, one column without header": ("a.csv", lines([f"{t}, yes" if n % 3 == 2 else t for n, t in enumerate(TEXTS)]),
                                       [f"{t}, yes" if n % 3 == 2 else t for n, t in enumerate(TEXTS)],
                                       "no-header", {}),
    "CSV, one column with header": ("a.csv", lines(["text", *TEXTS]), TEXTS, "header", {}),
    "CSV, two columns of a name": ("a.csv", table(TEXTS, header=("text", "text")), TEXTS, None, {"column": "text:2"}),
    "CSV, stray quotes": ("a.csv", lines(["id,text", *(f"{n},{text}" for n, text in enumerate(STRAY))]), STRAY,
                          "quotes-as-text", {}),
    "CSV without header, by number": ("a.csv", table(TEXTS, header=None), TEXTS, "no-header", {"column": 2}),
    "CSV, line breaks in fields": ("a.csv", table(POEMS), POEMS, "several-lines", {}),
    "CSV, long field": ("a.csv", table([*TEXTS, LONG_TEXT]), [*TEXTS, LONG_TEXT], None, {}),
    "CSV, one row of too many fields": ("a.csv", table(TEXTS) + b"99,moon, sun,cat\r\n", TEXTS, "surplus-fields", {}),
    "CSV, the header again between rows": ("a.csv", 2 * table(TEXTS), [*TEXTS, *TEXTS], "repeated-header", {}),
    "CSV, one row of too few fields": ("a.csv", table(TEXTS) + b"99\r\n", TEXTS, "null-texts", {}),
    "CSV, separators at line ends": ("a.csv", table(TEXTS).replace(b"\r\n", b",,\r\n"), TEXTS, None, {}),
    "JSONL": ("a.jsonl", jsonl(TEXTS), TEXTS, None, {}),
    "JSONL, bare strings": ("a.jsonl", lines(map(json.dumps, TEXTS)), TEXTS, None, {}),
    "JSONL, packed": ("a.jsonl.gz", gzip.compress(jsonl(TEXTS)), TEXTS, None, {}),
    "JSONL, U+2028 in strings": ("a.jsonl", jsonl(split_by("\u2028")), split_by("\u2028"), None, {}),
    "JSONL, line breaks in strings": ("a.jsonl", jsonl(POEMS), POEMS, "several-lines", {}),
    "JSONL, null": ("a.jsonl", jsonl([*TEXTS, None]), TEXTS, "null-texts", {}),
    "JSONL, lists": ("a.jsonl", jsonl([*TEXTS, ["moon", "sun"]]), TEXTS, "lists", {}),
    "JSONL, objects": ("a.jsonl", jsonl([*TEXTS, {"en": "moon"}]), TEXTS, "objects", {}),
    "JSONL, numbers": ("a.jsonl", jsonl([*TEXTS, 7]), TEXTS, "numbers", {}),
    "JSONL, true": ("a.jsonl", jsonl([*TEXTS, True]), TEXTS, "truth-values", {}),
    "JSONL, nested": ("a.jsonl", jsonl([{"en": text} for text in TEXTS]), TEXTS, None, {"column": "text.en"}),
    "JSONL, half a character": ("a.jsonl", jsonl([TEXTS[0] + "\ud83d", *TEXTS[1:]], True), TEXTS,
                                "half-characters", {}),
    "JSONL, huge integer elsewhere": ("a.jsonl", jsonl(TEXTS) + b'{"text": "sun", "n": ' + b"9" * 5000 + b"}\n",
                                      [*TEXTS, "sun"], None, {}),
    "marks of their own": ("a.txt", lines(text.replace("a", "a\u0301") for text in TEXTS),
                           [text.replace("a", "á") for text in TEXTS], "normal-form", {}),
    "Thai": ("a.txt", lines(THAI), THAI, None, {}),
    "special tokens": ("a.txt", lines(f"{t} <unk> </s> [PAD] [END] <end>" for t in TEXTS),
                       [f"{t} <unk> </s> [PAD] [END] <end>" for t in TEXTS], None, {}),
}  # fmt: skip

REFUSED = {
    "Latin-1": ("a.txt", lines(TEXTS) + "café\n".encode("latin-1"), r"not UTF-8 \(line 41, byte"),
    "UTF-16 without its mark": ("a.txt", lines(TEXTS).decode().encode("utf-16-le"), "full of control characters"),
    "half a packed file": ("a.txt.gz", gzip.compress(lines(TEXTS))[:-20], "cannot be read"),
    "packed 1,000 times": ("a.txt.gz", gzip.compress((b"moon " * 10_000 + b"\n") * 400),
                           "unpacks to more than 200 times its size"),
    "one endless line": ("a.txt", b"moon " * 2**18, "a.txt:1 is a line of more than 1,048,576 characters"),
    "CSV, unquoted commas": ("a.csv", lines(["text,n", *(f"{t}, yes,1" for t in TEXTS)]),
                             "40 of 40 rows have more than 2"),
    "CSV, quote not closed": ("a.csv", table(TEXTS) + b'99,"moon\r\n' + table(TEXTS, header=None),
                              "a.csv:42 has quotes that"),
    "CSV, quote in a field": ("a.csv", table(TEXTS) + b'99,"moon" sun\r\n', "a.csv:42 has quotes that do not match"),
    "CSV, no such column": ("a.csv", table(TEXTS, header=("id", "body")), "no column 'text'; expected one of id, body"),
    "JSONL, only lists": ("a.jsonl", jsonl([[text] for text in TEXTS]), "40 lists in place of a text"),
    "JSONL, cut off": ("a.jsonl", jsonl(TEXTS)[:-9], r"a\.jsonl:40 is no JSON"),
    "JSONL, deep nesting": ("a.jsonl", jsonl(TEXTS) + b'{"text": "a", "x": ' + b"[" * 100_000 + b"\n",
                            "a.jsonl:41 is nested"),
    "JSONL, no such key": ("a.jsonl", b'{"a": "moon", "b": "sun", "c": "x"}\n' * 40,
                           "no column 'text'; expected one of a, b, c"),
}  # fmt: skip


def loaded(path, **options):
    data = modality.load(str(path), tokens="character", length=400, **options)
    ids = data.items.take(torch.arange(len(data.items)), Draw(0))
    return modality.render(modality.to_real(ids, data.spec), data.spec), data.report


@pytest.fixture
def real(tmp_path):
    path = tmp_path / "real.txt"
    path.write_bytes(lines(TEXTS))
    return path


@pytest.mark.parametrize("form", READ)
def test_all_verbs_read_the_same_texts(form, tmp_path, real):
    name, content, texts, said, options = READ[form]
    (tmp_path / "set").mkdir()
    file = tmp_path / "set" / name
    file.write_bytes(content)

    seen = [text for text in texts if len(text) < 1000]
    found, report = loaded(file, **options)
    assert [text for text in found if len(text) < 400] == seen
    assert len(found) == len(texts)

    doctor = inspect_data(file, overrides=[f"data.{key}={value}" for key, value in options.items()])
    by_name = {one.name: one for one in doctor.findings}
    assert not [one for one in doctor.findings if one.severity == "fault"]
    assert doctor.counts["lines"].startswith(f"{len(texts)}, ")
    if said:
        assert any(line.startswith(by_name[said].what) for line in report)

    scores = score_files(file, real, column=str(options.get("column", "")))
    empty = 2 if form == "empty lines" else 0
    assert scores["counts"]["samples"] == len(texts) + empty
    in_scores = said and said != "empty-lines"  # an empty line is an empty sample
    if in_scores:
        assert any(line.startswith(by_name[said].what) for line in scores["findings"])


@pytest.mark.parametrize("form", REFUSED)
def test_all_verbs_refuse_the_same_files_in_the_same_words(form, tmp_path, real):
    name, content, message = REFUSED[form]
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError, match=message) as of_loader:
        modality.load(str(file))
    with pytest.raises(DataError, match=message) as of_scorer:
        score_files(file, real)
    assert of_scorer.value.given == of_loader.value.given
    doctor = inspect_data(file)
    assert doctor.exit_code == 2
    reason = of_loader.value.given.removeprefix(str(file)).lstrip(": ").split(" (")[0]
    assert any(reason in " ".join([one.what, *one.evidence]) for one in doctor.findings) or "lists" in message


@pytest.mark.parametrize("form", sorted(REFUSED.keys() - {"JSONL, only lists"}))
def test_in_a_folder_such_a_file_is_left_out_and_named(form, tmp_path):
    name, content, _ = REFUSED[form]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_bytes(lines(TEXTS))
    texts, report = loaded(tmp_path)
    assert texts == TEXTS
    (line,) = [line for line in report if line.startswith("1 file cannot be read, left out")]
    assert name in line
    assert [one.what for one in inspect_data(tmp_path).findings if one.severity == "fault"] == [line.split(":")[0]]


def test_the_page_on_text_names_every_form():
    page = (Path(__file__).parents[3] / "docs" / "text.md").read_text(encoding="utf-8")
    assert [form for form in [*READ, *REFUSED] if f"| {form} |" not in page] == []

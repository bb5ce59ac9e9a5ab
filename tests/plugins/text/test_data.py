import gzip

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.text import modality
from multigan.plugins.text.data import vocabulary_size
from multigan.plugins.text.oracle import Oracle


def everything(data):
    return data.items.take(torch.arange(len(data.items)), Draw(0))


def texts(data):
    return modality.render(modality.to_real(everything(data), data.spec), data.spec)


def test_embedded_surnames_are_real():
    data = modality.load("surnames")
    names = set(texts(data))
    assert len(data.items) > 3000
    assert {"Smith", "Garcia", "Rossi"} <= names


def test_lines_come_back(tmp_path):
    lines = ["the cat sat on the mat and then it slept all day", "a dog"]
    (tmp_path / "a.txt").write_text("\n".join(lines) + "\n\n")
    data = modality.load(str(tmp_path / "a.txt"), tokens="word")
    assert texts(data) == lines
    assert any("1 empty line, left out: a.txt: 1" in line for line in data.report)
    assert data.spec.shape[1] == len(data.spec.meta["vocabulary"]["entries"])


@pytest.mark.parametrize(
    ("line", "kind"),
    [("Smith", "character"), ("床前明月光 疑是地上霜", "character"), ("a man is riding a wave on a board", "word")],
)
def test_the_kind_of_token_is_chosen_from_the_lines(tmp_path, line, kind):
    (tmp_path / "a.txt").write_text(f"{line}\n" * 5, encoding="utf-8")
    data = modality.load(str(tmp_path / "a.txt"))
    assert data.spec.meta["vocabulary"]["kind"] == kind
    assert texts(data)[0] == line


def test_csv_jsonl_gz_and_folders(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,one two\n2,three\n")
    (tmp_path / "b.jsonl").write_text('{"text": "four", "x": 1}\n"five"\n')
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"six\n"))
    (tmp_path / "notes.pdf").write_text("x")
    assert texts(modality.load(str(tmp_path), tokens="word")) == ["one two", "three", "four", "five", "six"]
    assert texts(modality.load(str(tmp_path / "a.csv"), tokens="word", column="id")) == ["1", "2"]


def test_long_lines_are_cut_and_counted(tmp_path):
    (tmp_path / "a.txt").write_text("a b c d e\nf g\n")
    data = modality.load(str(tmp_path / "a.txt"), tokens="word", length=3)
    assert texts(data) == ["a b c", "f g"]
    assert any("1 line is longer and was cut" in line for line in data.report)
    assert any("only 2 lines" in line for line in data.report)


BAD = {
    "empty": (b"", "no line with text"),
    "blank": (b"\n \n", "no line with text"),
    "latin": ("ok\ncaf\xe9\n".encode("latin-1"), r"not UTF-8 \(line 2"),
    "binary": (bytes(range(256)), "not UTF-8"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_files_are_one_clear_error(tmp_path, fault):
    content, message = BAD[fault]
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(DataError, match=message):
        modality.load(str(tmp_path / "a.txt"))


def test_more_bad_input(tmp_path):
    with pytest.raises(DataError, match="no text in"):
        modality.load(str(tmp_path))
    (tmp_path / "poems.txt").write_text("x\n")
    with pytest.raises(DataError, match=r"did you mean 'poems\.txt'"):
        modality.load(str(tmp_path / "poem.txt"))
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DataError, match="has no column 'text'; expected one of x, y"):
        modality.load(str(tmp_path / "a.csv"))
    (tmp_path / "b.jsonl").write_text('{"text": "a"}\n{oops\n')
    with pytest.raises(DataError, match=r"b\.jsonl:2 is no JSON"):
        modality.load(str(tmp_path / "b.jsonl"))
    (tmp_path / "c.txt.gz").write_bytes(b"no gzip")
    with pytest.raises(DataError, match="cannot be read"):
        modality.load(str(tmp_path / "c.txt.gz"))


def test_a_byte_order_mark_is_no_text(tmp_path):
    (tmp_path / "a.txt").write_bytes("\ufeffhello\n".encode())
    assert texts(modality.load(str(tmp_path / "a.txt"))) == ["hello"]


@pytest.mark.parametrize(
    ("lines", "kind", "vocab", "size"),
    [(1, "bpe", "auto", 100), (400, "bpe", "auto", 400), (9_000, "bpe", "auto", 4_000), (400, "word", "auto", 5_000)],
)
def test_the_vocabulary_is_as_large_as_texts_can_teach(lines, kind, vocab, size):
    assert vocabulary_size(["x" * 400] * lines, kind, vocab) == size
    assert vocabulary_size(["x" * 400] * lines, kind, 77) == 77


def test_the_oracle_can_be_made_again():
    data = modality.load("oracle", vocab=50, length=6, hidden=8, n=20)
    assert data.spec.shape == (6, 50)
    again = Oracle(**data.spec.meta["oracle"]).sample(20, Draw(0).generator("oracle/train"))
    assert torch.equal(everything(data).long(), again)


def test_real_captions_and_quatrains(real_data):
    captions = modality.load(str(real_data / "text" / "coco" / "image_coco.txt"))
    assert len(captions.items) == 10_000
    assert captions.spec.meta["vocabulary"]["kind"] == "word"

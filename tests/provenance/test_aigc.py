import json
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from multigan.core.errors import DataError
from multigan.provenance import aigc
from multigan.provenance import labels as provenance

FIELDS = [
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
]


@pytest.fixture
def label(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.setenv(aigc.VARIABLE, "公司 <A&B>")
    return provenance.label("g", "ab", "r", 1)


def field_of(packet):
    root = ElementTree.fromstring(packet.partition("?>")[2].rpartition("<?xpacket")[0])
    (found,) = root.iter(f"{{{aigc.NAMESPACE}}}AIGC")
    return json.loads(found.text)


def test_pictures_and_sounds_carry_the_field_in_their_xmp(tmp_path, label):
    pictures = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in pictures:
        provenance.write_png(Image.new("L", (2, 2)), path, label)
    found = []
    for path in pictures:
        with Image.open(path) as image:
            found.append(field_of(image.info["XML:com.adobe.xmp"]))
    assert [list(one) for one in found] == [FIELDS] * 2
    assert (found[0]["Label"], found[0]["ContentProducer"]) == ("1", "公司 <A&B>")
    assert found[0]["ProduceID"] != found[1]["ProduceID"]
    assert provenance.read(pictures[0]) == label

    provenance.write_wav(tmp_path / "a.wav", np.zeros(9, np.float32), 8000, label)
    body = (tmp_path / "a.wav").read_bytes()
    packet = body[body.index(b"<?xpacket") : body.rindex(b"?>") + 2].decode()
    assert field_of(packet)["ContentProducer"] == "公司 <A&B>"

    provenance.write_gif([Image.new("L", (2, 2))] * 2, tmp_path / "a.gif", label)
    assert b"<TC260:AIGC>" in (tmp_path / "a.gif").read_bytes()


def test_texts_carry_it_beside_them(tmp_path, label):
    provenance.write_text(tmp_path / "a.txt", "x\n", label)
    assert json.loads(provenance.read(tmp_path / "a.txt")["AIGC"])["Label"] == "1"
    provenance.write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}], label)
    assert list(json.loads(provenance.read(tmp_path / "a.jsonl")["AIGC"])) == FIELDS


def test_the_same_file_has_the_same_number(tmp_path, label):
    assert aigc.field(label, tmp_path / "a.png") == aigc.field(dict(label), tmp_path / "other" / "a.png")


def test_without_a_producer_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv(aigc.VARIABLE, raising=False)
    label = provenance.label("g", "ab", "r", 1)
    assert aigc.PRODUCER not in label
    provenance.write_png(Image.new("L", (2, 2)), tmp_path / "a.png", label)
    assert b"TC260" not in (tmp_path / "a.png").read_bytes()


@pytest.mark.parametrize("name", ["x" * 129, "a\x00b", "a\nb"])
def test_a_producer_that_is_no_name_is_refused(monkeypatch, name):
    monkeypatch.setattr(aigc.os, "environ", {aigc.VARIABLE: name})
    with pytest.raises(DataError, match="MULTIGAN_AIGC_PRODUCER"):
        aigc.producer()

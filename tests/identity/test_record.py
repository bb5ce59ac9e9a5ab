"""`data.json`: written whole, checked when it is read."""

import json

import pytest

from multigan.core.errors import RunError
from multigan.identity.fingerprint import FileMark, Identity
from multigan.identity.record import Change, Record, read_record, write_record

IDENTITY = Identity(
    "/data", 1, (2,), ("x",), {"scale": 1.5}, "", "", (FileMark("a b.csv", 3, "0" * 32),), ((0.5, -0.25),)
)


def test_it_is_read_as_it_was_written(tmp_path):
    record = Record(IDENTITY, (Change(128, ("1 file added (b.csv)",)),))
    write_record(tmp_path, record)
    assert read_record(tmp_path) == record
    assert '"00000000000000000000000000000000 3 a b.csv"' in (tmp_path / "data.json").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


def test_a_run_of_an_older_version_has_none(tmp_path):
    assert read_record(tmp_path) is None


def changed(**values):
    return lambda plain: plain["identity"].update(values)


DAMAGES = {
    "another format": lambda plain: plain.update(format=2),
    "an unknown key": lambda plain: plain.update(more=1),
    "no identity": lambda plain: plain.pop("identity"),
    "a missing key": lambda plain: plain["identity"].pop("files"),
    "a negative count": changed(items=-1),
    "a count in words": changed(items="many"),
    "a file without a digest": changed(files=["a.csv"]),
    "a huge size": changed(files=["0" * 32 + " " + "9" * 30 + " a"]),
    "a sample of one number": changed(sample=[[1.0]]),
    "changes that are no list": lambda plain: plain.update(changes={}),
    "a change before the start": lambda plain: plain.update(changes=[{"samples": -3, "what": []}]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_one_is_one_line(tmp_path, damage):
    write_record(tmp_path, Record(IDENTITY))
    plain = json.loads((tmp_path / "data.json").read_text())
    DAMAGES[damage](plain)
    (tmp_path / "data.json").write_text(json.dumps(plain))
    with pytest.raises(RunError, match=r"data\.json is damaged"):
        read_record(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[1]"])
def test_what_is_no_json_object_is_one_line(tmp_path, content):
    (tmp_path / "data.json").write_bytes(content)
    with pytest.raises(RunError, match=r"data\.json is damaged"):
        read_record(tmp_path)


def test_the_claim_ends_with_the_first_change():
    whole, broken = Record(IDENTITY), Record(IDENTITY, (Change(128, ("1 file added (b.csv)",)),))
    assert whole.claim("8 are held out: never trained on", 8) == "8 are held out: never trained on"
    assert "never" not in broken.claim("8 are held out: never trained on", 8)
    assert broken.claim("nothing is held out", 0) == "nothing is held out"
    assert whole.warnings() == []
    assert "b.csv" not in broken.warnings()[0]  # a card may print it

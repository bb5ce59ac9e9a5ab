import unicodedata

import pytest

from multigan.core.types import Spec
from multigan.files.names import distinct, file_name, of_seed
from multigan.generator.generator import Generator, make_config
from multigan.nets.lookup import net_builder
from multigan.plugins import modalities

CAFE = "caf\u00e9"
NAMES = [
    "C#",
    "C+",
    "C_",
    "A",
    "a",
    CAFE,
    unicodedata.normalize("NFD", CAFE),
    "CON",
    "con",
    "NUL.txt",
    "com1",
    "x" * 300,
]
NAMES += [
    "x" * 301,
    "x" * 100,
    "",
    "_",
    ".",
    "..",
    "...",
    "a/b",
    "a\\b",
    "a:b",
    "../../etc/x",
    "/",
    "a\nb",
    "a\tb",
    "a\0b",
    "a ",
]
NAMES += [
    "a.",
    "a-",
    " a",
    "\u5927" * 100,
    "\u5927",
    "\U0001f600",
    "\udcff",
    "stra\u00dfe",
    "strasse",
    "C_~1689d0c093",
    "~",
    "-1",
]


@pytest.mark.parametrize(
    "name", ["digits-1", "7", "closed hi-hat", "Anna", "v1.2_b", "\u5927 b", CAFE, "\u0939\u093f\u0928"]
)
def test_plain_names_stay(name):
    assert file_name(name) == name
    assert distinct([name, "other"]) == [name, "other"]


def test_different_names_stay_different_on_every_system(tmp_path):
    found = distinct(NAMES)
    assert len({unicodedata.normalize("NFD", name).casefold() for name in found}) == len(NAMES)
    for name in found:
        (tmp_path / f"{name}-0-00000.png").write_bytes(b"")
        assert (tmp_path / name).parent == tmp_path
        assert len(name.encode()) <= 111
        assert name.split(".")[0].lower() not in ("con", "nul", "com1")
        assert not name.startswith((".", "-"))
        assert name[-1] not in ".- "
    assert len(list(tmp_path.iterdir())) == len(NAMES)


def test_no_seed_makes_a_name_that_looks_like_an_option():
    assert (of_seed(7), of_seed(0), of_seed(-7)) == ("7", "0", "minus7")
    spec = Spec("image", (1, 8, 8))
    net = net_builder(modalities.get("image"), "G", "dcgan")(spec, nz=2, width=2)
    generator = Generator(net, spec, make_config("g", "r", "dcgan", {"nz": 2, "width": 2}, {}))
    assert generator.file_names(2, -1, None) == ["minus1-00000", "minus1-00001"]
    assert generator.sheet_name(-1, None) == "sheet-minus1"


def test_names_do_not_depend_on_the_order_of_classes():
    assert distinct(NAMES[::-1]) == distinct(NAMES)[::-1]


def test_a_generator_writes_one_file_a_sample(tmp_path):
    classes = tuple(name for name in NAMES if name != "\udcff")
    options = {"nz": 2, "width": 2, "conditional": True}
    net = net_builder(modalities.get("image"), "G", "dcgan")(spec := Spec("image", (1, 8, 8), classes), **options)
    generator = Generator(net, spec, make_config("g", "r", "dcgan", options, {}))
    for label in classes:
        generator.save(tmp_path, 1, 0, label)
    assert len(list(tmp_path.iterdir())) == len(classes)
    in_turn = {path.name.rpartition("-")[0] for path in generator.save(tmp_path / "turn", len(classes), 0)}
    assert in_turn == {path.name.rpartition("-")[0] for path in tmp_path.glob("*.png")}

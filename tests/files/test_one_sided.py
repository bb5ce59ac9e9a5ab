import pytest

from multigan.files.one_sided import one_sided

SUFFIXES = (".png",)


def lay(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(b"x")


def test_an_empty_side_is_an_error_that_names_both(tmp_path):
    lay(tmp_path, "A/1.png", "A/2.png")
    (tmp_path / "B").mkdir()
    found = one_sided(tmp_path, SUFFIXES)
    assert (found.there, found.files, found.empty) == (tmp_path / "A", 2, tmp_path / "B")
    assert "A holds 2 files and B/ beside it none" in str(found.error())
    lay(tmp_path, "B/notes.txt")  # of another kind
    assert one_sided(tmp_path, SUFFIXES).empty == tmp_path / "B"
    lay(tmp_path, "B/1.png")
    assert one_sided(tmp_path, SUFFIXES) is None


def test_what_is_kept_for_later_does_not_fill_an_empty_set(tmp_path):
    lay(tmp_path, "trainB/1.png", "testA/1.png", "testB/1.png")
    assert one_sided(tmp_path, SUFFIXES).partner == "trainA"
    (tmp_path / "trainA").mkdir()
    found = one_sided(tmp_path, SUFFIXES)
    assert (found.there, found.files, found.empty, found.trained) == (tmp_path / "trainB", 1, tmp_path / "trainA", True)


@pytest.mark.parametrize(
    ("folder", "partner"), [("trainA", "trainB"), ("input", "target"), ("A", "B"), ("noisy", "clean"), ("lr", "hr")]
)
def test_a_side_alone_is_told_what_its_partner_would_be(tmp_path, folder, partner):
    lay(tmp_path, f"{folder}/1.png")
    found = one_sided(tmp_path, SUFFIXES)
    assert (found.empty, found.partner) == (None, partner)
    assert f"{folder}/ is named like one" in found.hint()
    assert f"put {partner}/ beside it" in found.hint()


@pytest.mark.parametrize("names", [("cat/1.png",), ("photos/1.png",), ("A/1.png", "C/1.png"), ("A/1.png", "2.png"), ()])
def test_other_folders_get_no_word(tmp_path, names):
    lay(tmp_path, *names)
    assert one_sided(tmp_path, SUFFIXES) is None
    assert one_sided(tmp_path / "1.png", SUFFIXES) is None

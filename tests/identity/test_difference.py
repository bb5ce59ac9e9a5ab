"""What differs, in words that name it."""

from dataclasses import replace

import pytest

from multigan.identity.difference import differences
from multigan.identity.fingerprint import FileMark, Identity

FILES = tuple(FileMark(f"{name}.png", 10, f"{number:032x}") for number, name in enumerate("abcdef"))
BASE = Identity(
    "/data", 6, (3, 4, 4), ("x", "y"), {"vocabulary": {"entries": ["", "a", "b"]}, "scale": 0.5}, "l", "h", FILES, ()
)


def with_files(*files):
    return replace(BASE, files=files, items=len(files))


def test_the_same_data_elsewhere_is_the_same():
    found = differences(BASE, replace(BASE, source="/mnt/data"))
    assert not found
    assert found.lines == found.notes == ()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (with_files(*FILES, FileMark("g.png", 1, "9" * 32)), "1 file added (g.png)"),
        (with_files(*FILES[1:]), "1 file missing (a.png)"),
        (with_files(FILES[0]._replace(digest="9" * 32), *FILES[1:]), "1 file changed (a.png)"),
        (with_files(*FILES[1:], FILES[0]._replace(name="z.png")), "1 file renamed (a.png to z.png)"),
        (with_files(*FILES[::-1]), "the order of files is another"),
        (
            with_files(*FILES, *(mark._replace(name=f"0{mark.name}") for mark in FILES)),
            "6 files added (0a.png, 0b.png, 0c.png, ...)",
        ),
        (replace(BASE, held_out="k"), "other items are held out"),
        (replace(BASE, labels="k"), "its labels are others"),
        (replace(BASE, items=7), "6 items before, 7 now"),
    ],
)  # fmt: skip
def test_what_moves_items_is_named(now, said):
    found = differences(BASE, now)
    assert said in found.items
    assert not found.meaning
    assert all("(" not in line for line in found.counts)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (replace(BASE, classes=("y", "x")), "classes [x, y] before, [y, x] now"),
        (replace(BASE, classes=()), "classes [x, y] before, none now"),
        (replace(BASE, shape=(1, 4, 4)), "samples of shape (3, 4, 4) before, (1, 4, 4) now"),
        (
            replace(BASE, meta={"vocabulary": {"entries": ["", "b", "a"]}, "scale": 0.5}),
            "vocabulary.entries differs at entry 1: 'a' before, 'b' now",
        ),
        (
            replace(BASE, meta={"vocabulary": {"entries": ["", "a", "b", "c"]}, "scale": 0.5}),
            "vocabulary.entries has 3 entries before, 4 now",
        ),
        (replace(BASE, meta={**BASE.meta, "scale": 0.6}), "scale is 0.5 before, 0.6 now"),
        (replace(BASE, meta={"scale": 0.5}), "vocabulary is {'entries': ['', 'a', 'b']} before, None now"),
    ],
)
def test_what_changes_the_meaning_of_numbers_is_named(now, said):
    assert said in differences(BASE, now).meaning


def test_rounding_and_what_a_younger_version_adds_are_no_difference():
    younger = {**BASE.meta, "scale": 0.5 * (1 + 1e-7), "joiner": " "}
    assert not differences(BASE, replace(BASE, meta=younger))


def test_other_names_in_the_same_order_are_a_note():
    found = differences(BASE, with_files(*(mark._replace(name=f"x-{mark.name}") for mark in FILES)))
    assert not found
    assert found.notes == ("6 files renamed (a.png to x-a.png, b.png to x-b.png, c.png to x-c.png, ...)",)


def test_copies_of_one_file_are_renamed_one_by_one():
    twice = [FILES[0], FILES[0]._replace(name="copy.png")]
    found = differences(
        with_files(*twice), with_files(FILES[0]._replace(name="1.png"), FILES[0]._replace(name="2.png"))
    )
    assert found.notes == ("2 files renamed (a.png to 1.png, copy.png to 2.png)",)


def test_equal_files_that_read_as_other_items_are_noticed():
    before = replace(BASE, sample=tuple((number / 10, 0.0) for number in range(6)))
    moved = replace(BASE, sample=tuple((number / 10 + 0.1, 0.0) for number in range(6)))
    rounded = replace(BASE, sample=tuple((number / 10 + 1e-5, 0.0) for number in range(6)))
    assert "the same files read as other items" in differences(before, moved).items[0]
    assert not differences(before, rounded)


def test_names_that_would_draw_on_a_terminal_are_escaped():
    found = differences(BASE, with_files(*FILES, FileMark("a\x1b[2J\n.png", 1, "9" * 32)))
    assert found.lines[0].isprintable()

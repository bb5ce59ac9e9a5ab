import pytest

from multigan.recipe.lines import line_of

TEXT = """title = "x"
[train]
batch = 3  # train.samples = 9
samples = 4
[game]
penalties = [
  { name = "r1", weight = 1 },
  { name = "r2", weight = 2 },
]
[optim.D]
lr = 1
[[phases]]
name = "a"
[[phases]]
name = "b"
turns = ["d"]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("train", "batch"), 3),
        (("train", "samples"), 4),
        (("train", "missing"), 2),
        (("optim", "D", "lr"), 11),
        (("game", "penalties", 0, "weight"), 7),
        (("game", "penalties", 1, "weight"), 8),
        (("phases", 0, "name"), 13),
        (("phases", 1, "name"), 15),
        (("nothing",), None),
    ],
)
def test_lines_are_found(path, line):
    assert line_of(TEXT, path) == line


TWICE = '''title = "[train]\\nbatch = 1"
note = """
[data]
lr = 5
batch = 6
"""
[optim]
lr = 1
[optim.D]
lr = 2
[train]
batch = 3
optim = { lr = 4, "G" = { lr = 5 } }
[[phases]]
optim.lr = 6
[[phases]]
optim = { lr = 7 }
[[phases.deep]]
lr = 8
[[phases.deep]]
lr = 9
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("train", "batch"), 12),  # not in the title, not in the note
        (("note",), 2),
        (("optim", "lr"), 8),
        (("optim", "D", "lr"), 10),
        (("train", "optim", "lr"), 13),
        (("train", "optim", "G", "lr"), 13),
        (("phases", 0, "optim", "lr"), 15),
        (("phases", 1, "optim", "lr"), 17),
        (("phases", 1, "deep", 0, "lr"), 19),
        (("phases", 1, "deep", 1, "lr"), 21),
        (("data", "lr"), None),
    ],
)
def test_the_same_key_in_several_places(path, line):
    assert line_of(TWICE, path) == line


def test_an_array_of_several_lines_knows_the_line_of_each_entry():
    text = "[train]\nloggers = [\n  'a',  # ] }\n  'b',\n]\nbatch = 2\n"
    found = [line_of(text, ("train", *path)) for path in [("loggers",), ("loggers", 1), ("batch",)]]
    assert found == [2, 4, 6]


def test_comments_and_lists_in_tables_of_one_line_are_no_hindrance():
    text = (
        "a = [\n  { n = 'x', p = [  # one\n    1,  # two\n    2,  # three\n  ] },\n  { n = 'y' },  # four\n]  # five\n"
    )
    assert [line_of(text, ("a", *path)) for path in [(), (0, "n"), (0, "p", 1), (1, "n")]] == [1, 2, 4, 6]
    assert line_of(text.replace("a = [", "t = { b = [").replace("]  #", "] }  #"), ("t", "b", 1, "n")) == 6


def test_a_file_of_very_many_lines_is_not_searched():
    assert line_of("a = 1\n" + "# b\n" * 1000, ("a",)) is None

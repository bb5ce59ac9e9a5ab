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

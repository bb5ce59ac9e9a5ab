import re

import pytest

from multigan.core.errors import RecipeError
from multigan.nets import programs
from multigan.nets.programs import is_program, offer, pinned, program_of, refuse_unpinned, text_of

GOOD = "from torch import nn\n\n\ndef build(width=4):\n    return nn.Linear(width, width)\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(programs, "_offered", {})
    monkeypatch.setattr(programs, "_modules", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_function_is_found_with_its_line(tmp_path):
    (tmp_path / "a.py").write_text(GOOD)
    program = program_of("py:a.py:build")
    assert program.place == "a.py:4"
    assert program.function(3).in_features == 3
    assert is_program("py:a.py:build")
    assert not is_program("wavegan")


def test_a_pinned_name_means_the_same_whatever_becomes_of_the_file(tmp_path):
    (tmp_path / "a.py").write_text(GOOD)
    name = pinned("py:a.py:build")
    assert re.fullmatch(r"py:a\.py:build@[0-9a-f]{32}", name)
    assert pinned(name) == name
    (tmp_path / "a.py").write_text("raise ValueError")
    assert text_of(name) == GOOD
    programs._modules.clear()
    assert program_of(name).function(2).in_features == 2


def test_a_copy_of_others_is_run_only_where_it_is_trusted(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text(GOOD)
    name = pinned("py:a.py:build")
    sha = name.partition("@")[2]
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "other"))
    programs._offered.clear()
    programs._modules.clear()
    with pytest.raises(RecipeError, match="no copy of that file is here"):
        program_of(name)
    offer(GOOD)
    with pytest.raises(RecipeError, match=f"has not trained with; expected one that you trust.*MULTIGAN_TRUST={sha}"):
        program_of(name)
    assert programs._modules == {}
    monkeypatch.setenv("MULTIGAN_TRUST", f"1234,{sha}")
    assert program_of(name).function().in_features == 4


def test_a_copy_that_was_changed_is_none(tmp_path):
    (tmp_path / "a.py").write_text(GOOD)
    name = pinned("py:a.py:build")
    (tmp_path / "cache" / "programs" / f"{name.partition('@')[2]}.py").write_text("raise ValueError")
    programs._offered.clear()
    with pytest.raises(RecipeError, match="no copy of that file is here"):
        program_of(name)


def test_what_lies_beside_can_be_imported(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "beside_it_lies.py").write_text("WIDTH = 7\n")
    (tmp_path / "inner" / "a.py").write_text("from beside_it_lies import WIDTH\n\n\ndef build():\n    return WIDTH\n")
    assert program_of("py:inner/a.py:build").function() == 7


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        (GOOD, "py:a.py", r"G\.net = 'py:a\.py'; expected py:FILE\.py:FUNCTION"),
        (GOOD, "py:a.py:build@12", r"expected py:FILE\.py:FUNCTION"),
        (GOOD, "py:b.py:build", r"there is no such file: .*b\.py; expected py:FILE"),
        (GOOD, "py:a.py:biuld", r"a\.py has no function 'biuld'; did you mean 'build'\?"),
        ("import torch\nimport no_such_thing\n", "py:a.py:build", r"a\.py:2: ModuleNotFoundError: No module named"),
        ("x = 1\ndef build(:\n", "py:a.py:build", r"a\.py:2: SyntaxError"),
        ("def f():\n    raise ValueError('no')\n\n\nf()\n", "py:a.py:build", r"a\.py:2: ValueError: no"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path, text, name, words):
    (tmp_path / "a.py").write_text(text)
    with pytest.raises(RecipeError, match=words):
        program_of(name)


def test_what_others_name_by_its_path_is_refused(tmp_path):
    (tmp_path / "a.py").write_text(GOOD)
    refuse_unpinned("dcgan")
    refuse_unpinned(pinned("py:a.py:build"))
    for name in ("py:a.py:build", f"py:{tmp_path}/a.py:build"):
        with pytest.raises(RecipeError, match=r"not the one that was trained with; expected py:FILE\.py:FUNCTION@HASH"):
            refuse_unpinned(name)

import asyncio
from types import SimpleNamespace

import pytest

from multigan.core.errors import DataError
from multigan.demo.parts import class_of, served, shown, unchecked, uploaded
from multigan.demo.serve import told
from multigan.generator.generator import load


def test_the_line_and_the_page_say_which_generator_of_which_run_is_served(tiny, tmp_path):
    run = tmp_path / "my run"
    tiny("points").save_pretrained(run / "generator-best")
    tiny("points").save_pretrained(run / "generator")
    (run / "recipe.toml").write_text("")
    best, last, alone = load(run), load(run, "last"), load(run / "generator")
    assert served(best) == f"the best generator of {run}"
    assert served(last, name_only=True) == "the last generator of my run"
    assert served(alone) == f"the generator {run / 'generator'}"
    assert served(tiny("points")) == "the generator points"
    line = told([best, alone], "http://x:1")
    assert line.startswith("2 generators at http://x:1 (Ctrl-C ends): the best generator of ")
    assert line.endswith(f"the generator {run / 'generator'}; --which last takes the last ones")
    assert "--which" not in told([last], "http://x:1")


class Error(Exception):
    def __init__(self, text, print_exception=True):
        super().__init__(text)
        self.print_exception = print_exception


class Component:
    data_model = dict

    def api_info(self):
        return {"type": "string"}

    def preprocess(self, value):
        raise TypeError

    async def async_move_resource_to_block_cache(self, path):
        return path


@pytest.fixture
def gr(tmp_path):
    (tmp_path / "uploads").mkdir()
    return SimpleNamespace(Error=Error, utils=SimpleNamespace(get_upload_folder=lambda: str(tmp_path / "uploads")))


def test_only_files_that_were_sent_are_opened(gr, tmp_path):
    good = tmp_path / "uploads" / "a.png"
    assert uploaded(gr, {"path": str(good)}) == good
    strangers = [None, "x", {"path": 3}, {"path": "/etc/hostname"}, {"path": f"{tmp_path}/uploads/../secret"}]
    for value in strangers:
        with pytest.raises(DataError, match="no file was uploaded"):
            uploaded(gr, value)


def test_fields_hand_over_anything_but_fetch_nothing(gr):
    field = unchecked(gr, Component())
    assert field.preprocess([1]) == [1]
    assert field.data_model is None
    assert field.api_info() == {"type": "string"}
    move = field.async_move_resource_to_block_cache
    assert asyncio.run(move("/uploads/a.png")) == "/uploads/a.png"
    for address in ("http://example.org/a.png", "HTTPS://example.org/a.png"):
        with pytest.raises(Error, match="nothing is fetched") as caught:
            asyncio.run(move(address))
        assert not caught.value.print_exception


def test_our_errors_become_messages_without_traceback(gr, actions):
    def wrong():
        raise DataError("n = 0", "more", "type 1")

    with pytest.raises(Error, match="n = 0; expected more; type 1") as caught:
        shown(gr, wrong)
    assert not caught.value.print_exception
    view, archive = shown(gr, lambda: actions("points").generate(2))
    assert "overview" in view
    assert archive.endswith(".zip")


def test_the_first_entry_is_no_class():
    assert (class_of("all in turn"), class_of("dog"), class_of("any", "any")) == (None, "dog", None)

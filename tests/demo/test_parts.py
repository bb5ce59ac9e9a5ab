import asyncio
from types import SimpleNamespace

import pytest

from multigan.core.errors import DataError
from multigan.demo.parts import class_of, shown, unchecked, uploaded


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

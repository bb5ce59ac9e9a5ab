import base64
import re

import pytest

from multigan.demo import show
from multigan.demo.show import html
from multigan.provenance import labels as provenance


@pytest.mark.parametrize(("modality", "tag", "suffix"), [("image", "img", ".png"), ("audio", "audio", ".wav")])
def test_the_page_holds_the_files_themselves(actions, tmp_path, modality, tag, suffix):
    result = actions(modality).generate(3, seed=1)
    found = re.findall(rf'<{tag} [^>]*src="data:[a-z/]+;base64,([^"]+)"', html(result))
    assert len(found) == 3
    path = tmp_path / f"saved{suffix}"
    path.write_bytes(base64.b64decode(found[1]))
    assert path.read_bytes() == result.files[1].read_bytes()
    assert provenance.read(path)["seed"] == "1"


def test_texts_are_escaped(actions):
    result = actions("text").generate(40, seed=0)
    assert any("<" in text for text in result.texts)
    page = html(result)
    assert page.count("<li>") == 40
    inside = re.sub(r"</?(ol|li)[^>]*>", "", page)
    assert "<" not in inside


def test_an_overview_is_shown_where_samples_cannot_be(actions):
    assert html(actions("points").generate(9)).count('class="overview"') == 1
    moving = html(actions("image").walk(0, 1, 3))
    assert "image/gif" in moving
    assert 'class="overview"' not in moving


def test_what_is_too_large_is_left_to_the_download(actions, monkeypatch):
    monkeypatch.setattr(show, "LARGEST_INLINE_BYTES", 1000)
    assert "too large" in html(actions("audio").generate(2))


def test_what_was_known_stands_beside_what_was_filled(actions, tmp_path):
    one = actions("image")
    path = one.generate(1).files[0]
    page = html(one.inpaint(path, "1,1,3,3", steps=1, starts=1))
    assert re.findall(r"<figcaption>([^<]+)", page) == ["what was known", "filled-0"]
    assert "27 of 192 values filled" in page
    assert "<li>" in html(actions("text").fill("b_"))

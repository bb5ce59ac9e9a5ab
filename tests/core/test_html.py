from multigan.core.html import Html, join, tag


def test_what_is_no_html_is_escaped_everywhere():
    evil = '"><script>alert(1)</script>'
    made = tag("p", evil, tag("b", evil), title=evil)
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 3


def test_html_stays_and_none_is_left_out():
    assert join("a<", None, Html("<br>"), 3) == "a&lt;<br>3"


def test_attributes():
    assert tag("img.a.b", alt="x", data_h="y", hidden=None) == '<img class="a b" alt="x" data-h="y">'
    assert tag("audio", controls=True, muted=False) == "<audio controls></audio>"

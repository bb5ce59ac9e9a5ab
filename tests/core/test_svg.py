from multigan.core.svg import label, line


def test_lines_and_labels_are_rounded_and_escaped():
    assert line(0, 1.23456, 2, 3, "tick") == '<line class="tick" x1="0" y1="1.2" x2="2" y2="3"></line>'
    assert line(0, 0, 1, 1, stroke_dasharray="4 3").startswith('<line x1="0"')
    assert 'stroke-dasharray="4 3"' in line(0, 0, 1, 1, stroke_dasharray="4 3")
    assert label("a<b>", 1, 2, "end") == '<text x="1" y="2" text-anchor="end">a&lt;b&gt;</text>'

from multigan.plugins.abilities import Insights, Judged, able
from multigan.plugins.points import modality as points
from multigan.plugins.text import modality as text


def test_texts_have_both_and_points_see_nothing_as_their_generator_does():
    assert able(text, Judged)
    assert able(text, Insights)
    assert not able(points, Insights)

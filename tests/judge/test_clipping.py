from multigan.judge.clipping import CLIPPED, clipping


def test_what_is_far_more_often_clipped_than_reals_is_named_with_what_to_do():
    said = clipping(0.08, 0.0)
    assert said.startswith(
        "fakes clip: 8.0% of their samples lie in flat tops at full scale, where 0.0% of reals' are near"
    )
    assert "lower rate of G" in said


def test_reals_that_clip_themselves_and_a_touch_of_full_scale_are_no_alarm():
    assert clipping(0.08, 0.09) == ""
    assert clipping(CLIPPED, 0.0) == ""

"""One question for all who read an evaluation: is it of these weights, beside the run's data?"""

import pytest

from multigan.run.judged import OTHER_DATA, OTHER_WEIGHTS, judged_weights, not_of


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"generator": {"weights_sha256": "xyz"}}, OTHER_WEIGHTS),
        ({"generator": {}}, ""),
        ({"generator": None}, ""),
        ({"data_changed": True}, OTHER_DATA),  # of a version that said no more
        ({"data_changed": True, "data_other": False}, ""),  # changed while the run was trained
        ({"data_changed": True, "data_other": True}, OTHER_DATA),
    ],
)
def test_an_evaluation_counts_for_its_weights_beside_the_run_s_data(more, why):
    assert not_of({"generator": {"weights_sha256": "abc"}, **more}, "abc") == why


def test_no_generator_is_another_one():
    found = {"generator": {"weights_sha256": "abc"}}
    assert (judged_weights(found), judged_weights({})) == ("abc", "")
    assert (not_of(found, None), not_of({}, None)) == (OTHER_WEIGHTS, "")

"""Class scores with the classifier of the data's own labels."""

from multigan.evaluation.run import evaluate


def test_the_classifier_judges_sharpness_and_balance(ring, copy_of):
    found = evaluate(copy_of(ring), samples=300, extractor="classifier", cache=False)
    score, imbalance = found.score("class_score"), found.score("class_imbalance")
    assert 1 <= score.value <= 8
    assert 7 < score.floor <= 8
    assert 0 <= imbalance.value <= 1
    assert "classes without fakes" in imbalance.note
    assert found.facts["extractor"]["name"] == "classifier"

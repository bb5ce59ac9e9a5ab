from multigan.publish.table import evaluation_table, metric_results

SCORE = {
    "key": "frechet",
    "title": "Fréchet distance",
    "value": 1.25,
    "low": 1.1,
    "high": 1.4,
    "better": "lower",
    "floor": 0.2,
    "floor_note": "trained against held out",
    "baseline": 9.0,
    "baseline_note": "mean item",
    "n_fake": 2000,
    "n_real": 1797,
}
EVALUATION = {"seed": 3, "extractor": {"name": "default"}, "scores": [SCORE], "verdict": ["looks well"]}


def test_a_number_has_its_frame():
    text = evaluation_table(EVALUATION)
    row = next(line for line in text.splitlines() if "Fréchet" in line)
    assert row == (
        "| Fréchet distance | 1.25 | 1.1 to 1.4 | lower | 0.2 (trained against held out) | 9 (mean item) "
        "| 2,000 / 1,797 |"
    )
    assert "Seed 3; features: default" in text
    assert "> looks well" in text


def test_missing_values_are_dashes_not_zeros():
    row = evaluation_table({"scores": [{"key": "x", "value": None}]}).splitlines()[2]
    assert row == "| x | – | – | – | – | – | – / – |"


def test_no_evaluation_says_so():
    assert evaluation_table(None).startswith("Not evaluated")
    assert evaluation_table({"scores": []}).startswith("Not evaluated")
    assert metric_results(None, "d", "t") == []


def test_the_hub_gets_values_with_their_floor_and_none_that_is_missing():
    (result,) = metric_results({"scores": [SCORE, {"key": "x", "value": None}]}, "digits", "image")
    assert (result.metric_type, result.metric_value) == ("frechet", 1.25)
    assert result.metric_args["floor"] == 0.2

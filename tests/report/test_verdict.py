from multigan.report.verdict import verdict_card


def test_the_doctors_word_and_its_command():
    html = verdict_card({"name": "collapsed", "evidence": ["<few>"], "command": "multigan x", "why": "y"}, {}, {}, "")
    assert "Collapsed" in html
    assert "verdict bad" in html
    assert "&lt;few&gt;" in html
    assert "multigan x" in html


def test_a_run_without_vitals_has_no_verdict():
    assert "No verdict" in verdict_card({}, {}, {}, "")


def test_a_crash_and_a_signal_are_said():
    assert "ValueError: x" in verdict_card({}, {}, {}, "ValueError: x")
    assert "stopped by SIGINT" in verdict_card({}, {}, {"interrupted_by": "SIGINT"}, "")


def test_the_evaluations_word():
    assert "<li>far</li>" in verdict_card({}, {"verdict": ["far"]}, {}, "")


def test_healthy_training_of_what_is_still_far_is_headed_by_the_evaluations_word():
    judged = {"health": {"name": "still far", "why": ["a <judge> calls 97% rightly", "coverage .2"]}, "verdict": []}
    html = verdict_card({"name": "healthy", "evidence": []}, judged, {}, "")
    assert "<h2>Still far</h2>" in html
    assert "verdict warn" in html
    assert "still far: a &lt;judge&gt; calls 97% rightly" in html
    assert "<h2>Diverged</h2>" in verdict_card({"name": "diverged", "evidence": []}, judged, {}, "")
    assert "<h2>Healthy</h2>" in verdict_card({"name": "healthy"}, {"health": [1]}, {}, "")


def test_an_evaluation_has_looked_further_than_numbers_alone():
    judged = {"health": {"name": "healthy", "why": ["a judge calls 52% rightly"]}, "verdict": []}
    glanced = {"name": "too short to say", "signs": ["glanced"], "evidence": ["a fast look"]}
    assert "<h2>Healthy</h2>" in verdict_card(glanced, judged, {}, "")
    assert "<h2>Too short to say</h2>" in verdict_card(glanced, {}, {}, "")
    card = verdict_card(glanced, judged, {}, "")
    assert card.index("a judge calls 52% rightly") < card.index("<h3>Training</h3>") < card.index("a fast look")
    assert "<h2>Healthy</h2>" in verdict_card({**glanced, "signs": ["unmeasured"]}, judged, {}, "")
    assert "<h2>Too short to say</h2>" in verdict_card({**glanced, "signs": ["too-short"]}, judged, {}, "")


def test_where_training_was_nearly_there_an_evaluation_has_looked_further():
    judged = {"health": {"name": "still far", "why": ["a judge calls 84% rightly"]}, "verdict": []}
    assert "<h2>Still far</h2>" in verdict_card({"name": "undecided", "evidence": []}, judged, {}, "")
    assert "<h2>Undecided</h2>" in verdict_card({"name": "undecided", "evidence": []}, {}, {}, "")


def test_the_headline_says_who_speaks():
    """Of pairs an evaluation has words of its own."""
    paired = {"health": {"name": "better than what needs no training", "why": ["BLEU 40, beside 12 of the input"]}}
    before, after = (verdict_card({"name": "healthy", "evidence": []}, judged, {}, "") for judged in ({}, paired))
    assert "Verdict of training" in before
    assert "<h2>Healthy</h2>" in before
    assert "Verdict of the evaluation" in after
    assert "<h2>Better than what needs no training</h2>" in after
    assert "Verdict of training" in verdict_card({"name": "diverged", "evidence": []}, paired, {}, "")

from multigan.judge.enough import too_few


def test_few_iterations_and_few_samples_are_too_few():
    assert too_few(99, 6000) == too_few(99) == "below 100 nothing can be expected"
    assert too_few(320, 320) == "these saw 320 samples, and below 400 nothing can be expected"
    assert too_few(100) == too_few(100, 400) == ""

from multigan.plugins.text.pick import Pick


def test_choices_are_a_function_of_the_seed_and_reach_both_ends():
    one, other = Pick(3), Pick(3)
    numbers = [one.number(1, 6) for _ in range(200)]
    assert numbers == [other.number(1, 6) for _ in range(200)]
    assert set(numbers) == {1, 2, 3, 4, 5, 6}
    assert Pick(0).number(0, 10**6) == 844422  # on every machine and version


def test_several_are_different():
    assert sorted(Pick(0).several("abcd", 4)) == list("abcd")

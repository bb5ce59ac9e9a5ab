import pytest
from pydantic import TypeAdapter, ValidationError

from multigan.recipe import numbers


@pytest.mark.parametrize("kind", ["Beta", "Count", "Finite", "Fraction", "NonNegative", "Positive", "Seed", "Whole"])
@pytest.mark.parametrize(
    "value", [True, False, float("nan"), float("inf"), -float("inf"), 1e300, 10**400, "x", None, [1]]
)
def test_no_kind_takes_what_is_no_number(kind, value):
    with pytest.raises(ValidationError):
        TypeAdapter(getattr(numbers, kind)).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        ("Beta", [0, 0.5, 0.999], [-0.1, 1, 2]),
        ("Count", [1, 2e5, numbers.LARGEST], [0, -1, 0.5, numbers.LARGEST + 1]),
        ("Finite", [-1e30, 0, 7], []),
        ("Fraction", [0, 1], [-0.1, 1.1]),
        ("NonNegative", [0, 1e30], [-1]),
        ("Positive", [1e-300, 5], [0, -1]),
        ("Seed", [0, numbers.LARGEST], [-1, 99999999999999999999]),
    ],
)
def test_ranges(kind, taken, refused):
    adapter = TypeAdapter(getattr(numbers, kind))
    assert [adapter.validate_python(value) for value in taken] == taken
    for value in refused:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


@pytest.mark.parametrize(
    ("given", "taken", "said"),
    [
        (3, 3, ""),
        (True, True, ""),
        ("x", "x", ""),
        (None, None, ""),
        (True, 1, "not true or false"),
        (float("nan"), float("nan"), "finite"),
        (1e300, 1e300, "finite"),
        (10**30, 10**30, "whole number up to"),
        ([1, True], (1, 1), "not true or false"),
        ([1.0, float("inf")], (1.0, float("inf")), "finite"),
        ([1, 2], (1, 2), ""),
    ],
)
def test_complaints_about_options(given, taken, said):
    found = numbers.complaint(given, taken)
    assert said in found
    assert bool(found) == bool(said)

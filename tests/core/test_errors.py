import pytest

from multigan.core import errors


def test_a_message_has_given_expected_and_fix():
    error = errors.RecipeError("train.batch = 0", "a positive number", "type --set train.batch=64")
    assert str(error) == "train.batch = 0; expected a positive number; type --set train.batch=64."
    assert (error.given, error.expected) == ("train.batch = 0", "a positive number")


@pytest.mark.parametrize("name", [n for n in errors.__all__ if n.endswith("Error")])
def test_every_error_is_in_the_tree(name):
    cls = getattr(errors, name)
    assert issubclass(cls, errors.MultiGANError)
    assert cls.__doc__
    assert name in errors.__doc__


def test_did_you_mean():
    assert errors.did_you_mean("hing", ["hinge", "wasserstein"]) == "did you mean 'hinge'?"
    assert errors.did_you_mean("xyz", ["b", "a"]) == "choose from a, b"
    assert errors.did_you_mean("xyz", []) == "there is none to choose from"

import errno

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


@pytest.mark.parametrize(
    ("number", "expected", "fix"),
    [
        (errno.ENOSPC, "a disk with free space", "free space"),
        (errno.EDQUOT, "a disk with free space", "free space"),
        (errno.EFBIG, "no limit on the size of a file", "raise the limit on files (ulimit -f)"),
        (errno.EACCES, "the right to write there", "give yourself the right to write there"),
        (errno.EPERM, "the right to write there", "give yourself the right to write there"),
        (errno.EROFS, "a disk that is not read-only", "make that disk writable"),
        (errno.ENAMETOOLONG, "names of at most 255 bytes", "type a shorter name"),
        (errno.EIO, "a writable folder", "look there"),
    ],
)
def test_what_could_not_be_written_asks_for_space_only_where_space_is_wanting(number, expected, fix):
    assert errors.unwritten(OSError(number, "why")) == (expected, fix)
    assert errors.unwritten(RuntimeError(f"I/O error: why (os error {number})")) == (expected, fix)


def test_did_you_mean():
    assert errors.did_you_mean("hing", ["hinge", "wasserstein"]) == "did you mean 'hinge'?"
    assert errors.did_you_mean("xyz", ["b", "a"]) == "choose from a, b"
    assert errors.did_you_mean("xyz", []) == "there is none to choose from"

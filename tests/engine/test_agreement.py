import pytest
import torch

from multigan.core.errors import DivergedError, RunError
from multigan.core.types import Loss
from multigan.engine.agreement import ElsewhereError, all_or_none, everywhere, in_one_voice, nonfinite
from multigan.engine.distributed import World


class Heard(World):
    """The second of two processes, with a message from the first, as the connection would bring it."""

    def any(self, flag):
        return flag or self.local_rank == 1

    def first_words(self, words):
        return (0, "theirs") if self.local_rank == 1 else (1, words)


WELL, ILL = Heard(1, 2, 0), Heard(1, 2, 1)


def loss(total, **parts):
    return Loss(torch.tensor(total), {name: torch.tensor(value) for name, value in parts.items()})


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_the_part_that_is_not_finite_is_named(bad):
    assert nonfinite(loss(1.0, a=bad), 3) is None  # a part that is only logged
    assert "b is not finite at step 3" in str(nonfinite(loss(bad, a=1.0, b=bad), 3))
    assert "the total loss is not finite" in str(nonfinite(loss(bad, a=1.0), 3))


def test_each_process_raises_its_own_error_or_that_it_is_elsewhere():
    own = DivergedError("mine")
    assert not own.everywhere
    assert everywhere(own) is own
    assert own.everywhere
    assert isinstance(everywhere(None), ElsewhereError)
    assert everywhere(None).everywhere
    assert not DivergedError.everywhere


def test_a_block_diverges_on_all_or_on_none():
    with all_or_none(World()), all_or_none(WELL):
        done = True
    assert done
    with pytest.raises(ElsewhereError), all_or_none(ILL):
        pass
    for world in (World(), WELL):
        with pytest.raises(DivergedError, match="mine") as caught, all_or_none(world):
            raise DivergedError("mine")
        assert caught.value.everywhere


def test_another_error_is_not_told():
    class Deaf(World):
        def any(self, flag):
            raise AssertionError("the others are not asked")

    with pytest.raises(RunError, match="full"), all_or_none(Deaf(0, 2)):
        raise RunError("disk full")


def test_all_speak_in_the_words_of_one():
    own = everywhere(DivergedError("mine"))
    assert in_one_voice(own, WELL) is own
    heard = in_one_voice(everywhere(None), ILL)
    assert type(heard) is DivergedError
    assert str(heard) == "theirs."
    assert heard.everywhere


@pytest.mark.parametrize("error", [DivergedError("of one process"), RunError("disk full"), KeyboardInterrupt()])
def test_what_not_all_have_raised_is_told_to_nobody(error):
    assert in_one_voice(error, ILL) is error


def test_a_lone_process_speaks_for_itself():
    own = everywhere(DivergedError("mine"))
    assert in_one_voice(own, World()) is own

from pathlib import Path

from multigan.pace.enough import Enough


def test_it_asks_until_there_is_a_reason_and_says_it_once():
    reasons, said = iter(["", "", "it knows all by heart"]), []
    enough = Enough(lambda: next(reasons), said.append, Path("my runs/x"), 4.0)
    assert [enough() for _ in range(5)] == [False, False, True, True, True]
    (line,) = said
    assert line.startswith("it ends early: it knows all by heart; the best one is kept")
    assert line.endswith("multigan train --resume 'my runs/x' --minutes 4")

"""Processes that read other data than the first end together, in the same words."""

from pathlib import Path

from multigan.engine.distributed import World
from multigan.identity.agree import agree
from multigan.identity.fingerprint import Identity

WORKER = Path(__file__).with_name("agree_worker.py")
POINTS = "".join(f"{number},{number % 7}\n" for number in range(100))


def test_one_process_agrees_with_itself():
    agree(Identity("/x", 0, (2,), (), {}, "", "", (), ()), World())


def test_unequal_data_is_refused_on_all_in_the_same_words(torchrun, tmp_path):
    for name in ("equal", "unequal"):
        for rank in range(3):
            (tmp_path / name / str(rank)).mkdir(parents=True)
            more = "5,5\n" if (name, rank) == ("unequal", 2) else ""
            (tmp_path / name / str(rank) / "points.csv").write_text(POINTS + more)
    torchrun(WORKER, 3, tmp_path)
    assert [(tmp_path / f"equal-{rank}.txt").read_text() for rank in range(3)] == ["fine"] * 3
    first, *others = [(tmp_path / f"unequal-{rank}.txt").read_text() for rank in range(3)]
    assert others == [first, first]
    assert first.startswith("True processes of this run have different data; process 2 reads")
    assert "1 file changed (points.csv)" in first
    assert "100 items before, 101 now" in first

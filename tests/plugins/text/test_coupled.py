import torch

from multigan.core.draw import Draw
from multigan.inputs.beside import pair_up
from multigan.plugins.text import modality
from multigan.plugins.text.coupled import load_couple
from multigan.plugins.text.vocabulary import Vocabulary


def load(tmp_path, given=None, **options):
    path = tmp_path / "pairs.tsv"
    path.write_text("prompt\treply\nwho is it\tit is me\nwho is it\tnobody\nwhere\there\n", encoding="utf-8")
    return load_couple(str(path), None, {"tokens": "word", **options}, given or {}, swap=False)


def test_both_sides_share_a_vocabulary_unless_inputs_have_options_of_their_own(tmp_path):
    shared = load(tmp_path)
    assert shared.target.spec.meta["vocabulary"] == shared.source.spec.meta["vocabulary"]
    own = load(tmp_path, {"tokens": "character", "length": 5})
    assert own.source.spec.meta["vocabulary"]["kind"] == "character"
    assert own.source.spec.shape[0] == 5
    assert "who" not in own.target.spec.meta["vocabulary"]["entries"]
    assert any("2 are longer and cut" in line for line in own.target.report)


def test_item_i_belongs_to_item_i_and_pairs_of_one_input_stay_together(tmp_path):
    found = load(tmp_path)
    pairs = pair_up(found.target, found.source, modality)
    rows = torch.arange(3)
    texts = [
        [Vocabulary.from_meta(spec.meta).decode(ids) for ids in raw.tolist()]
        for raw, spec in (
            (pairs.inputs.take(rows, Draw(0)), pairs.inputs.spec),
            (pairs.items.take(rows, Draw(0)), pairs.spec),
        )
    ]
    assert texts == [["who is it", "who is it", "where"], ["it is me", "nobody", "here"]]
    assert pairs.items.groups.tolist() == [0, 0, 1]
    assert pairs.files == (tmp_path / "pairs.tsv",)


def test_as_many_byte_pairs_as_the_texts_can_teach(tmp_path):
    path = tmp_path / "pairs.tsv"
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
    rows = [(f"the {day} of {month} {year}", f"{year}, {month}, {day}") for day in range(1, 15) for month in months
            for year in range(1900, 1990, 10)]  # fmt: skip
    path.write_text("".join(f"{one}\t{other}\n" for one, other in rows))
    characters = sum(len(one) + len(other) for one, other in rows)
    found = load_couple(str(path), None, {"tokens": "bpe", "vocab": "auto"}, {}, swap=False)
    assert 100 < found.target.spec.shape[1] == characters // 400 < 4_000
    line = f"one vocabulary for both, {characters // 400} byte pairs, as many as the texts can teach (another number"
    assert any(one.startswith(line) for one in found.target.report)
    large = load_couple(str(path), None, {"tokens": "bpe", "vocab": 200}, {}, swap=False)
    assert large.target.spec.shape[1] > found.target.spec.shape[1]


def test_a_vocabulary_that_cannot_be_so_small_is_told(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"a line of {k}\teine Zeile von {k}\n" for k in range(40)))
    found = load_couple(str(path), None, {"tokens": "bpe", "vocab": 60}, {"vocab": 3}, swap=False)
    told = "input.vocab = 3 is fewer than the different characters of the texts, which are byte pairs too: "
    assert any(line.startswith(told) for line in found.target.report)
    assert not any("data.vocab" in line and "fewer" in line for line in found.target.report)

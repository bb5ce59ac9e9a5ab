import torch

from multigan.inputs.beside import pair_up
from multigan.plugins.text import modality
from multigan.plugins.text.coupled import load_couple
from multigan.plugins.text.recall import NEAREST, copied, is_trained, recalled


def pairs(tmp_path, given=None):
    path = tmp_path / "pairs.tsv"
    rows = ["the red cup\tone", "the blue cup\ttwo", "the red hat\tthree", "the green hat\tfour"]
    path.write_text("".join(f"{row}\n" for row in ["prompt\treply", *rows]), encoding="utf-8")
    found = load_couple(str(path), None, {"tokens": "word"}, given or {}, swap=False)
    return pair_up(found.target, found.source, modality)


def source_of(data, row):
    raw = data.inputs.take(torch.tensor([row]), None)
    return modality.to_real(raw, data.inputs.spec)


def test_the_nearest_input_shares_the_rarest_tokens(tmp_path):
    data = pairs(tmp_path)
    found = recalled(data, torch.tensor([0, 1, 3]), source_of(data, 2))[NEAREST]
    assert modality.render(found, data.spec)[0] in ("one", "four")
    same = recalled(data, torch.tensor([0, 1, 2, 3]), source_of(data, 1))[NEAREST]
    assert modality.render(same, data.spec) == ["two"]


def test_targets_that_were_trained_on_are_known(tmp_path):
    data = pairs(tmp_path)
    targets = modality.to_real(data.items.take(torch.arange(4), None), data.spec)
    assert is_trained(data, torch.tensor([0, 2]), targets).tolist() == [True, False, True, False]


def test_a_copied_input_is_written_in_the_targets_tokens(tmp_path):
    data = pairs(tmp_path)
    name, made = copied(source_of(data, 0), data.inputs.spec, data.spec)
    assert name == "the input as it is"
    assert modality.render(made, data.spec)[0].startswith("the red"[: len("the red")])
    own = pairs(tmp_path, {"tokens": "character"})
    assert copied(source_of(own, 0), own.inputs.spec, own.spec)[1].shape == (1, *own.spec.shape)

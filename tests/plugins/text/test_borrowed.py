"""A tiny T5 that is saved here by transformers, and gone on from."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

import multigan
from multigan.core.errors import DataError, MultiGANError, RecipeError
from multigan.generator.answering import answers
from multigan.generator.generator import load
from multigan.plugins.text.borrowed import borrowed_vocabulary
from multigan.plugins.text.data import TextOptions, tokenize
from multigan.plugins.text.seq2seq import build_g

LINES = ["the dog runs home", "a dog sleeps", "the cat runs", "a cat sleeps at home"]
SIZES = {"width": 16, "layers": 1, "heads": 2, "hidden": 24, "reach": 128}


@pytest.fixture(scope="module", params=["unigram", "word"])
def folder(request, tmp_path_factory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    place, special = tmp_path_factory.mktemp("t5"), ["<pad>", "</s>", "<unk>"]
    if request.param == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        trainer = trainers.UnigramTrainer(vocab_size=40, special_tokens=special, unk_token="<unk>", show_progress=False)
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    else:
        tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
        trainer = trainers.WordLevelTrainer(special_tokens=special, show_progress=False)
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator(LINES, trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(place)
    torch.manual_seed(3)
    config = T5Config(
        vocab_size=tokenizer.get_vocab_size() + 5,
        d_model=16,
        d_kv=8,
        d_ff=24,
        num_layers=1,
        num_heads=2,
        dropout_rate=0.0,
    )
    T5ForConditionalGeneration(config).save_pretrained(place)
    return place


def test_tokens_are_the_folders_in_another_order(folder):
    from tokenizers import Tokenizer

    theirs, ours = Tokenizer.from_file(str(folder / "tokenizer.json")), borrowed_vocabulary(str(folder))
    assert ours.entries[:2] == ("</s>", "<unk>")
    assert ours.is_whole()
    for line in [*LINES, "the zebra runs"]:
        names = [theirs.id_to_token(k) for k in theirs.encode(line, add_special_tokens=False).ids]
        assert [ours.entries[k] for k in ours.encode(line)] == names
    assert ours.decode([*ours.encode("the dog runs"), 0]).strip() == "the dog runs"


def test_logits_are_those_of_transformers(folder, logits_agree):
    from transformers import T5ForConditionalGeneration

    found = tokenize(LINES, TextOptions(tokenizer=str(folder)))
    G = build_g(found.spec, found.spec, **SIZES, weights=str(folder)).eval()
    G.begin()
    T5 = T5ForConditionalGeneration.from_pretrained(folder).eval()
    logits_agree(G, T5, found, folder)


def test_a_run_begins_with_them_and_needs_them_no_more(folder, tmp_path):
    (tmp_path / "pairs.tsv").write_text("source\ttarget\n" + "".join(f"{line}\t{LINES[0]}\n" for line in LINES * 10))
    sets = [
        f"data.source={tmp_path / 'pairs.tsv'}",
        f"data.tokenizer={folder}",
        "G.net=seq2seq",
        f"G.weights={folder}",
        "G.dropout=0",
    ]
    sets += [f"G.{name}={value}" for name, value in SIZES.items()]
    sets += ["phases=[]", "train.samples=4", "train.batch=4", "train.vitals=0", "train.sheets=0", "train.report=false"]
    run = multigan.train("text/pairs", run=tmp_path / "run", overrides=[*sets, "D.embed=4", "D.hidden=4"], quiet=True)
    config = json.loads((run.folder / "generator" / "config.json").read_text())
    assert "weights" not in config["net"]["options"]
    assert len(answers(load(run.folder), ["the dog runs"])) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"width": 32}, "other sizes than G: width"),
        ({"reach": 64}, "--set G.reach=128"),
        ({"weights": "nowhere"}, "there is no 'nowhere'; expected a folder"),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_type(folder, change, said):
    found = tokenize(LINES, TextOptions(tokenizer=str(folder)))
    G = build_g(found.spec, found.spec, **{**SIZES, "weights": str(folder), **change})
    with pytest.raises(RecipeError, match=said):
        G.begin()


def test_other_words_and_no_tokenizer_are_refused(folder, tmp_path):
    found = tokenize(LINES, TextOptions(tokens="character"))
    with pytest.raises(RecipeError, match="knows no"):
        build_g(found.spec, found.spec, **SIZES, weights=str(folder)).begin()
    with pytest.raises(DataError, match="is no tokenizer"):
        borrowed_vocabulary(str(tmp_path))
    (tmp_path / "config.json").write_text('{"library_name": "multigan"}')
    with pytest.raises(RecipeError, match=r"is a generator of MultiGAN.*train --resume"):
        build_g(found.spec, found.spec, **SIZES, weights=str(tmp_path)).begin()
    (tmp_path / "config.json").write_text('{"model_type": "bart"}')
    with pytest.raises(MultiGANError, match="of the kind 'bart'"):
        build_g(found.spec, found.spec, **SIZES, weights=str(tmp_path)).begin()


def damaged(folder, place, name):
    shutil.copytree(folder, place)
    config, file = place / "config.json", place / "model.safetensors"
    weights, said = load_file(file), json.loads(config.read_text())
    first = next(key for key in weights if "decoder.block.0" in key)
    tensors = {
        "none": {"x": torch.zeros(2)},
        "few": {key: value for key, value in weights.items() if "decoder" not in key},
        "more": {**weights, "x": torch.zeros(2)},
        "shape": {**weights, first: torch.zeros(3, 3)},
        "nan": {**weights, first: weights[first] * float("nan")},
    }
    words = {"list": [1, 2], "null": None, "text": {**said, "d_model": "32"}, "odd": {**said, "feed_forward_proj": 7}}
    words["gated"] = {**said, "feed_forward_proj": "gated-gelu"}
    if name in tensors:
        save_file(tensors[name], file, {"format": "pt"})
    elif name in words:
        config.write_text(json.dumps(words[name]))
    elif name == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif name == "gone":
        file.unlink()
    else:
        config.unlink()


DAMAGES = {
    "none": r"t5/model\.safetensors lacks .*of the T5 in config\.json",
    "few": r"t5/model\.safetensors lacks decoder\.",
    "more": r"t5/model\.safetensors has too many: x;",
    "shape": r"t5/model\.safetensors has in another shape decoder\.block\.0",
    "nan": r"t5/model\.safetensors has NaN or infinity in decoder\.block\.0",
    "list": r"t5/config\.json holds no JSON object",
    "null": r"t5/config\.json holds no JSON object",
    "text": r"t5/config\.json says d_model = '32'; expected a whole number",
    "odd": r"t5/config\.json ",
    "gated": r"t5/config\.json says feed_forward_proj = 'gated-gelu'; expected 'relu'; use a T5 of the first version",
    "cut": r"t5/model\.safetensors holds no weights that can be read",
    "gone": r"t5 holds no model\.safetensors",
    "empty": r"t5 holds no config\.json",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_folder_is_named_before_sizes_are_asked_for(folder, tmp_path, name, caplog, capfd):
    damaged(folder, tmp_path / "t5", name)
    found = tokenize(LINES, TextOptions(tokenizer=str(folder)))
    G = build_g(found.spec, found.spec, **{**SIZES, "reach": 64, "weights": str(tmp_path / "t5")})
    capfd.readouterr()
    with pytest.raises(RecipeError, match=DAMAGES[name]) as said:
        G.begin()
    assert "G.reach" not in str(said.value)
    assert "\n" not in str(said.value)
    assert "LOAD REPORT" not in caplog.text + "".join(capfd.readouterr())

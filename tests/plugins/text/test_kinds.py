"""A tiny BART from scratch, one that is saved here by transformers, and the sizes of its paper."""

import json

import pytest
import torch
import torch.nn.functional as F

import multigan
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.generator.answering import answers
from multigan.generator.generator import load
from multigan.plugins.text.borrowed import borrowed_vocabulary
from multigan.plugins.text.data import TextOptions, tokenize
from multigan.plugins.text.kinds import body_of
from multigan.plugins.text.seq2seq import build_g

LINES = ["the dog runs home", "a dog sleeps", "the cat runs", "a cat sleeps at home"]
SIZES = {"kind": "bart", "width": 16, "layers": 1, "heads": 2, "hidden": 24, "reach": 32}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

    place, special = tmp_path_factory.mktemp("bart"), ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=60, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(LINES, trainer)
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(place)
    torch.manual_seed(3)
    sizes = {"d_model": 16, "max_position_embeddings": 32, "dropout": 0.0, "init_std": 0.3}
    for side in ("encoder", "decoder"):
        sizes |= {f"{side}_layers": 1, f"{side}_attention_heads": 2, f"{side}_ffn_dim": 24}
    BART = BartForConditionalGeneration(BartConfig(vocab_size=tokenizer.get_vocab_size(), **sizes))
    with torch.no_grad():
        BART.final_logits_bias.copy_(torch.randn_like(BART.final_logits_bias))
    BART.save_pretrained(place)
    return place


def test_the_base_model_has_as_many_parameters_as_the_published_one():
    sizes = {"width": 768, "layers": 6, "heads": 12, "hidden": 3072, "reach": 1024}
    with torch.device("meta"):
        body = body_of("bart", 50_265, sizes, 0.1)
    assert sum(value.numel() for value in body.parameters()) == 139_420_416


def test_logits_are_those_of_transformers(folder, logits_agree):
    from transformers import BartForConditionalGeneration

    found = tokenize(LINES, TextOptions(tokenizer=str(folder)))
    G = build_g(found.spec, found.spec, **SIZES, weights=str(folder)).eval()
    G.begin()
    BART = BartForConditionalGeneration.from_pretrained(folder).eval()
    logits_agree(G, BART, found, folder)
    assert borrowed_vocabulary(str(folder)).entries[:2] == ("</s>", "<unk>")


def test_the_row_of_the_end_learns():
    spec = _spec(5)
    torch.manual_seed(0)
    G = build_g(spec, spec, **SIZES)
    tokens = torch.tensor([[2, 3, 0, 0, 0]])
    G.written(F.pad(tokens[:, :-1], (1, 0)), G.read(F.one_hot(tokens, 5).float())).square().sum().backward()
    assert G.body.get_input_embeddings().weight.grad[0].abs().sum() > 0
    assert G.body.get_input_embeddings().weight[0].abs().sum() > 0


def _spec(length):
    words = {"kind": "word", "entries": ["", "�", "a", "b", "c"], "tokenizer": ""}
    return Spec("text", (length, 5), (), {"end": 0, "vocabulary": words}, 1)


def test_what_does_not_fit_is_said_with_what_to_type(folder):
    with pytest.raises(RecipeError, match="reach = 32 for texts of 40 tokens") as said:
        build_g(_spec(40), _spec(5), **SIZES)
    assert "--set G.reach=40" in said.value.fix
    found = tokenize(LINES, TextOptions(tokenizer=str(folder)))
    with pytest.raises(RecipeError, match=r"--set G\.reach=32"):
        build_g(found.spec, found.spec, **{**SIZES, "reach": 64}, weights=str(folder)).begin()
    with pytest.raises(RecipeError, match="of the kind 'bart'") as said:
        build_g(found.spec, found.spec, **{**SIZES, "kind": "t5"}, weights=str(folder)).begin()
    assert "--set G.kind=bart" in said.value.fix


def test_a_run_begins_with_it_and_needs_it_no_more(folder, tmp_path):
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
    assert config["net"]["options"]["kind"] == "bart"
    assert "weights" not in config["net"]["options"]
    assert len(answers(load(run.folder), ["the dog runs"])) == 1

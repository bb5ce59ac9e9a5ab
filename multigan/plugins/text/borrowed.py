"""Tokens and weights out of a folder that the package transformers saved: a T5 to go on from."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.errors import DataError, RecipeError
from multigan.files.findings import shown
from multigan.plugins.text.vocabulary import Vocabulary

__all__ = ["borrowed_vocabulary", "borrowed_weights"]

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
ENDS, UNKNOWNS = ("</s>", "[END]", "<|endoftext|>", "[SEP]"), ("<unk>", "[UNK]")
FIX = "save both: model.save_pretrained(FOLDER) and tokenizer.save_pretrained(FOLDER)"
WHERE = ("weights",)
SIZES = {
    "d_model": "width",
    "num_layers": "layers",
    "num_heads": "heads",
    "d_ff": "hidden",
    "relative_attention_max_distance": "reach",
}
KINDS = ("num_decoder_layers", "d_kv", "feed_forward_proj", "relative_attention_num_buckets", "tie_word_embeddings")
WORDS = ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")


def borrowed_vocabulary(folder: str) -> Vocabulary:
    """The tokens of a folder, in an order in which 0 ends a text and 1 is unknown.

    Raises:
        DataError: it holds no fast tokenizer with an end and an unknown token.
    """
    path = Path(folder).expanduser() / TOKENIZER
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        table = _table(found["model"]["vocab"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{shown(path)} is no tokenizer", f"a {TOKENIZER} of transformers", FIX) from error
    named = [next((name for name in names if name in table), None) for names in (ENDS, UNKNOWNS)]
    if None in named:
        given = f"{shown(path)} has no {'end' if named[0] is None else 'unknown token'}"
        raise DataError(given, f"one of {', '.join(ENDS if named[0] is None else UNKNOWNS)}", "use another tokenizer")
    added = {one["content"]: one["id"] for one in found.get("added_tokens", [])}
    pieces = sorted({**table, **added}.items(), key=lambda one: one[1])
    order = [*(str(name) for name in named), *(piece for piece, _ in pieces if piece not in named)]
    place = {piece: k for k, piece in enumerate(order)}
    vocab = found["model"]["vocab"]
    if isinstance(vocab, list):  # of Unigram: what is added later has no score
        scores = dict(vocab)
        found["model"]["vocab"] = [[piece, scores.get(piece, 0.0)] for piece in order]
        found["model"]["unk_id"] = 1
    else:
        found["model"]["vocab"] = place
    for one in found.get("added_tokens", []):
        one["id"] = place[one["content"]]
    found["post_processor"] = found["padding"] = found["truncation"] = None  # ends are put by the encoder of texts
    return Vocabulary("bpe", order, json.dumps(found))


def borrowed_weights(folder: str, net: Any, entries: list[str]) -> dict[str, Tensor]:
    """Weights of a folder's T5 for a net of the same sizes, its rows of words in the order of `entries`.

    Args:
        folder: with a model of transformers and its tokenizer.
        net: a `T5ForConditionalGeneration`.
        entries: of the vocabulary, first the end and the unknown token.

    Raises:
        RecipeError: it holds none, of other sizes, of another kind, or with other words.
    """
    place = Path(folder).expanduser()
    try:
        config = json.loads((place / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecipeError(f"{shown(place)} holds no model", f"a {CONFIG} of transformers", FIX, key=WHERE) from error
    if config.get("model_type") != "t5":
        given = f"{shown(place)} holds a model of the kind {config.get('model_type')!r}"
        raise RecipeError(given, "one of the kind 't5'", "save a T5", key=WHERE)
    from transformers import T5Config, T5ForConditionalGeneration

    theirs_config = T5Config.from_dict(config)
    wrong = {
        ours: getattr(theirs_config, name) for name, ours in SIZES.items() if _differs(name, theirs_config, net.config)
    }
    if wrong:
        sets = " ".join(f"--set G.{ours}={value}" for ours, value in wrong.items())
        given = f"{shown(place)} is of other sizes than G: {', '.join(wrong)}"
        raise RecipeError(given, "the same", f"type {sets}", key=WHERE)
    odd = next((name for name in KINDS if _differs(name, theirs_config, net.config)), None)
    if odd is not None:
        given = f"{shown(place)} has {odd} = {getattr(theirs_config, odd)!r}"
        raise RecipeError(given, repr(getattr(net.config, odd)), "use a T5 of the first version", key=WHERE)
    try:
        theirs = T5ForConditionalGeneration.from_pretrained(place, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise RecipeError(f"{shown(place)} holds no weights of a T5", "whole files", FIX, key=WHERE) from error
    table = _ids(place)
    unknown = [piece for piece in entries if piece not in table]
    if unknown:
        given, fix = f"{shown(place)} knows no {unknown[0]!r}", f"type --set data.tokenizer={place}"
        raise RecipeError(given, "the words of the data", fix, key=WHERE)
    rows = torch.tensor([table[piece] for piece in entries])
    return {key: value[rows] if key in WORDS else value for key, value in theirs.state_dict().items()}


def _differs(name: str, one: Any, other: Any) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _table(vocab: Any) -> dict[str, int]:
    return {piece: k for k, (piece, _) in enumerate(vocab)} if isinstance(vocab, list) else dict(vocab)


def _ids(place: Path) -> dict[str, int]:
    """Every piece of the folder's tokenizer with the row that it has there."""
    try:
        found = json.loads((place / TOKENIZER).read_text(encoding="utf-8"))
        return {**_table(found["model"]["vocab"]), **{one["content"]: one["id"] for one in found["added_tokens"]}}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"{shown(place)} has no {TOKENIZER}", "that of the model", FIX, key=WHERE) from error

"""Tokens and weights out of a folder that the package transformers saved: a T5 to go on from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.errors import DataError, RecipeError
from multigan.core.plain import one_line
from multigan.files.findings import listed, shown
from multigan.files.listing import absent
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
NUMBERS = (*SIZES, "d_kv", "num_decoder_layers", "relative_attention_num_buckets", "vocab_size")
KINDS = {"feed_forward_proj": "relu", "relative_attention_num_buckets": 32, "tie_word_embeddings": True}
"""Of the first version of T5; 1.1 has gated layers, and another table of words where it writes."""
FILES = ("model.safetensors", "model.safetensors.index.json")
BROKEN = (OSError, ValueError, RuntimeError, TypeError, AttributeError, LookupError, EOFError, ImportError)
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
        RecipeError: it does not exist, or holds none, broken or not all of them, of other sizes, of another kind, or
            with other words.
    """
    place = Path(folder).expanduser()
    config = _config(place)
    file, weights = _weights(place, config)
    wrong = {
        ours: getattr(config, name)
        for name, ours in SIZES.items()
        if getattr(config, name) != getattr(net.config, name)
    }
    if wrong:
        sets = " ".join(f"--set G.{ours}={value}" for ours, value in wrong.items())
        given = f"{shown(place)} is of other sizes than G: {', '.join(wrong)}"
        raise RecipeError(given, "the same", f"type {sets}", key=WHERE)
    table = _ids(place)
    unknown = [piece for piece in entries if piece not in table]
    if unknown:
        given, fix = f"{shown(place)} knows no {unknown[0]!r}", f"type --set data.tokenizer={place}"
        raise RecipeError(given, "the words of the data", fix, key=WHERE)
    rows = torch.tensor([table[piece] for piece in entries])
    known = len(weights[WORDS[0]])
    if int(rows.max()) >= known:
        given = f"{shown(file)} has rows for {known:,} words, {shown(place / TOKENIZER)} for more"
        raise RecipeError(given, "one for every word", FIX, key=WHERE)
    return {key: value[rows] if key in WORDS else value for key, value in weights.items()}


def _config(place: Path) -> Any:
    """What the folder says of its model, where that is a T5 of the first version."""
    from huggingface_hub.errors import StrictDataclassError
    from transformers import T5Config

    said, file = _said(place), place / CONFIG
    if said.get("model_type") != "t5":
        given = f"{shown(file)} is of a model of the kind {said.get('model_type')!r}"
        raise RecipeError(given, "one of the kind 't5'", "save a T5", key=WHERE)
    for name in NUMBERS:
        number = said.get(name)
        if number is not None and (type(number) is not int or number < 1):
            raise RecipeError(f"{shown(file)} says {name} = {number!r}", "a whole number from 1 on", FIX, key=WHERE)
    try:
        config = T5Config.from_dict(said)
    except (*BROKEN, StrictDataclassError) as error:
        raise RecipeError(f"{shown(file)} is of no T5 ({_why(error)})", "its sizes", FIX, key=WHERE) from error
    alike = {"num_decoder_layers": config.num_layers, "d_kv": config.d_model // config.num_heads}
    for name, first in {**KINDS, **alike}.items():
        if (found := getattr(config, name)) != first:
            given, fix = f"{shown(file)} says {name} = {found!r}", "use a T5 of the first version"
            raise RecipeError(given, repr(first), fix, key=WHERE)
    return config


def _said(place: Path) -> dict[str, Any]:
    """The JSON object of the folder's file of sizes."""
    wanted, file = f"a folder with {CONFIG}, {FILES[0]} and {TOKENIZER} of a T5", place / CONFIG
    if not place.is_dir():
        given = f"'{shown(place)}' is no folder" if place.exists() else absent(place)
        raise RecipeError(given, wanted, f"check the path, or {FIX}", key=WHERE)
    if not file.exists():
        raise RecipeError(f"{shown(place)} holds no {CONFIG}", wanted, FIX, key=WHERE)
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RecipeError(f"{shown(file)} cannot be read ({_why(error)})", "JSON", FIX, key=WHERE) from error
    if not isinstance(said, dict):
        raise RecipeError(f"{shown(file)} holds no JSON object", "the one that transformers wrote", FIX, key=WHERE)
    return said


def _why(error: Exception) -> str:
    return one_line(" ".join(str(error).split()))


def _weights(place: Path, config: Any) -> tuple[Path, dict[str, Tensor]]:
    """The file of the folder's weights and all of these: what is not there would be random numbers."""
    from safetensors import SafetensorError
    from transformers import T5ForConditionalGeneration

    file = next((place / name for name in FILES if (place / name).exists()), None)
    if file is None:
        raise RecipeError(f"{shown(place)} holds no {FILES[0]}", "the weights of its model", FIX, key=WHERE)
    how = {
        "local_files_only": True,
        "use_safetensors": True,
        "output_loading_info": True,
        "ignore_mismatched_sizes": True,
    }
    try:
        with _quiet():
            theirs, found = T5ForConditionalGeneration.from_pretrained(place, config=config, **how)
    except (*BROKEN, SafetensorError) as error:
        given = f"{shown(file)} holds no weights that can be read ({_why(error)})"
        raise RecipeError(given, "a whole file", FIX, key=WHERE) from error
    for kind, what in (("missing", "lacks"), ("mismatched", "has in another shape"), ("unexpected", "has too many:")):
        names = sorted(one if isinstance(one, str) else one[0] for one in found.get(f"{kind}_keys", ()))
        if names:
            given = f"{shown(file)} {what} {', '.join(listed(names, len(names)))}"
            raise RecipeError(given, f"every tensor of the T5 in {CONFIG}, and no other", FIX, key=WHERE)
    weights = theirs.state_dict()
    broken = next((name for name, value in weights.items() if not torch.isfinite(value).all()), None)
    if broken is not None:
        raise RecipeError(f"{shown(file)} has NaN or infinity in {broken}", "numbers", "use another T5", key=WHERE)
    return file, weights


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the package's own report of what it loaded, which is said in one line here."""
    from transformers.utils import logging

    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()


def _table(vocab: Any) -> dict[str, int]:
    return {piece: k for k, (piece, _) in enumerate(vocab)} if isinstance(vocab, list) else dict(vocab)


def _ids(place: Path) -> dict[str, int]:
    """Every piece of the folder's tokenizer with the row that it has there."""
    try:
        found = json.loads((place / TOKENIZER).read_text(encoding="utf-8"))
        return {**_table(found["model"]["vocab"]), **{one["content"]: one["id"] for one in found["added_tokens"]}}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"{shown(place)} has no {TOKENIZER}", "that of the model", FIX, key=WHERE) from error

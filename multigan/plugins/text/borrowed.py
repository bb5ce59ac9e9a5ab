"""Tokens and weights out of a folder that the package transformers saved, or of the hub: a model to go on from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.errors import DataError, RecipeError
from multigan.core.plain import one_line
from multigan.files.findings import listed, shown
from multigan.files.listing import absent
from multigan.plugins.text.fetched import HUB, place_of
from multigan.plugins.text.kinds import KINDS, Kind
from multigan.plugins.text.vocabulary import Vocabulary

__all__ = ["borrowed_vocabulary", "borrowed_weights"]

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
ENDS, UNKNOWNS = ("</s>", "[END]", "<|endoftext|>", "[SEP]"), ("<unk>", "[UNK]")
FIX = "save both: model.save_pretrained(FOLDER) and tokenizer.save_pretrained(FOLDER)"
WHERE = ("weights",)
FILES = ("model.safetensors", "model.safetensors.index.json")
BROKEN = (OSError, ValueError, RuntimeError, TypeError, AttributeError, LookupError, EOFError, ImportError)


def borrowed_vocabulary(folder: str) -> Vocabulary:
    """The tokens of a folder, or of `hf:OWNER/NAME`, in an order in which 0 ends a text and 1 is unknown.

    Raises:
        DataError: it holds no fast tokenizer with an end and an unknown token, or cannot be fetched.
    """
    path = place_of(folder, DataError, "data.tokenizer") / TOKENIZER
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


def borrowed_weights(folder: str, net: Any, entries: list[str], kind: Kind) -> dict[str, Tensor]:
    """Weights of a folder's model for a net of the same sizes, its rows of words in the order of `entries`.

    Args:
        folder: with a model of transformers and its tokenizer, or `hf:OWNER/NAME`.
        net: of transformers.
        entries: of the vocabulary, first the end and the unknown token.
        kind: of the net.

    Raises:
        RecipeError: it does not exist, or holds none, broken or not all of them, of other sizes, of another kind, or
            with other words.
    """
    place = place_of(folder, partial(RecipeError, key=WHERE), "G.weights")
    config = _config(place, kind)
    file, weights = _weights(place, config, kind)
    wrong = {
        ours: getattr(config, name)
        for name, ours in kind.sizes.items()
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
    known = len(weights[kind.words[0]])
    if int(rows.max()) >= known:
        given = f"{shown(file)} has rows for {known:,} words, {shown(place / TOKENIZER)} for more"
        raise RecipeError(given, "one for every word", FIX, key=WHERE)
    turned = {key: value[rows] if key in kind.words else value for key, value in weights.items()}
    return {key: value[..., rows] if key in kind.columns else value for key, value in turned.items()}


def _config(place: Path, kind: Kind) -> Any:
    """What the folder says of its model, where that is of the kind."""
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    said, file = _said(place, kind.title), place / CONFIG
    if said.get("library_name") == "multigan":
        given = f"{shown(place)} is a generator of MultiGAN, not a model that the package transformers saved"
        fix = "leave G.weights away; to go on with a run of yours: multigan train --resume RUN --samples N"
        raise RecipeError(given, f"the folder of a {kind.title}", fix, key=WHERE)
    if said.get("model_type") != kind.title.lower():
        given, theirs = f"{shown(file)} is of a model of the kind {said.get('model_type')!r}", said.get("model_type")
        fix = f"type --set G.kind={theirs}" if theirs in KINDS else f"save a {kind.title}"
        raise RecipeError(given, f"one of the kind '{kind.title.lower()}'", fix, key=WHERE)
    for name in (*kind.sizes, *kind.numbers):
        number = said.get(name)
        if number is not None and (type(number) is not int or number < 1):
            raise RecipeError(f"{shown(file)} says {name} = {number!r}", "a whole number from 1 on", FIX, key=WHERE)
    try:
        config = getattr(transformers, kind.config).from_dict(said)
    except (*BROKEN, StrictDataclassError) as error:
        raise RecipeError(
            f"{shown(file)} is of no {kind.title} ({_why(error)})", "its sizes", FIX, key=WHERE
        ) from error
    alike = {name: getattr(config, other) for name, other in kind.alike.items()}
    if "d_kv" in kind.numbers:
        alike["d_kv"] = config.d_model // config.num_heads
    for name, first in {**kind.fixed, **alike}.items():
        if (found := getattr(config, name)) != first:
            given = f"{shown(file)} says {name} = {found!r}"
            raise RecipeError(given, repr(first), kind.other, key=WHERE)
    return config


def _said(place: Path, title: str) -> dict[str, Any]:
    """The JSON object of the folder's file of sizes."""
    wanted, file = f"a folder with {CONFIG}, {FILES[0]} and {TOKENIZER} of a {title}", place / CONFIG
    if not place.is_dir():
        given = f"'{shown(place)}' is no folder" if place.exists() else absent(place)
        fix = f"check the path, or {FIX}; a model of the hub is {HUB}OWNER/NAME"
        raise RecipeError(given, wanted, fix, key=WHERE)
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


def _weights(place: Path, config: Any, kind: Kind) -> tuple[Path, dict[str, Tensor]]:
    """The file of the folder's weights and all of these: what is not there would be random numbers."""
    import transformers
    from safetensors import SafetensorError

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
            theirs, found = getattr(transformers, kind.model).from_pretrained(place, config=config, **how)
    except (*BROKEN, SafetensorError) as error:
        given = f"{shown(file)} holds no weights that can be read ({_why(error)})"
        raise RecipeError(given, "a whole file", FIX, key=WHERE) from error
    for fault, what in (("missing", "lacks"), ("mismatched", "has in another shape"), ("unexpected", "has too many:")):
        names = sorted(one if isinstance(one, str) else one[0] for one in found.get(f"{fault}_keys", ()))
        if names:
            given = f"{shown(file)} {what} {', '.join(listed(names, len(names)))}"
            raise RecipeError(given, f"every tensor of the {kind.title} in {CONFIG}, and no other", FIX, key=WHERE)
    weights = theirs.state_dict()
    broken = next((name for name, value in weights.items() if not torch.isfinite(value).all()), None)
    if broken is not None:
        raise RecipeError(
            f"{shown(file)} has NaN or infinity in {broken}", "numbers", f"use another {kind.title}", key=WHERE
        )
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

"""Kinds of encoder-decoder Transformers of the package transformers that the net `seq2seq` can be."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from torch import nn

from multigan.plugins.text.vocabulary import END

__all__ = ["KINDS", "Kind", "KindName", "body_of"]

KindName = Literal["t5", "bart"]


class Kind(NamedTuple):
    """How a kind is built, and what a folder with weights of it must say.

    Attributes:
        title: for people.
        config, model: classes of transformers.
        sizes: names of its sizes, and those of the options of `seq2seq`.
        numbers: further keys of its file that are whole numbers.
        fixed: what its file must say beside.
        alike: keys of equal value.
        words: tensors with a row for every word.
        columns: tensors with a column for every word.
        other: what to use where the file says something else.
    """

    title: str
    config: str
    model: str
    sizes: Mapping[str, str]
    numbers: tuple[str, ...]
    fixed: Mapping[str, Any]
    alike: Mapping[str, str]
    words: tuple[str, ...]
    columns: tuple[str, ...]
    other: str


KINDS: Mapping[str, Kind] = {
    "t5": Kind(
        "T5",
        "T5Config",
        "T5ForConditionalGeneration",
        {
            "d_model": "width",
            "num_layers": "layers",
            "num_heads": "heads",
            "d_ff": "hidden",
            "relative_attention_max_distance": "reach",
        },
        ("d_kv", "num_decoder_layers", "relative_attention_num_buckets", "vocab_size"),
        # Of the first version; 1.1 has gated layers, and another table of words where it writes.
        {"feed_forward_proj": "relu", "relative_attention_num_buckets": 32, "tie_word_embeddings": True},
        {"num_decoder_layers": "num_layers"},
        ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"),
        (),
        "use a T5 of the first version",
    ),
    "bart": Kind(
        "BART",
        "BartConfig",
        "BartForConditionalGeneration",
        {
            "d_model": "width",
            "encoder_layers": "layers",
            "encoder_attention_heads": "heads",
            "encoder_ffn_dim": "hidden",
            "max_position_embeddings": "reach",
        },
        ("decoder_layers", "decoder_attention_heads", "decoder_ffn_dim", "vocab_size"),
        {"activation_function": "gelu", "scale_embedding": False, "tie_word_embeddings": True},
        {
            "decoder_layers": "encoder_layers",
            "decoder_attention_heads": "encoder_attention_heads",
            "decoder_ffn_dim": "encoder_ffn_dim",
        },
        (
            "model.shared.weight",
            "model.encoder.embed_tokens.weight",
            "model.decoder.embed_tokens.weight",
            "lm_head.weight",
        ),
        ("final_logits_bias",),
        "use a BART as its paper has it",
    ),
}


FAINT = 0.02
"""Deviation of a table that only writes, at first: all words are about equally likely."""


def body_of(kind: KindName, vocab: int, sizes: Mapping[str, int], dropout: float, *, tied: bool = True) -> Any:
    """A new Transformer of a kind.

    Args:
        kind: of it.
        vocab: number of words, of which `END` ends a text and begins what is written.
        sizes: `width`, `layers` (of each half), `heads`, `hidden`, `reach`.
        dropout: while training.
        tied: one table reads and writes words. Else there is one for each, as in T5 1.1: what is read last is then not
            at first the likeliest to be written next.
    """
    # Seconds to import, and few nets need it.
    import transformers

    one = KINDS[kind]
    said: dict[str, Any] = {name: sizes[ours] for name, ours in one.sizes.items()}
    said |= {name: said[other] for name, other in one.alike.items()}
    said |= {"vocab_size": vocab, "eos_token_id": END, "decoder_start_token_id": END, **one.fixed}
    said["tie_word_embeddings"] = tied
    if kind == "t5":
        said |= {"d_kv": sizes["width"] // sizes["heads"], "dropout_rate": dropout, "pad_token_id": END}
    else:
        # Without a token that pads: the row of one never learns, and here it would be that of the end.
        said |= {"dropout": dropout, "pad_token_id": None, "bos_token_id": None, "forced_eos_token_id": None}
    config = getattr(transformers, one.config)(**said)
    body = getattr(transformers, one.model)(config)
    if not tied:
        # The package ties T5's tables whatever its file says of them.
        body.set_output_embeddings(nn.Linear(sizes["width"], vocab, bias=False))
        nn.init.normal_(body.get_output_embeddings().weight, 0.0, FAINT)
    return body

"""A Transformer that reads one text and writes another, token by token."""

import inspect
from typing import Annotated, Any

from pydantic import Field
from torch import Tensor, nn

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.text.borrowed import borrowed_weights
from multigan.plugins.text.drawing import TopP
from multigan.plugins.text.translator import Read, TranslatorG
from multigan.plugins.text.vocabulary import END
from multigan.recipe.numbers import Beta

__all__ = ["Seq2SeqG", "build_g"]


class Seq2SeqG(TranslatorG):
    """An encoder that reads the input and a decoder that writes, of T5's kind: relative positions, RMSNorm first.

    Args:
        spec: of a target.
        source: of an input. Where both have one vocabulary, so has the net one table of embeddings.
        width: of every state.
        layers: of the encoder, and as many of the decoder.
        heads: of attention; they divide the width.
        hidden: units between the two linear maps of a layer.
        dropout: share of activations dropped while training.
        temperature: of draws in use; 0 = the likeliest token.
        top_p: of draws in use: from the nucleus of each place alone.
        forget: share of inputs that are withheld while training.
        weights: folder of a T5 that transformers saved, from which training begins.
        reach: places from which on all are equally far, 64 here and 128 in T5.

    Source: Vaswani et al. 2017, section 3; Raffel et al. 2020 (T5), section 2.1.
    Departures: texts begin with the token that ends them, where T5 has its padding.
    """

    begins_by = ("weights",)

    def __init__(  # noqa: PLR0913  (the dimensions of the net)
        self,
        spec: Spec,
        source: Spec,
        *,
        width: int = 128,
        layers: int = 2,
        heads: int = 4,
        hidden: int = 256,
        dropout: float = 0.0,
        temperature: float = 0.0,
        top_p: float = 1.0,
        forget: float = 0.0,
        weights: str = "",
        reach: int = 64,
    ) -> None:
        super().__init__(spec, dropout=dropout, temperature=temperature, top_p=top_p, forget=forget)
        self.weights, self.entries = weights, list(spec.meta["vocabulary"].get("entries", []))
        self.body = _body(self.vocab, width, layers, heads, hidden, dropout, reach)
        self._cache = "cache" if "cache" in inspect.signature(self.body.decoder.forward).parameters else ""
        self._cache = self._cache or "past_key_values"  # its older name
        shared = dict(spec.meta["vocabulary"]) == dict(source.meta["vocabulary"])
        self.embedding = None if shared else nn.Embedding(source.shape[1], width)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight)

    def begin(self) -> None:
        """Take the weights of the folder, where one is named."""
        if self.weights:
            self.body.load_state_dict(borrowed_weights(self.weights, self.body, self.entries))

    def read(self, source: Tensor) -> Read:
        """The encoder's states of inputs `(batch, source length, source vocab)`."""
        table = (self.body.shared if self.embedding is None else self.embedding).weight
        given, mask = self._looked_up(source, table)
        return Read(self.body.encoder(inputs_embeds=given, attention_mask=mask)[0], mask)

    def written(self, before: Tensor, read: Read) -> Tensor:
        """Logits `(batch, t, vocab)` for what follows each of the tokens `before` `(batch, t)`."""
        found: Tensor = self.body(**self._seen(before, read), use_cache=False).logits
        return found

    def step(self, token: Tensor, state: Any, read: Read) -> tuple[Tensor, Any]:
        """Logits `(batch, vocab)` for what follows, and the cache of keys and values."""
        out = self.body(**self._seen(token, read), **{self._cache: state}, use_cache=True)
        return out.logits[:, -1], getattr(out, self._cache)

    def _seen(self, before: Tensor, read: Read) -> dict[str, Any]:
        return {"decoder_input_ids": before, "encoder_outputs": (read.states,), "attention_mask": read.mask}


def build_g(  # noqa: PLR0913  (options of a recipe)
    spec: Spec,
    source: Spec,
    *,
    width: Size = 128,
    layers: Size = 2,
    heads: Size = 4,
    hidden: Size = 256,
    dropout: Beta = 0.0,
    temperature: Annotated[float, Field(ge=0)] = 0.0,
    top_p: TopP = 1.0,
    forget: Beta = 0.0,
    weights: str = "",
    reach: Annotated[int, Field(ge=8, le=4096)] = 64,
) -> Seq2SeqG:
    """A Transformer from texts like `source` to texts like `spec`."""
    if width % heads:
        given = f"heads = {heads} of width = {width}"
        raise RecipeError(given, "heads that divide the width", f"type --set G.width={heads * (width // heads + 1)}")
    if any(one.meta.get("end") != END for one in (spec, source)):
        raise RecipeError("texts that no token ends", "lines of text", "name a file of pairs", key=("data", "source"))
    sizes = {"width": width, "layers": layers, "heads": heads, "hidden": hidden}
    use: dict[str, Any] = {"dropout": dropout, "temperature": temperature, "top_p": top_p, "forget": forget}
    return Seq2SeqG(spec, source, **sizes, **use, weights=weights, reach=reach)


def _body(vocab: int, width: int, layers: int, heads: int, hidden: int, dropout: float, reach: int) -> Any:
    # Seconds to import, and few nets need it.
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        vocab_size=vocab,
        d_model=width,
        d_kv=width // heads,
        d_ff=hidden,
        num_layers=layers,
        num_decoder_layers=layers,
        num_heads=heads,
        dropout_rate=dropout,
        relative_attention_num_buckets=32,
        relative_attention_max_distance=reach,
        pad_token_id=END,
        eos_token_id=END,
        decoder_start_token_id=END,
        tie_word_embeddings=True,
    )
    return T5ForConditionalGeneration(config)

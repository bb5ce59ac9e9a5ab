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
from multigan.plugins.text.kinds import KINDS, KindName, body_of
from multigan.plugins.text.translator import Read, TranslatorG
from multigan.plugins.text.vocabulary import END
from multigan.recipe.numbers import Beta

__all__ = ["Seq2SeqG", "build_g"]


class Seq2SeqG(TranslatorG):
    """An encoder that reads the input and a decoder that writes.

    Of T5's kind, with relative positions and RMSNorm before each part, or of BART's, with learnt positions, GELU and
    layer norm behind each part.

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
        kind: "t5" or "bart".
        weights: a folder with a model of that kind that transformers saved, or `hf:OWNER/NAME` of the hub: training
            begins from it.
        reach: of T5, places from which on all are equally far, 64 here and 128 there; of BART, the places that it
            knows, 1,024 there: no text is longer.
        tied: one table reads and writes words, as weights of a folder have it.

    Source: Vaswani et al. 2017, section 3; Raffel et al. 2020 (T5), section 2.1; Lewis et al. 2020 (BART), section 2.1.
    Departures: texts begin with the token that ends them, where T5 has its padding and BART a second token after it.
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
        kind: KindName = "t5",
        weights: str = "",
        reach: int = 64,
        tied: bool = True,
    ) -> None:
        super().__init__(spec, dropout=dropout, temperature=temperature, top_p=top_p, forget=forget)
        self.kind, self.weights = kind, weights
        self.entries = list(spec.meta["vocabulary"].get("entries", []))
        sizes = {"width": width, "layers": layers, "heads": heads, "hidden": hidden, "reach": reach}
        self.body = body_of(kind, self.vocab, sizes, dropout, tied=tied)
        self._cache = "cache" if "cache" in inspect.signature(self.body.forward).parameters else ""
        self._cache = self._cache or "past_key_values"  # its older name
        shared = dict(spec.meta["vocabulary"]) == dict(source.meta["vocabulary"])
        self.embedding = None if shared else nn.Embedding(source.shape[1], width)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight)

    def begin(self) -> None:
        """Take the weights of the folder, where one is named."""
        if self.weights:
            self.body.load_state_dict(borrowed_weights(self.weights, self.body, self.entries, KINDS[self.kind]))

    def read(self, source: Tensor) -> Read:
        """The encoder's states of inputs `(batch, source length, source vocab)`."""
        table = (self.body.get_input_embeddings() if self.embedding is None else self.embedding).weight
        given, mask = self._looked_up(source, table)
        return Read(self.body.get_encoder()(inputs_embeds=given, attention_mask=mask)[0], mask)

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
    kind: KindName = "t5",
    weights: str = "",
    reach: Annotated[int, Field(ge=8, le=4096)] = 64,
    tied: bool = True,
) -> Seq2SeqG:
    """A Transformer from texts like `source` to texts like `spec`."""
    if width % heads:
        given = f"heads = {heads} of width = {width}"
        raise RecipeError(given, "heads that divide the width", f"type --set G.width={heads * (width // heads + 1)}")
    if any(one.meta.get("end") != END for one in (spec, source)):
        raise RecipeError("texts that no token ends", "lines of text", "name a file of pairs", key=("data", "source"))
    if weights and not tied:
        given, fix = "tied = false for weights that have one table of words", "remove G.tied"
        raise RecipeError(given, "tied = true", fix, key=["tied"])
    longest = max(spec.shape[0], source.shape[0])
    if kind == "bart" and reach < longest:
        given, fix = f"reach = {reach} for texts of {longest} tokens", f"type --set G.reach={longest}"
        raise RecipeError(given, "at least as many: a BART knows no places beyond", fix, key=["reach"])
    sizes = {"width": width, "layers": layers, "heads": heads, "hidden": hidden}
    use: dict[str, Any] = {"dropout": dropout, "temperature": temperature, "top_p": top_p, "forget": forget}
    return Seq2SeqG(spec, source, **sizes, **use, kind=kind, weights=weights, reach=reach, tied=tied)

"""What a spec of texts has to say so that token ids become text: a vocabulary of that size, and what ends a text."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multigan.core.counted import counted
from multigan.core.types import Spec
from multigan.plugins.text.vocabulary import END, Vocabulary

__all__ = ["check_spec"]

Whole = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Numbers(_Strict):
    kind: Literal["number"]
    size: Whole


class _Entries(_Strict):
    kind: Literal["character", "word", "piece", "bpe"]
    entries: Annotated[list[str], Field(min_length=2)]
    tokenizer: str


class _Oracle(_Strict):
    vocab: Whole
    length: Whole
    hidden: Whole
    seed: int


class _Meta(_Strict):
    model_config = ConfigDict(extra="allow")

    vocabulary: Annotated[_Numbers | _Entries, Field(discriminator="kind")]
    end: int | None = None
    oracle: _Oracle | None = None


def check_spec(spec: Spec) -> None:
    """A vocabulary of known kind whose entries are different texts, one for each token; see `abilities.Decodes`."""
    meta = _Meta.model_validate(dict(spec.meta))
    found = meta.vocabulary
    count = found.size if isinstance(found, _Numbers) else len(found.entries)
    if len(spec.shape) != 2 or count != spec.shape[1]:
        raise ValueError(f"a vocabulary of {counted(count, 'entry', 'entries')} for samples of {list(spec.shape)}")
    if isinstance(found, _Entries):
        _check_entries(found, spec.meta)
    wanted = None if isinstance(found, _Numbers) else END
    if meta.end != wanted:
        raise ValueError(f"end = {meta.end}, where token {wanted} ends a text")


def _check_entries(found: _Entries, meta: Any) -> None:
    seen: dict[str, int] = {}
    for number, entry in enumerate(found.entries):
        if seen.setdefault(entry, number) != number:
            raise ValueError(f"vocabulary.entries {seen[entry]} and {number} are the same")
        if not entry and number != END:
            raise ValueError(f"vocabulary.entries {number} is empty")
    if found.kind == "bpe" and not Vocabulary.from_meta(meta).is_whole():
        raise ValueError("vocabulary.entries are not those of its tokenizer")
    if found.kind != "bpe" and found.tokenizer:
        raise ValueError(f"vocabulary.tokenizer is given, and tokens are {found.kind}s")

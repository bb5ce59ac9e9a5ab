"""Lines that a person brings, through a generator that is given a text."""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError
from multigan.core.generators import asked, writer_of
from multigan.core.types import Nuclear, Spec
from multigan.plugins.fitted import Answered
from multigan.plugins.text.encode import encode
from multigan.plugins.text.objective import token_nll
from multigan.plugins.text.read import clean
from multigan.plugins.text.translator import TranslatorG, sizes_of
from multigan.plugins.text.vocabulary import Vocabulary

__all__ = ["answer", "log_likelihood"]

CHUNK = 128
CHUNK_VALUES = 2**24
"""Numbers of the one-hots of the inputs that are held at once: 64 MiB."""


@torch.no_grad()
def answer(
    net: nn.Module, lines: Sequence[str], source: Spec, spec: Spec, *, draw: Draw, beam: int, temperature: float
) -> list[Answered]:
    """What the net writes for every line; for an empty one, nothing.

    Args:
        net: a translator of texts, in evaluation mode.
        lines: as a person gives them.
        source: of an input.
        spec: of an output.
        draw: gives the noise, where `temperature` is above 0.
        beam: hypotheses of a beam search; below 2 = none.
        temperature: of draws; 0 = the likeliest token at every step.
    """
    reading, writing = Vocabulary.from_meta(source.meta), Vocabulary.from_meta(spec.meta)
    texts = [clean(line) for line in lines]
    told = [number for number, text in enumerate(texts) if text]
    found = [Answered("", False, 0)] * len(texts)
    size = max(1, min(CHUNK, CHUNK_VALUES // (source.shape[0] * source.shape[1])))
    for part, start in enumerate(range(0, len(told), size)):
        numbers = told[start : start + size]
        encoded = encode([texts[number] for number in numbers], reading, source.shape[0])
        given = F.one_hot(encoded.ids.long(), source.shape[1]).float().to(next(net.parameters()).device)
        ids = _written(net, given, draw.child(f"part-{part}"), beam, temperature)
        for row, number in enumerate(numbers):
            cut = int(encoded.sizes[row]) > source.shape[0]
            text = writing.decode(ids[row].tolist())
            strange = reading.strange(texts[number]) if encoded.unknown[row] else []
            raw, own, unknown = ids[row].int().cpu(), encoded.ids[row], int(encoded.unknown[row])
            found[number] = Answered(text, cut, unknown, raw, own, strange, reading.spelt(strange))
    return found


def log_likelihood(net: nn.Module, raw: Tensor, source: Tensor, spec: Spec) -> Tensor:
    """Log-likelihood in nats `(n,)` of texts, ids `(n, length)`, for inputs `(n, ...)`, up to and with the first end.

    Source: Sutskever et al. 2014, Eq. 1.
    """
    tokens = raw.long()
    sizes = sizes_of(tokens, int(spec.meta["end"]))
    return -token_nll(net, tokens, source=source) * sizes


def _written(net: nn.Module, given: Tensor, draw: Draw, beam: int, temperature: float) -> Tensor:
    if beam < 2:
        more: dict[str, Any] = {"top_p": net.top_p} if isinstance(net, Nuclear) else {}
        more |= {"filled": True} if isinstance(net, TranslatorG) else {}
        return writer_of(net).sample(len(given), draw, temperature=temperature, **asked(given), **more)
    search = getattr(net, "beam", None)
    if search is None:
        raise PluginError(f"{type(net).__name__} has no beam search", "a net with beam(source, size)", "drop --beam")
    best: Tensor = search(given, beam)[0][:, 0]
    return best

"""A few quick scores of token ids; `evaluation` has all of them, with their frames."""

from torch import Tensor

from multigan.core.types import Spec
from multigan.plugins.text.bleu import bleu, self_bleu
from multigan.plugins.text.copying import distinct, unique_share
from multigan.plugins.text.oracle import Oracle

__all__ = ["scores"]

MOST = 200


def scores(real: Tensor, fake: Tensor, spec: Spec) -> dict[str, float]:
    """Scores of fake ids `(m, length)` against real ids `(n, length)`.

    `unique` and `distinct_2` in [0, 1]; `bleu_4` against up to 200 reals and `self_bleu_4` among up to 200 fakes;
    `nll_oracle` in nats per token for the synthetic oracle, where values *below* its floor mean lost diversity.
    """
    end = spec.meta.get("end")
    hypotheses, references = (_texts(ids, end) for ids in (fake, real))
    found = {
        "unique": unique_share(hypotheses),
        "distinct_2": distinct(hypotheses, 2),
        "bleu_4": bleu(hypotheses[:MOST], references[:MOST]),
        "self_bleu_4": self_bleu(hypotheses[:MOST]),
    }
    if "oracle" in spec.meta:
        found["nll_oracle"] = Oracle(**spec.meta["oracle"]).nll(fake).mean().item()
    return found


def _texts(ids: Tensor, end: int | None) -> list[list[int]]:
    rows: list[list[int]] = ids.tolist()
    return rows if end is None else [row[: row.index(end)] if end in row else row for row in rows]

"""A small language model of counts: what judges texts where no true likelihood is known, without downloads."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import torch
from torch import Tensor

from multigan.plugins.text.bleu import Tokens

__all__ = ["Alphabet", "NgramModel", "nll_by_text"]

START, END, UNKNOWN = -1, 0, 1


class Alphabet:
    """Numbers for the tokens of some texts; models share one, so that their likelihoods are of the same events.

    Args:
        texts: their tokens are known, all others are one unknown token.
    """

    def __init__(self, texts: Sequence[Tokens]) -> None:
        self.ids: dict[Hashable, int] = {}
        for text in texts:
            for token in text:
                self.ids.setdefault(token, len(self.ids) + 2)

    def __len__(self) -> int:
        """All known tokens, the unknown one and the end."""
        return len(self.ids) + 2

    def encode(self, texts: Sequence[Tokens]) -> list[list[int]]:
        """Ids of every text, with its end."""
        return [[*(self.ids.get(token, UNKNOWN) for token in text), END] for text in texts]

    def decode(self, rows: Sequence[Sequence[int]]) -> list[list[Hashable]]:
        """Tokens of every text, without ends and unknown ones."""
        names = {number: token for token, number in self.ids.items()}
        return [[names[k] for k in row if k in names] for row in rows]


class NgramModel:
    """An interpolated n-gram model with Witten-Bell smoothing.

    `p(w | h) = (c(hw) + T(h) p(w | h')) / (c(h) + T(h))` with c counts, T(h) the number of different tokens seen after
    h, and h' the history without its first token; under the shortest history lies the uniform distribution over the
    alphabet. Each text begins after a start, which is no token of the alphabet, and ends with the alphabet's end.

    Args:
        texts: encoded, with their ends.
        size: of the alphabet.
        order: longest n-gram; 4 suits words, 6 characters.

    Source: Witten & Bell 1991, method C; in the interpolated form of Chen & Goodman 1998, section 2.5. Kneser-Ney
    smoothing is better on real text, but its discounts come from n-grams that were seen once, of which a collapsed
    generator's samples have none.
    """

    def __init__(self, texts: Sequence[Sequence[int]], size: int, order: int = 4) -> None:
        self.size, self.order = size, order
        self.followers: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for text in texts:
            padded = (START, *text)
            for position in range(1, len(padded)):
                for n in range(min(order - 1, position) + 1):
                    self.followers[padded[position - n : position]][padded[position]] += 1
        self.followers.default_factory = None
        self.totals = {history: counts.total() for history, counts in self.followers.items()}

    def probability(self, token: int, history: Sequence[int]) -> float:
        """p of `token` after `history`, of which the last `order - 1` tokens count; a text's begins with -1."""
        p = 1 / self.size
        for n in range(min(self.order - 1, len(history)) + 1):
            seen = tuple(history[len(history) - n :])
            counts = self.followers.get(seen)
            if counts is None:
                break
            p = (counts[token] + len(counts) * p) / (self.totals[seen] + len(counts))
        return p

    def nll(self, text: Sequence[int]) -> float:
        """Negative log likelihood of one encoded text, in nats, summed over its tokens."""
        padded = (START, *text)
        return -sum(math.log(self.probability(padded[k], self._recent(padded, k))) for k in range(1, len(padded)))

    def sample(self, n: int, length: int, generator: torch.Generator) -> list[list[int]]:
        """Draw n encoded texts of at most `length` tokens."""
        u = torch.rand(n, length, generator=generator).tolist()
        return [self._sample_one(row) for row in u]

    def _sample_one(self, u: Sequence[float]) -> list[int]:
        text = [START]
        for number in u:
            text.append(self._pick(number, self._recent(text, len(text))))
            if text[-1] == END:
                break
        return text[1:]

    def _recent(self, text: Sequence[int], position: int) -> Sequence[int]:
        """The tokens before `position` that count."""
        return text[max(0, position - self.order + 1) : position]

    def _pick(self, u: float, history: Sequence[int]) -> int:
        """One token by one number in [0, 1): from the longest history down, the rest of u goes to the shorter one."""
        for start in range(len(history) + 1):
            counts = self.followers.get(tuple(history[start:]))
            if counts is None:
                continue
            mass = u * (counts.total() + len(counts))
            for token, count in counts.items():
                if mass < count:
                    return token
                mass -= count
            u = mass / len(counts)
        return min(int(u * self.size), self.size - 1)


def nll_by_text(model: NgramModel, texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Summed NLL in nats and number of tokens with the end, both float64 `(n,)`; their ratio of sums is per token."""
    sums = torch.tensor([model.nll(text) for text in texts], dtype=torch.float64)
    return sums, torch.tensor([len(text) for text in texts], dtype=torch.float64)

"""Download-free features of texts: hashed n-gram frequencies."""

import torch
from torch import Tensor

__all__ = ["hashed_ngrams"]

DIM = 256
_PRIMES = (1_000_003, 998_244_353, 754_974_721)


def hashed_ngrams(tokens: Tensor) -> Tensor:
    """Square roots of the shares of hashed 1-, 2- and 3-grams: ids `(batch, length)` -> `(batch, 256)`.

    Source: Weinberger et al. 2009 (feature hashing); square roots give the Hellinger distance.
    """
    parts = []
    for n in (1, 2, 3):
        if tokens.shape[1] < n:
            continue
        grams = tokens.unfold(1, n, 1).long()  # (B, T-n+1, n)
        code = sum(grams[..., k] * _PRIMES[k] for k in range(n)) + 7919 * n
        parts.append(torch.as_tensor(code).remainder(2_147_483_647).remainder(DIM))
    codes = torch.cat(parts, 1)
    counts = torch.zeros(len(tokens), DIM).scatter_add_(1, codes.cpu(), torch.ones(codes.shape))
    return (counts / counts.sum(1, keepdim=True)).sqrt()

"""Download-free features of texts: hashed n-gram frequencies."""

import torch
from torch import Tensor

__all__ = ["hashed_ngrams"]

BUCKETS = (64, 192)
SHARES = (0.2, 0.8)
"""Of the squared length: pairs weigh four times as much as single tokens, which shuffling leaves as they are."""
DIM = sum(BUCKETS)
_PRIMES = (1_000_003, 998_244_353)


def hashed_ngrams(tokens: Tensor) -> Tensor:
    """Weighted square roots of the shares of hashed tokens and pairs: ids `(batch, length)` -> `(batch, 256)`, norm 1.

    Tokens and neighbouring pairs have buckets of their own, so that word order is not hidden by what the words are.

    Source: Weinberger et al. 2009 (feature hashing); square roots give the Hellinger distance.
    """
    blocks = [torch.zeros(len(tokens), buckets) for buckets in BUCKETS]
    for n, block in enumerate(blocks, 1):
        if tokens.shape[1] < n:
            continue
        grams = tokens.unfold(1, n, 1).long()  # (B, T-n+1, n)
        code = torch.as_tensor(sum(grams[..., k] * _PRIMES[k] for k in range(n)) + 7919 * n)
        codes = code.remainder(2_147_483_647).remainder(block.shape[1]).cpu()
        block.scatter_add_(1, codes, torch.ones(codes.shape)).div_(codes.shape[1])
    weighted = [block.sqrt() * share**0.5 for block, share in zip(blocks, SHARES, strict=True)]
    features: Tensor = torch.cat(weighted, 1)
    norm: Tensor = features.norm(dim=1, keepdim=True)
    return features / norm

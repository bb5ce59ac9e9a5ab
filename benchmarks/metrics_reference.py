"""Largest relative difference of every score from its reference package on the same features.

    python benchmarks/metrics_reference.py       # needs the test extra; half a minute

Features: float64, correlated, shifted; five seeds at each of (n, m, d) = (300, 300, 8), (900, 700, 64), (250, 250, 400)
where the reference takes them.
"""

import contextlib
import io
import itertools
import warnings

import numpy as np
import scipy.linalg
import scipy.spatial.distance
import scipy.stats
import torch
from prdc import compute_prdc
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors
from torch_fidelity.metric_fid import KEY_METRIC_FID, fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import KEY_METRIC_KID_MEAN, kid_features_to_metric
from torchmetrics.image.fid import _compute_fid
from torchmetrics.image.kid import poly_mmd
from vendi_score import vendi

from multigan.core.draw import Draw
from multigan.metrics.frechet import frechet_distance
from multigan.metrics.kernel_distance import RadialBasis, mmd
from multigan.metrics.kmeans import lloyd
from multigan.metrics.memorisation import nearest, rank_z
from multigan.metrics.ndb import ndb
from multigan.metrics.neighbours import prdc
from multigan.metrics.vendi import vendi_score

SIZES = [(300, 300, 8), (900, 700, 64), (250, 250, 400)]
SEEDS = range(5)


def features(n, d, seed):
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(d, d, generator=generator, dtype=torch.float64) / d**0.5
    return torch.randn(n, d, generator=generator, dtype=torch.float64) @ mixing + 0.3 * seed / 100


def scipy_frechet(x, y):
    x, y = x.numpy(), y.numpy()
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    shift = x.mean(0) - y.mean(0)
    return shift @ shift + np.trace(a) + np.trace(b) - 2 * np.trace(scipy.linalg.sqrtm(a @ b)).real


def fidelity_frechet(x, y):
    return fid_statistics_to_metric(*map(fid_features_to_statistics, (x, y)), verbose=False)[KEY_METRIC_FID]


def torchmetrics_frechet(x, y):
    return _compute_fid(x.mean(0), x.T.cov(), y.mean(0), y.T.cov()).item()


def fidelity_kernel(x, y, **kernel):
    size = min(len(x), len(y))
    found = kid_features_to_metric(x[:size], y[:size], kid_subsets=1, kid_subset_size=size, verbose=False, **kernel)
    return found[KEY_METRIC_KID_MEAN]


def equal_sizes(score):
    return lambda x, y: score(x[: min(len(x), len(y))], y[: min(len(x), len(y))])


def naver(x, y):
    return list(compute_prdc(x.numpy(), y.numpy(), 5).values())


def bins(x, y):
    found = ndb(x, y, 10, Draw(0))
    return [found.jsd, *found.z.square().tolist()]


def scipy_bins(x, y):
    found = ndb(x, y, 10, Draw(0))
    counts = [(found.real_shares * len(x)).round(), (found.fake_shares * len(y)).round()]
    tables = ([[a, len(x) - a], [b, len(y) - b]] for a, b in zip(*(c.tolist() for c in counts), strict=True))
    chi = [scipy.stats.chi2_contingency(t, correction=False).statistic if t[0][0] + t[1][0] else 0.0 for t in tables]
    return [scipy.spatial.distance.jensenshannon(*(c / c.sum() for c in counts)) ** 2, *chi]


def scipy_rank(x, y):
    found = scipy.stats.mannwhitneyu(x[:, 0], y[:, 0], alternative="less", method="asymptotic", use_continuity=False)
    return scipy.stats.norm.ppf(found.pvalue)


def scikit_nearest(x, y):
    return NearestNeighbors(n_neighbors=1, algorithm="brute").fit(y.numpy()).kneighbors(x.numpy())[0][:, 0].tolist()


def scikit_kmeans(x, _):
    found = KMeans(10, init=x[:10].numpy(), n_init=1, max_iter=1000, tol=0, algorithm="lloyd").fit(x.numpy())
    return found.cluster_centers_.ravel().tolist()


COMPARED = {
    "Fréchet distance": [
        (frechet_distance, scipy_frechet, "scipy sqrtm"),
        (frechet_distance, fidelity_frechet, "torch-fidelity"),
        (
            frechet_distance,
            lambda x, y: _compute_fid(x.mean(0), x.T.cov(), y.mean(0), y.T.cov()).item(),
            "torchmetrics",
        ),
    ],
    "kernel distance, cubic": [
        (equal_sizes(mmd), fidelity_kernel, "torch-fidelity"),
        (equal_sizes(mmd), equal_sizes(lambda x, y: poly_mmd(x, y).item()), "torchmetrics"),
    ],
    "kernel distance, Gaussian": [
        (
            equal_sizes(lambda x, y: mmd(x, y, RadialBasis(5.0))),
            lambda x, y: fidelity_kernel(x, y, kid_kernel="rbf", kid_kernel_rbf_sigma=5.0),
            "torch-fidelity",
        )
    ],
    "precision, recall, density, coverage": [(lambda x, y: list(vars(prdc(x, y)).values()), naver, "prdc")],
    "Vendi score, cosine": [(lambda x, _: vendi_score(x), lambda x, _: vendi.score_dual(x.numpy()), "vendi-score")],
    "NDB: JSD and z² of each bin": [(bins, scipy_bins, "scipy")],
    "rank z of C_T": [(lambda x, y: rank_z(x[:, 0], y[:, 0])[0], scipy_rank, "scipy mannwhitneyu")],
    "nearest neighbour": [(lambda x, y: nearest(x, y)[0].tolist(), scikit_nearest, "scikit-learn")],
    "k-means, given seeds": [(lambda x, _: lloyd(x, x[:10], 1000).ravel().tolist(), scikit_kmeans, "scikit-learn")],
}


def difference(ours, theirs):
    """Largest |ours - theirs| / |theirs|; of k-means centres over their largest."""
    ours, theirs = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (ours, theirs))
    return float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-3)))


def main():
    print("| score | reference | cases | largest relative difference |\n|---|---|--:|--:|")
    for score, pairs in COMPARED.items():
        for ours, theirs, name in pairs:
            found = []
            for (n, m, d), seed in itertools.product(SIZES, SEEDS):
                # A complex square root of a singular product is what references get wrong: only n > d is compared.
                if "Fréchet" in score and n <= d:
                    continue
                x, y = features(n, d, 2 * seed), 1.2 * features(m, d, 2 * seed + 1)
                with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found.append(difference(ours(x, y), theirs(x, y)))
            print(f"| {score} | {name} | {len(found)} | {max(found):.0e} |")


if __name__ == "__main__":
    main()

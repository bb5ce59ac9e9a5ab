"""The judge of `quality.py`: a small net trained on labels, and distances in its last features. Nothing is MultiGAN's.

Pictures: a convolutional classifier. Sounds: the same on log-mel spectrograms. Texts have no labels: a language model
whose label is the next word. Its weights are kept beside the results, by set.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from quality_sets import RealSet
from scipy import linalg
from torch import nn

__all__ = ["Referee", "frechet", "precision_recall"]

EPOCHS = {"mnist": 4, "cifar": 25, "digits": 40, "fsdd": 12, "drums": 60, "coco": 4}
SMOOTHING, HELD_OUT, BATCH = 0.05, 0.15, 128
LONGEST = 40


class Classifier(nn.Module):
    """Pictures -> (logits, features `(batch, 128)`)."""

    def __init__(self, channels, classes, width=32):
        super().__init__()
        maps = [(channels, width), (width, width), None, (width, 2 * width), (2 * width, 2 * width), None]
        layers = []
        for pair in [*maps, (2 * width, 4 * width)]:
            layers += [nn.MaxPool2d(2)] if pair is None else [nn.Conv2d(*pair, 3, 1, 1, bias=False)]
            layers += [] if pair is None else [nn.BatchNorm2d(pair[1]), nn.ReLU()]
        self.features = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.out = nn.Linear(4 * width, classes)

    def forward(self, x):
        features = self.features(x)
        return self.out(features), features


class NextWord(nn.Module):
    """Word numbers `(batch, length)` -> (logits of the next word, features `(batch, 128)`: the mean state)."""

    def __init__(self, words):
        super().__init__()
        self.embed, self.gru = nn.Embedding(words, 128), nn.GRU(128, 128, batch_first=True)
        self.out = nn.Linear(128, words)

    def forward(self, x):
        states, _ = self.gru(self.embed(x))
        inside = (x > 0).unsqueeze(2)
        return self.out(states), (states * inside).sum(1) / inside.sum(1).clamp(min=1)


class Referee:
    """The judge of one set, trained on first use and kept in `folder`."""

    def __init__(self, reals: RealSet, folder: Path):
        self.reals, path = reals, folder / f"{reals.name}.pt"
        torch.manual_seed(0)
        items, labels = reals.judged
        self.words = _vocabulary(items) if reals.kind == "text" else {}
        self.net = NextWord(len(self.words) + 2) if self.words else Classifier(*_sizes(self._inputs(items), labels))
        if path.exists():
            kept = torch.load(path, weights_only=True)
            self.net.load_state_dict(kept["net"])
            self.right = kept["right"]
        else:
            self.right = self._train(self._inputs(items), torch.from_numpy(labels))
            folder.mkdir(parents=True, exist_ok=True)
            torch.save({"net": self.net.state_dict(), "right": self.right}, path)
        self.net.eval()
        self.reference, _ = self.judge(reals.reference)

    @torch.no_grad()
    def judge(self, items):
        """(float64 features `(n, 128)`, probabilities `(n, classes)`; for texts, of the words that stand there)."""
        outputs = [self.net(batch) for batch in self._inputs(items).split(256)]
        features = torch.cat([features for _, features in outputs]).double().numpy()
        return features, None if self.words else torch.cat([logits for logits, _ in outputs]).softmax(1)

    def scores(self, items):
        """Numbers of these items against the reference, by name."""
        features, probabilities = self.judge(items)
        chosen = np.random.default_rng(0).permutation(len(self.reference))[:2000]
        precision, recall = precision_recall(self.reference[chosen], features)
        row = {"fd": frechet(self.reference, features), "precision": precision, "recall": recall}
        if probabilities is not None:
            shares = probabilities.argmax(1).bincount(minlength=probabilities.shape[1]) / len(probabilities)
            sure = (probabilities.max(1).values > 0.9).float().mean()
            row |= {"sure": float(sure), "classes": int((shares >= 0.02).sum())}
        return row

    def floor(self):
        """The same numbers of reals against reals: two random halves of the reference."""
        order = np.random.default_rng(1).permutation(len(self.reference))
        one, other = np.array_split(self.reference[order][:4000], 2)
        precision, recall = precision_recall(one, other)
        row = {"fd": frechet(one, other), "precision": precision, "recall": recall}
        own = self.scores(self.reals.reference)
        return row | {key: own[key] for key in ("sure", "classes") if key in own}

    def _inputs(self, items):
        if self.reals.kind == "text":
            return _numbered(items, self.words)
        tensor = torch.from_numpy(np.asarray(items))
        if self.reals.kind == "picture":
            return tensor.float() / 127.5 - 1
        return _log_mel(tensor.float(), self.reals.rate_hz)

    def _train(self, x, y):
        mixed = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
        kept = int((1 - HELD_OUT) * len(x))
        train, test, epochs = mixed[:kept], mixed[kept:], EPOCHS[self.reals.name]
        batch = min(BATCH, max(16, kept // 20))
        steps = epochs * (kept // batch)
        optim = torch.optim.AdamW(self.net.parameters(), 2e-3, weight_decay=0.05)
        rates = torch.optim.lr_scheduler.OneCycleLR(optim, 5e-3, total_steps=steps + 1)
        for _ in range(epochs):
            for chosen in train[torch.randperm(kept)].split(batch):
                if len(chosen) == batch:
                    loss = self._loss(x[chosen], y[chosen])
                    optim.zero_grad()
                    loss.backward()
                    optim.step()
                    rates.step()
        return self._right(x[test], y[test])

    def _loss(self, x, y):
        if self.words:
            return F.cross_entropy(self.net(x[:, :-1])[0].flatten(0, 1), x[:, 1:].flatten(), ignore_index=0)
        smoothing = 0.0 if self.reals.name == "digits" else SMOOTHING
        return F.cross_entropy(self.net(_moved(x, self.reals.flips))[0], y, label_smoothing=smoothing)

    @torch.no_grad()
    def _right(self, x, y):
        """Share of held-out items whose label is found (for texts: of next words)."""
        self.net.eval()
        if not self.words:
            return float((torch.cat([self.net(part)[0].argmax(1) for part in x.split(256)]) == y).float().mean())
        found = torch.cat([self.net(part[:, :-1])[0].argmax(2) for part in x.split(64)])
        return float((found == x[:, 1:])[x[:, 1:] > 0].float().mean())


def _sizes(x, labels):
    return x.shape[1], int(labels.max()) + 1


def _moved(x, flips):
    """Every batch moved by up to a sixteenth of its side, and half of them mirrored where that is allowed."""
    if flips and torch.rand(()) < 0.5:
        x = x.flip(-1)
    reach = max(1, x.shape[-1] // 16)
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    top, left = torch.randint(0, 2 * reach + 1, (2,)).tolist()
    return padded[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def _log_mel(waves, rate_hz):
    """float `(n, samples)` -> `(n, 1, 40, frames)`, about 0 in the mean and 1 in spread."""
    mel = torchaudio.transforms.MelSpectrogram(rate_hz, n_fft=512, hop_length=128, n_mels=40)
    return torch.cat([(mel(part) + 1e-4).log() for part in waves.split(256)]).unsqueeze(1) / 3 + 1


def _vocabulary(lines):
    """Numbers from 2 on of words that occur twice; 0 is no word, 1 any other."""
    words, counts = np.unique([word for line in lines for word in line.split()], return_counts=True)
    return {word: k + 2 for k, word in enumerate(words[counts > 1].tolist())}


def _numbered(lines, words):
    rows = [[words.get(word, 1) for word in line.split()[:LONGEST]] or [1] for line in lines]
    return torch.tensor([row + [0] * (LONGEST - len(row)) for row in rows])


def frechet(one, other):
    """Frechet distance of two sets of features (Heusel et al. 2017)."""
    covariances = np.cov(one.T), np.cov(other.T)
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    means = ((one.mean(0) - other.mean(0)) ** 2).sum()
    return float(means + np.trace(covariances[0] + covariances[1] - 2 * root))


def precision_recall(reals, fakes, k=3):
    """Shares of fakes near a real, of reals near a fake (Kynkaanniemi et al. 2019)."""
    reals, fakes = torch.from_numpy(reals), torch.from_numpy(fakes)
    between = torch.cdist(reals, fakes)
    of_reals, of_fakes = (torch.cdist(x, x).kthvalue(k + 1, 1).values for x in (reals, fakes))
    near_real, near_fake = (between < of_reals[:, None]).any(0), (between < of_fakes[None]).any(1)
    return float(near_real.float().mean()), float(near_fake.float().mean())

"""The eye: features fitted to the data itself, without labels and without a download; see docs/eye.md."""

import hashlib

import torch
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnknownNameError, did_you_mean
from multigan.core.types import Data, Pictures, able
from multigan.features import Setting
from multigan.features.cache import key_of, key_of_items
from multigan.features.kept import read_net, write_net
from multigan.features.patch_counts import PatchCounts

__all__ = ["Eye", "Retina", "build"]

MOST_ITEMS, FEWEST_ITEMS = 2048, 64
MOST_VALUES = 2**25
"""Numbers of all pictures together, 128 MiB: large pictures are fewer."""
READ, CHUNK = 256, 32
"""Items at once, as they are read and looked at: so few that their maps lie in a processor's cache."""
DIM = 64
ITEMS_A_NUMBER = 4
"""Fewer numbers where there are fewer items: a direction is believed where several items speak for it."""
FLOOR = 0.1
"""Of the mean variance, added to that of every direction before it is brought to 1."""
LEAST = 0.1
"""Of a count's mean over reals, added before its logarithm: how rare is rare."""
RECIPE = f"eye/2/{MOST_ITEMS}/{MOST_VALUES}/{DIM}/{ITEMS_A_NUMBER}/{FLOOR}/{LEAST}"
"""All that decides the weights besides data and seed."""


def build(argument: str, setting: Setting) -> "Eye":
    """`eye`; it takes no argument.

    Raises:
        UnknownNameError: something follows a colon.
        DataError: no data, too few items, or a modality without pictures.
    """
    if argument:
        raise UnknownNameError(f"'eye:{argument}' is no feature extractor", "eye", did_you_mean(argument, ["eye"]))
    if not able(setting.modality, Pictures):
        given = f"the extractor 'eye' on {setting.modality.name}"
        raise DataError(given, "a modality that can be looked at (picture)", "type --extractor default")
    if setting.data is None or len(setting.data.items) < FEWEST_ITEMS:
        given = "the extractor 'eye' on " + ("no data" if setting.data is None else f"{len(setting.data.items)} items")
        raise DataError(given, f"{FEWEST_ITEMS} or more", "choose 'default'")
    return Eye(setting, setting.data, setting.modality)


class Retina(nn.Module):
    """Logarithms of counts of patches, brought to few numbers of like spread over real items.

    Counts of what reals never have rise without bound, and a distance of means and covariances is then about those
    alone; of logarithms ten times too much is about as far as ten times too little.

    Args:
        channels: of the pictures.
        dim: length of a vector.

    Source: principal components with whitening: Hotelling 1933; a floor below the variances: Ledoit & Wolf 2004.
    """

    mean: Tensor
    deviation: Tensor
    least: Tensor
    centre: Tensor
    turn: Tensor

    def __init__(self, channels: int, dim: int) -> None:
        super().__init__()
        self.patches = PatchCounts(channels)
        for name in ("mean", "deviation"):
            self.register_buffer(name, torch.zeros(1))
        self.register_buffer("least", torch.ones(self.patches.dim))
        self.register_buffer("centre", torch.zeros(self.patches.dim))
        self.register_buffer("turn", torch.zeros(self.patches.dim, dim))

    def raw(self, x: Tensor) -> Tensor:
        """Pictures `(batch, channels, height, width)` -> logarithms of counts `(batch, patches.dim)`."""
        return (self._counts(x) + self.least).log()

    def forward(self, x: Tensor) -> Tensor:
        """Pictures `(batch, channels, height, width)` -> `(batch, dim)`; over real items about mean 0, deviation 1."""
        found: Tensor = (self.raw(x) - self.centre) @ self.turn
        return found

    @torch.no_grad()
    def fit(self, x: Tensor, seed: int) -> None:
        """Set all buffers by real pictures `(n, channels, height, width)`."""
        self.mean.fill_(x.double().mean())
        self.deviation.fill_(x.double().std(correction=0).clamp_min(1e-6))
        self.patches.draw_from((x - self.mean) / self.deviation, Draw(seed).child("eye"))
        counts = torch.cat([self._counts(part) for part in x.split(CHUNK)])
        self.least.copy_(LEAST * counts.double().mean(0) + 1e-6)
        raw = (counts + self.least).log().double()
        scale = raw.std(0, correction=0)
        scale = torch.where(scale < 1e-6, 1.0, scale)  # what all items share says nothing, however small its unit
        rows = (raw - raw.mean(0)) / scale
        values, vectors = torch.linalg.eigh(rows.T @ rows / len(rows))
        dim = self.turn.shape[1]
        spread = values[-dim:].clamp_min(0) + FLOOR * values.mean()
        white = vectors[:, -dim:] / torch.where(spread > 1e-12, spread, 1.0).sqrt()
        self.centre.copy_(raw.mean(0))
        self.turn.copy_(white / scale[:, None])

    def _counts(self, x: Tensor) -> Tensor:
        return self.patches.seen((x - self.mean) / self.deviation)


class Eye:
    """What `build` makes.

    Args:
        setting: spec, modality, seed, cache and device.
        data: all of it.
        look: makes pictures of samples: the modality.

    It is fitted to up to 2,048 items of all the data, whatever was held out of it: to held-out and to trained reals it
    is the same stranger, so that their distance to each other stays an honest floor, and runs of other seeds, which
    hold other items out, are seen by the same eye. Nothing but the data and the seed of the setting decides it.

    Attributes:
        items: how many it was fitted to.
        note: that in a line.
    """

    name = "eye"

    def __init__(self, setting: Setting, data: Data, look: Pictures) -> None:
        self.setting, self.look = setting, look
        order = torch.randperm(len(data.items), generator=Draw(setting.seed).generator("eye/items"))
        chosen = order[: min(MOST_ITEMS, max(FEWEST_ITEMS, MOST_VALUES // self._values(data, order[:1])))]
        self.items = len(chosen)
        self.dim: int | None = min(DIM, self.items // ITEMS_A_NUMBER)
        self.net = self._fitted(data, chosen, self.dim)
        self.net.eval().requires_grad_(False).to(setting.device)
        self.sha256 = self._hash()
        self.note = f"eye: fitted to {counted(self.items, 'item')}, without labels"

    @torch.no_grad()
    def __call__(self, real: Tensor) -> Tensor:
        """`(batch, *spec.shape)` -> `(batch, dim)`."""
        if not len(real):
            return real.new_zeros(0, self.net.turn.shape[1], dtype=torch.float32)
        return torch.cat([self.net(part) for part in self._seen(real).to(self.setting.device).split(CHUNK)])

    def _values(self, data: Data, item: Tensor) -> int:
        return self._picture(data.items.take(item, Draw(self.setting.seed, 0, "eye/"))).numel()

    def _picture(self, raw: Tensor) -> Tensor:
        return self._seen(self.setting.modality.to_real(raw, self.setting.spec))

    def _seen(self, real: Tensor) -> Tensor:
        return self.look.picture(real, self.setting.spec).float()

    def _fitted(self, data: Data, chosen: Tensor, dim: int) -> Retina:
        parts = [
            data.items.take(part, Draw(self.setting.seed, number, "eye/"))
            for number, part in enumerate(chosen.split(READ))
        ]
        pictures = torch.cat([self._picture(raw) for raw in parts])
        net, folder = Retina(pictures.shape[1], dim), self.setting.cache
        key = key_of(RECIPE, self.setting.seed, key_of_items(parts), self.setting.spec.shape)
        file = folder / "eyes" / f"{key}.safetensors" if folder else None
        if file and read_net(net, file) is not None:
            return net
        net.fit(pictures, self.setting.seed)
        if file:
            write_net(net, file)
        return net

    def _hash(self) -> str:
        digest = hashlib.sha256(f"{RECIPE}/{self.setting.modality.name}/{self.setting.spec.shape}".encode())
        for name, value in sorted(self.net.state_dict().items()):
            digest.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

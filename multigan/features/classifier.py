"""A small classifier trained on the data's own labels: its last hidden layer is the features."""

import hashlib

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnknownNameError
from multigan.core.types import Data, Pictures, able
from multigan.features import Setting
from multigan.features.cache import key_of, key_of_items
from multigan.features.classifier_net import HIDDEN, ConvNet, VectorNet, fit
from multigan.features.kept import read_kept, write_kept

__all__ = ["Classifier", "build"]

MOST_ITEMS = 12_000
HELD_OUT = 0.2
EPOCHS = 12
CHUNK = 250
RECIPE = f"conv32-64-128-{HIDDEN}/{MOST_ITEMS}/{HELD_OUT}/{EPOCHS}/1"
"""All that decides the weights besides data, labels and seed."""


def build(argument: str, setting: Setting) -> "Classifier":
    """`classifier`; it takes no argument.

    Raises:
        UnknownNameError: something follows a colon.
        DataError: no data, no labels, fewer than two classes, or too few items to hold some out.
    """
    if argument:
        raise UnknownNameError(f"'classifier:{argument}' is no feature extractor", "classifier", "leave out the rest")
    data = setting.data
    if data is None or data.labels is None:
        raise DataError("the extractor 'classifier' without labels", "labelled data", "give one sub-folder per class")
    if len(setting.spec.classes or data.labels.unique()) < 2:
        raise DataError("the extractor 'classifier' on one class", "two classes or more", "choose another extractor")
    return Classifier(setting, data, data.labels)


class Classifier:
    """A trained classifier; see `build`.

    Attributes:
        classes: how many there are.
        accuracy: share of held-out items that it names rightly.
        held_out: number of these.
        chance: what naming the most frequent class would get on them.
        note: all that in a line.
    """

    name = "classifier"
    dim: int | None = HIDDEN

    def __init__(self, setting: Setting, data: Data, labels: Tensor) -> None:
        self.setting = setting
        self.classes = max(len(setting.spec.classes), int(labels.max()) + 1)
        items = setting.items if setting.items is not None else torch.arange(len(data.items))
        order = items[torch.randperm(len(items), generator=Draw(setting.seed).generator("classifier/items"))]
        kept, out = _split(order[:MOST_ITEMS], getattr(data.items, "groups", None))
        if not len(kept) or not len(out):
            raise DataError(counted(len(items), "labelled item"), "enough to hold some out", "add data")
        self.net = self._net(self._inputs(data, kept[:2]))
        self.held_out, self.chance = len(out), _chance(labels[out])
        self.accuracy = self._trained(data, labels, kept, out)
        self.net.eval().requires_grad_(False).to(setting.device)
        self.sha256 = self._hash()
        self.note = (
            f"classifier of {counted(self.classes, 'class', 'classes')}: "
            f"names {self.accuracy:.1%} of {counted(self.held_out, 'held-out item')}"
            f" rightly (the most frequent class: {self.chance:.1%})"
        )

    @torch.no_grad()
    def __call__(self, real: Tensor) -> Tensor:
        """`(batch, *spec.shape)` -> activations of the last hidden layer `(batch, 128)`."""
        hidden: Tensor = self.net.hidden(self._seen(real).to(self.setting.device))
        return hidden

    @torch.no_grad()
    def probabilities(self, real: Tensor) -> Tensor:
        """`(batch, *spec.shape)` -> class probabilities `(batch, classes)`."""
        scores: Tensor = self.net(self._seen(real).to(self.setting.device))
        return scores.softmax(1)

    def _seen(self, real: Tensor) -> Tensor:
        modality, spec = self.setting.modality, self.setting.spec
        if able(modality, Pictures):
            return modality.picture(real, spec).float()
        return modality.features(real, spec).float().flatten(1)

    def _net(self, example: Tensor) -> ConvNet | VectorNet:
        return (ConvNet if example.ndim == 4 else VectorNet)(example.shape[1], self.classes)

    def _inputs(self, data: Data, items: Tensor) -> Tensor:
        chunks = [self._raw(data, part) for part in items.split(CHUNK)]
        return torch.cat([self._seen(self.setting.modality.to_real(raw, self.setting.spec)) for raw in chunks])

    def _raw(self, data: Data, items: Tensor) -> Tensor:
        return data.items.take(items, Draw(self.setting.seed, int(items[0]), "classifier/"))

    def _trained(self, data: Data, labels: Tensor, kept: Tensor, out: Tensor) -> float:
        seed, folder = self.setting.seed, self.setting.cache
        file = None
        if folder:
            content = key_of_items(self._raw(data, part) for part in torch.cat([kept, out]).split(CHUNK))
            names = key_of_items([labels[kept], labels[out]])
            key = key_of(RECIPE, self.classes, seed, content, names, len(kept), self.setting.spec.shape)
            file = folder / "classifiers" / f"{key}.safetensors"
        known = read_kept(self.net, file) if file else None
        if known is not None:
            return known
        fit(self.net, self._inputs(data, kept), labels[kept], seed, EPOCHS)
        with torch.no_grad():
            said = torch.cat([self.net(x).argmax(1) for x in self._inputs(data, out).split(CHUNK)])
        accuracy = (said == labels[out]).double().mean().item()
        if file:
            write_kept(self.net, file, accuracy)
        return accuracy

    def _hash(self) -> str:
        digest = hashlib.sha256(f"{RECIPE}/{self.setting.modality.name}/{self.setting.spec.shape}".encode())
        for name, value in sorted(self.net.state_dict().items()):
            digest.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()


def _split(items: Tensor, groups: Tensor | None) -> tuple[Tensor, Tensor]:
    """The shuffled items, cut in two; what belongs together stays together."""
    of = groups[items] if groups is not None else items
    first_seen = list(dict.fromkeys(of.tolist()))
    held = torch.tensor(first_seen[: max(1, round(len(first_seen) * HELD_OUT))])
    out = torch.isin(of, held)
    return items[~out], items[out]


def _chance(labels: Tensor) -> float:
    return labels.bincount().max().item() / len(labels)

"""Several critics of one sound, each with a head of its own, as one discriminator."""

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique, Spec

__all__ = ["Critic", "Panel", "classes_of", "features_and_logits", "needed"]

SLOPE = 0.1


class Critic(Protocol):
    """One critic, an `nn.Module`.

    Attributes:
        width: channels of the last features.
    """

    width: int

    def __call__(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waves `(batch, channels, samples)` -> logits `(batch, *patch)`; features, last `(batch, width, *patch)`."""
        ...


class Panel(nn.Module):
    """D of several critics: each gives a tensor of logits, all of which count equally.

    Args:
        critics: `nn.Module`s that are a `Critic`.
        classes: number of labels; 0 = unconditional, else a projection of the label is added to every logit.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.3; Miyato & Koyama 2018, Eq. 3 (projection).
    Departures: the projection looks at the features of each place; features hold no logits, which the authors' code
        matches as well.
    """

    def __init__(self, critics: Sequence[nn.Module], classes: int = 0) -> None:
        super().__init__()
        self.critics = nn.ModuleList(critics)
        self.embeds = nn.ModuleList(nn.Embedding(classes, int(critic.width)) for critic in critics if classes)  # type: ignore[arg-type]
        for embed in self.embeds:
            nn.init.zeros_(embed.weight)  # type: ignore[arg-type]  # it starts without an opinion of labels

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, samples)` to logits `(batch, *patch)` of every critic, and all their features."""
        logits, features = [], []
        for number, critic in enumerate(self.critics):
            said, seen = critic(x)
            if self.embeds:
                label = self.embeds[number](needed(cond))
                said = said + (label.view(*label.shape, *[1] * (seen[-1].ndim - 2)) * seen[-1]).sum(1)
            logits.append(said)
            features += seen
        return Critique(tuple(logits), tuple(features))


def features_and_logits(layers: nn.ModuleList, out: nn.Module, x: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Layers with leaky rectifiers between them, `(batch, channels, *patch)`; logits `(batch, *patch)` and features."""
    features = []
    for layer in layers:
        x = nn.functional.leaky_relu(layer(x), SLOPE)
        features.append(x)
    logits: Tensor = out(x).squeeze(1)
    return logits, features


def classes_of(spec: Spec, conditional: bool) -> int:
    """Number of labels that a net is told.

    Raises:
        RecipeError: data without labels.
    """
    if conditional and not spec.classes:
        given, wanted = "conditional = true on data without labels", "class sub-folders or data.label_pattern"
        raise RecipeError(given, wanted, "sort the files into one folder a class, or set game.conditional = false")
    return len(spec.classes) if conditional else 0


def needed(cond: Tensor | None) -> Tensor:
    """Labels, of which there have to be some."""
    if cond is None:
        raise RecipeError("a conditional net without labels", "cond (batch,)", "give labels, or build it unconditional")
    return cond

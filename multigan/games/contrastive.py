"""CUT's game: translate without pairs and one way only, since a part of the output must tell its part of the input."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Protocol, runtime_checkable

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.types import Batch, Critique, Loss
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules

__all__ = ["ContrastiveGame", "Heads", "Layered", "patch_nce"]


Compared = tuple[list[Tensor], list[Tensor]]
"""Layers of an output, and the same layers of what it was made of."""


@runtime_checkable
class Layered(Protocol):
    """A translator that shows what its layers make of an input.

    Attributes:
        feature_maps: channels of each layer that is shown.
    """

    feature_maps: tuple[int, ...]

    def features(self, source: Tensor) -> list[Tensor]:
        """Of inputs `(batch, ...)`, or of samples in their place: `(batch, feature_maps[k], *places)` each."""
        ...


class Heads(nn.Module):
    """One small net a layer: features of single places to vectors of length 1.

    Args:
        feature_maps: channels of each layer.
        width: of the vectors.

    Source: Park et al. 2020 (CUT), section 3.2, as in their code: 560,384 parameters for their generator and width 256.
    """

    def __init__(self, feature_maps: Sequence[int], width: int) -> None:
        super().__init__()
        self.nets = nn.ModuleList(
            nn.Sequential(nn.Linear(maps, width), nn.ReLU(), nn.Linear(width, width)) for maps in feature_maps
        )
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0.0, 0.02)
                nn.init.zeros_(module.bias)

    def forward(self, features: Sequence[Tensor]) -> list[Tensor]:
        """`(batch, places, feature_maps[k])` each -> `(batch, places, width)` each."""
        return [F.normalize(net(x), dim=-1) for net, x in zip(self.nets, features, strict=True)]


class ContrastiveGame:
    """An adversarial game, and InfoNCE between places of the input and the same places of the output.

    `loss_G = adversarial + weight * mean_layers NCE(output, input)`, and with `identity` the mean of that NCE and the
    one between a target and what G makes of the target.

    Args:
        players: `"G"`, a translator that shows its layers (`Layered`), and `"D"`. A third player, `"F"`, is the heads
            of the layers; it descends the NCE alone.
        rules: as of `AdversarialGame`; there is no place for `matching`, `reduction`, `fakes` and an input that D sees.
        weight: of the NCE.
        identity: whether targets too must stay what they are.
        flips: chance of a batch whose inputs G sees mirrored along the last axis, while the NCE compares the places
            that belong together (FastCUT: .5).
        places: of each layer, the same for the whole batch; each place's rivals are the other ones of its sample.
        temperature: of the NCE.
        vectors: width of the heads.

    Source: Park et al. 2020 (CUT), Eq. 2 to 5; CUT is `weight` 1 with `identity`, FastCUT `weight` 10 without and
    `flips` .5. The order of turns, D, G, F, as in their code.
    Departures: F's turn has a batch and fakes of its own; initial weights are normal.
    """

    roles: ClassVar[Mapping[str, str]] = {"d": "D", "g": "G", "f": "F"}
    takes_inputs = True
    unpaired = True
    kept = ("G",)
    uncounted = ("g", "f")

    def __init__(  # noqa: PLR0913  (each is an option of `[game]`)
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        weight: Annotated[float, Field(ge=0)] = 1.0,
        identity: bool = True,
        flips: Annotated[float, Field(ge=0, le=1)] = 0.0,
        places: Annotated[int, Field(ge=2, le=65_536)] = 256,
        temperature: Annotated[float, Field(gt=0)] = 0.07,
        vectors: Annotated[int, Field(ge=1, le=65_536)] = 256,
    ) -> None:
        self.refuse(rules)
        self.G = players["G"]
        if not isinstance(self.G, Layered):
            given = f"game 'contrastive' with {type(self.G).__name__}, which shows no layers"
            raise PluginError(given, "a translator with features and feature_maps", "type --set G.net=resnet")
        self.base = AdversarialGame(players, replace(rules, objectives={}))
        self.heads = Heads(self.G.feature_maps, vectors)
        self.weight, self.identity, self.flips = weight, identity, flips
        self.places, self.temperature = places, temperature
        self.views, self.memory = self.base.views, self.base.memory
        self.players = {**self.base.players, "F": self.heads}
        self.turns: dict[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {
            "d": ("D", self.base.d_loss),
            "g": ("G", self.g_loss),
            "f": ("F", self.f_loss),
        }

    @staticmethod
    def refuse(rules: Rules) -> None:
        """Nothing belongs together but the places of an input and its output."""
        rules.refuse("contrastive", "matching", "reduction", "fakes", "join")

    def round(self, n_critic: int) -> tuple[str, ...]:
        """D's turns, then G's, then that of the heads."""
        return (*("d",) * n_critic, "g", "f")

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """G's loss against D, and the NCE."""
        made, compared = self._compared(batch, draw)
        adversarial = self.base.g_loss_on(made, batch, draw)
        told = self._nce(compared, draw)
        parts = {**adversarial.parts, "penalty/nce": told.detach()}
        return Loss(adversarial.total + self.weight * told, parts)

    def f_loss(self, batch: Batch, draw: Draw) -> Loss:
        """The NCE as a loss of the heads."""
        with torch.no_grad():
            _, compared = self._compared(batch, draw)
        told = self._nce(compared, draw)
        return Loss(told, {"loss/F": told.detach()})

    def after(self, player: str) -> None:
        """Constrain D after its update."""
        self.base.after(player)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """What G makes of the batch's inputs: `(batch, *shape)`."""
        return self.base.fake(batch, draw)

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """D's critique of samples x `(batch, *shape)`."""
        return self.base.judge(x, batch, draw)

    def _compared(self, batch: Batch, draw: Draw) -> tuple[Tensor, list[Compared]]:
        """Outputs for the batch's inputs, and layers of what is to be told by what."""
        if batch.source is None:
            given = "game 'contrastive' without inputs"
            raise RecipeError(given, "[input]", "name the folder of the inputs: input.source")
        mirrored = bool(torch.rand((), generator=draw.generator("flip")) < self.flips)
        seen = batch._replace(source=batch.source.flip(-1)) if mirrored else batch
        made = self.base.fake(seen, draw)
        queries = self._layers(made)
        compared = [([x.flip(-1) for x in queries] if mirrored else queries, self._keys(batch.source))]
        if self.identity and batch.real.shape == batch.source.shape:
            own = draw.child("identity")
            kept = draw_fakes(self.G, len(batch.real), own, batch.cond, batch.real, besides=own.child("G"))
            compared.append((self._layers(kept), self._keys(batch.real)))
        return made, compared

    def _nce(self, compared: Sequence[Compared], draw: Draw) -> Tensor:
        """The mean over what is compared, and over layers."""
        told = list[Tensor]()
        for number, (queries, keys) in enumerate(compared):
            chosen = [_places(x, self.places, draw.child(f"places-{number}-{k}")) for k, x in enumerate(keys)]
            asked = self.heads([_at(x, rows) for x, rows in zip(queries, chosen, strict=True)])
            with torch.no_grad():
                wanted = self.heads([_at(x, rows) for x, rows in zip(keys, chosen, strict=True)])
            told += [patch_nce(q, k, self.temperature).mean() for q, k in zip(asked, wanted, strict=True)]
        return torch.stack(told).mean()

    @torch.no_grad()
    def _keys(self, x: Tensor) -> list[Tensor]:
        return self._layers(x)

    def _layers(self, x: Tensor) -> list[Tensor]:
        if not isinstance(self.G, Layered):  # it was at the start
            raise TypeError("G shows no layers")
        return self.G.features(x)


def patch_nce(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Cross entropy of finding each query's own place among all places of its sample.

    Args:
        queries: `(batch, places, width)`, vectors of length 1.
        keys: likewise; place i belongs to query i.
        temperature: divides the cosines.

    Returns:
        `(batch,)`, means over places.

    Source: Park et al. 2020 (CUT), Eq. 3 and 4.
    """
    cosines = queries @ keys.transpose(1, 2) / temperature
    own = torch.arange(cosines.shape[1], device=cosines.device).expand(cosines.shape[:2])
    return F.cross_entropy(cosines.flatten(0, 1), own.flatten(), reduction="none").view(own.shape).mean(1)


def _places(x: Tensor, most: int, draw: Draw) -> Tensor:
    """Numbers of places of x `(batch, channels, *places)`, at most so many, the same on every process."""
    return torch.randperm(x[0, 0].numel(), generator=draw.generator("places"))[:most].to(x.device)


def _at(x: Tensor, rows: Tensor) -> Tensor:
    """x `(batch, channels, *places)` at some places: `(batch, len(rows), channels)`."""
    return x.flatten(2)[:, :, rows].transpose(1, 2)

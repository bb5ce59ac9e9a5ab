"""What a modality may offer where texts, sounds, or other things that lie in files by the thousand, are made of others.

They are abilities as those of `multigan.plugins.abilities`, where all are listed.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Data, Modality, Spec, able
from multigan.plugins.fitted import Answered, Poured
from multigan.plugins.paired import Couple, PairScore

__all__ = ["Answers", "Contends", "Couples", "Matches", "Pours", "Recalls", "Rewards", "Weighs", "rewards_of"]


class Answers(Protocol):
    """Lines go through a generator that is given a text: `apply`, `chat`."""

    def answer(
        self,
        net: nn.Module,
        lines: Sequence[str],
        source: Spec,
        spec: Spec,
        *,
        draw: Draw,
        beam: int,
        temperature: float,
    ) -> Sequence[Answered]:
        """What a net writes for each line, in order, for inputs like `source` and outputs like `spec`.

        `beam` below 2 is no search; `temperature` 0 takes the likeliest token at every step.
        """
        ...


class Weighs(Protocol):
    """How likely a net finds what was written: `apply --candidates` chooses by it."""

    def log_likelihood(self, net: nn.Module, raw: Tensor, source: Tensor, spec: Spec) -> Tensor:
        """Log-likelihood in nats `(n,)` of outputs, raw items `(n, ...)`, for inputs `(n, ...)` in the space of G."""
        ...


class Couples(Protocol):
    """Inputs and targets stand side by side in files of many items: joined by their place, not by names of files.

    Attributes:
        recipe_for_couples: the recipe that `multigan train PLACE` picks for them.
    """

    recipe_for_couples: str

    def sees_couples(self, place: Path) -> str:
        """What pairs a file or folder holds, in words; "" where it holds none. Looks at few lines, and never fails."""
        ...

    def couple(
        self,
        target: str,
        source: str | None,
        *,
        options: Mapping[str, Any],
        given: Mapping[str, Any],
        swap: bool,
    ) -> Couple:
        """Read pairs.

        Args:
            target: what `data.source` says: the targets, or a place that holds both sides.
            source: what `input.source` says; None = `target` holds both.
            options: of `load` for targets, as the recipe has them.
            given: those that the recipe has for inputs alone.
            swap: the other way round, where `target` holds both.

        Raises:
            DataError: there are no pairs, or the two sides do not fit each other.
        """
        ...


class Recalls(Protocol):
    """Outputs are compared with all trained pairs: what looking one up would give, and which are learnt by heart."""

    def recalled(self, data: Data, train: Tensor, source: Tensor) -> Mapping[str, Tensor]:
        """By name, outputs `(n, ...)` in D's space that are looked up for inputs `(n, ...)` among the items `train`."""
        ...

    def is_trained(self, data: Data, train: Tensor, fake: Tensor) -> Tensor:
        """Which of `fake` `(n, ...)` are equal to a target among the items `train`, bool `(n,)`."""
        ...


class Rewards(Protocol):
    """How good an output is beside its target, for games that mix it into D's reward.

    Attributes:
        rewards: by name, `reward(fake, real, spec) -> (batch,)` in [0, 1] of samples in D's space.
    """

    rewards: Mapping[str, Callable[..., Tensor]]


class Pours(Protocol):
    """Files of any length go through such a generator part by part, held in bounded memory: in place of `Applies`."""

    def pour(self, net: nn.Module, path: Path, into: Path | None, spec: Spec, label: Any, *, strength: float) -> Poured:
        """What the net makes of a file, written to `into` plus `pour_suffix`, or given back where that is None."""
        ...

    def pour_suffix(self, path: Path) -> str:
        """What the name of a file's output ends with."""
        ...

    def stream(self, net: nn.Module, spec: Spec, sample_rate_hz: int, channels: int, block: int) -> Any:
        """Samples as they come: `push(chunk)`, `flush()`, `latency_ms`; rate 0 = the generator's."""
        ...


class Opens(Protocol):
    """Files of further kinds are inputs of some generators: `apply` finds them in folders."""

    def opens(self, spec: Spec) -> Sequence[str]:
        """Endings that are read beside `suffixes` where an input is like `spec`, lower case with the dot."""
        ...


class Matches(Protocol):
    """Outputs of a generator that is given an input are compared with their targets: `evaluate`; else by L1 alone."""

    def against_targets(self, spec: Spec) -> Sequence[PairScore]:
        """Scores of pairs of samples like `spec`, in D's space."""
        ...

    def rival(self, source: Tensor, source_spec: Spec, spec: Spec) -> tuple[str, Tensor] | None:
        """What needs no training, for inputs `(batch, ...)` like `source_spec`: its name and samples, or None."""
        ...


class Contends(Protocol):
    """Other ways than a rival's to do without training what such a generator does, and pairs that are judged apart."""

    def contenders(self, source: Tensor, source_spec: Spec, spec: Spec) -> Mapping[str, Tensor]:
        """Samples like `spec` by the way's name, for inputs `(batch, ...)` like `source_spec`; there may be none."""
        ...

    def cells(self, source: Tensor, real: Tensor, spec: Spec) -> Mapping[str, Tensor]:
        """Bool `(n,)` by name, for inputs and targets of as many pairs; there may be none."""
        ...


def rewards_of(modality: Modality, spec: Spec) -> Mapping[str, Callable[[Tensor, Tensor], Tensor]]:
    """The rewards that a modality offers of samples like `spec`, `(fake, real) -> (batch,)`, by name."""
    own = modality.rewards if able(modality, Rewards) else {}
    return {name: partial(reward, spec=spec) for name, reward in own.items()}

"""What a handler can hear: logging, checkpoints, sheets and interruptions hang here, not in the step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from torch import Tensor

if TYPE_CHECKING:
    from multigan.engine.trainer import Trainer

__all__ = ["Handler", "Quiet"]


class Handler(Protocol):
    """Something that listens to a run. Handlers are called in list order and may set `trainer.stopping`."""

    def started(self, trainer: "Trainer") -> None:
        """Before the first iteration of this process."""
        ...

    def stepped(self, trainer: "Trainer", parts: Mapping[str, Tensor]) -> None:
        """After every iteration; `parts` are its detached scalars."""
        ...

    def ended(self, trainer: "Trainer") -> None:
        """After the last iteration, also after a requested stop; not after an error."""
        ...

    def failed(self, trainer: "Trainer", error: BaseException) -> bool:
        """An iteration raised; every handler hears it. True = the trainer was put right and training may go on."""
        ...

    def rewound(self, trainer: "Trainer") -> None:
        """The trainer went back to an earlier step, and goes on from there."""
        ...


class Quiet:
    """A handler that does nothing: inherit to write only the methods you need."""

    def started(self, trainer: "Trainer") -> None:
        """Do nothing."""

    def stepped(self, trainer: "Trainer", parts: Mapping[str, Tensor]) -> None:
        """Do nothing."""

    def ended(self, trainer: "Trainer") -> None:
        """Do nothing."""

    def failed(self, trainer: "Trainer", error: BaseException) -> bool:
        """Do nothing: the error ends the run."""
        return False

    def rewound(self, trainer: "Trainer") -> None:
        """Do nothing."""

"""The one loop: fit -> turn -> update. Features are terms, handlers or plugins; the step never branches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError, DivergedError, PeerError
from multigan.core.types import Batch, Game, Loss
from multigan.engine.accumulate import mean_parts, refuse_uneven, split
from multigan.engine.agreement import everywhere, in_one_voice, nonfinite
from multigan.engine.autopsy import names_the_layer
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.ema import Ema
from multigan.engine.memory import share_memory
from multigan.engine.optimizers import make_optimizer
from multigan.engine.phases import Phase, State
from multigan.engine.precision import autocast
from multigan.engine.schedules import learning_rate_factor
from multigan.engine.turns import check_loss, check_reached

__all__ = ["Handler", "Quiet", "Trainer"]

Parts = Mapping[str, Tensor]


class Handler(Protocol):
    """Something that listens to a run. Handlers are called in list order and may set `trainer.stopping`."""

    def started(self, trainer: "Trainer") -> None:
        """Before the first iteration of this process."""
        ...

    def stepped(self, trainer: "Trainer", parts: Parts) -> None:
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

    def stepped(self, trainer: "Trainer", parts: Parts) -> None:
        """Do nothing."""

    def ended(self, trainer: "Trainer") -> None:
        """Do nothing."""

    def failed(self, trainer: "Trainer", error: BaseException) -> bool:
        """Do nothing: the error ends the run."""
        return False

    def rewound(self, trainer: "Trainer") -> None:
        """Do nothing."""


class Trainer:
    """Plays a game over phases. Final: extend it by terms, handlers and games, not by inheritance.

    Args:
        game: who plays, and each turn's loss.
        batches: the stream of real samples.
        phases: what to do, in order; `planned` keeps them where their lengths are changed later.
        ema_halflife_samples: half-life of the averages.
        handlers: listeners, called in order.
        dtype: compute type of the nets (penalties stay in float32).
        accumulate: micro-batches per turn, see `multigan.engine.accumulate`.

    Attributes:
        state: counters; with nets and optimizers all that a resume needs.
        averages: of the players that the game keeps, by name.
        optimizers: by player, of the current phase.
        stopping: set it to leave `fit` after the current iteration.
    """

    def __init__(
        self,
        game: Game,
        batches: Batches,
        phases: Sequence[Phase],
        *,
        ema_halflife_samples: float = 10_000,
        handlers: Sequence[Handler] = (),
        dtype: torch.dtype = torch.float32,
        accumulate: int = 1,
    ) -> None:
        refuse_uneven(batches.batch, batches.world.size, accumulate)
        self.game, self.batches = game, batches
        self.phases = self.planned = tuple(phases)
        self.handlers, self.dtype, self.accumulate = list(handlers), dtype, accumulate
        self.averages = {name: Ema(game.players[name], ema_halflife_samples) for name in game.kept}
        self.state, self.stopping = State(), False
        self._failure: DataError | None = None
        self.optimizers = self.fresh_optimizers()
        self._params = {name: list(net.parameters()) for name, net in game.players.items()}

    @property
    def world(self) -> World:
        """The processes that train together."""
        return self.batches.world

    @property
    def ema(self) -> Ema:
        """The average of what people keep, `ema.net`."""
        return self.averages[self.game.kept[0]]

    @property
    def phase(self) -> Phase:
        """The current phase (the last one when all are done)."""
        return self.phases[min(self.state.phase, len(self.phases) - 1)]

    @property
    def finished(self) -> bool:
        """Whether every phase has spent its budget."""
        return self.state.phase >= len(self.phases)

    def fit(self) -> State:
        """Train until the phases are done or `stopping` is set; call it again to go on.

        Raises:
            DataError: data could not be read; the handlers have heard `ended` at a whole iteration, so it is saved.
            DivergedError: a loss is not finite.
        """
        self.stopping, self._failure = False, None
        for handler in self.handlers:
            handler.started(self)
        while not self.finished:
            batches = self._read()
            if self.world.any(self.stopping):
                break
            self._attempt(batches)
        for handler in self.handlers:
            handler.ended(self)
        self._raise_failure()
        return self.state

    def turn(self, name: str, batch: Batch, draw: Draw) -> Parts:
        """One turn of the game by name: descend its loss in its player's parameters, all others frozen."""
        player, _ = self.game.turns[name]
        with self._only(player):
            parts = self.update(player, (self._loss(name, *part) for part in split(batch, draw, self.accumulate)))
        check_reached(self.game, player, self._params[player])
        return parts

    def update(self, player: str, losses: Iterable[Loss]) -> Parts:
        """Backward of every micro-batch's loss, average over processes, clip, step, constrain."""
        optimizer, settings = self.optimizers[player], self.phase.optim[player]
        params = [param for group in optimizer.param_groups for param in group["params"]]
        optimizer.zero_grad()
        done = [self._backward(loss, params) for loss in losses]  # lazily: one micro-batch's graph lives at a time
        wrong = next((error for _, error in done if error is not None), None)
        if self.world.average_gradients(params, wrong is not None):
            raise everywhere(wrong)
        if settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(params, settings.clip_norm)
        optimizer.step()
        share_memory(self.game, self.world)
        self.game.after(player)
        return mean_parts([parts for parts, _ in done])

    def fresh_optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """New optimizers for the current phase's players."""
        return {player: make_optimizer(self.game.players[player], s) for player, s in self.phase.optim.items()}

    def _loss(self, turn: str, batch: Batch, draw: Draw) -> Loss:
        draw.seed_layers()
        with autocast(self.batches.device, self.dtype):
            return check_loss(self.game, turn, self.game.turns[turn][1](batch, draw))

    def _backward(self, loss: Loss, params: Sequence[Tensor]) -> tuple[Parts, DivergedError | None]:
        """What is not finite is not raised yet: other processes wait in the backward pass, or to average gradients."""
        error = nonfinite(loss, self.state.step)
        if loss.total.requires_grad:
            # Only for these: penalties make their samples leaves of the graph, whose gradient nobody reads.
            total = loss.total / self.accumulate if self.accumulate > 1 else loss.total
            total.backward(inputs=[param for param in params if param.requires_grad])
        return loss.parts, error

    def _read(self) -> list[Batch]:
        """All batches of the next iteration, before its first update: where one fails, a whole iteration is saved."""
        phase, first = self.phase, self.state.phase_step * len(self.phase.turns)
        try:
            return [self.batches.take(phase.name, first + k) for k in range(len(phase.turns))]
        except DataError as error:
            self._failure, self.stopping = error, True
            return []

    def _raise_failure(self) -> None:
        """Every process leaves with an error where one could not read its data, and that one with the reason."""
        failed = not self.finished and self.world.any(self._failure is not None)
        if self._failure is not None:
            raise self._failure
        if failed:
            raise PeerError("another process could not read its data", "", "see its error")

    def _attempt(self, batches: Sequence[Batch]) -> None:
        """One iteration; where it fails, a handler may put things right and training goes on from there."""
        try:
            self._iterate(batches)
        except BaseException as raised:
            error = in_one_voice(raised, self.world)
            if not self._cured(error):
                if error is raised:
                    raise
                raise error from raised

    def _iterate(self, batches: Sequence[Batch]) -> None:
        phase, state = self.phase, self.state
        progress = state.progress(phase, self.batches.batch)
        self._set_learning_rates(phase, progress)
        draw = self._draw(progress)
        parts = dict[str, Tensor]()
        for k, (name, batch) in enumerate(zip(phase.turns, batches, strict=True)):
            own = draw.child(f"{k}-{name}")
            with names_the_layer(self.game, name, batch, own):
                parts.update(self.turn(name, batch, own))
        self._count(phase)
        for handler in self.handlers:
            handler.stepped(self, parts)

    def _draw(self, progress: float) -> Draw:
        world, seed, device = self.world, self.batches.seed, str(self.batches.device)
        gather = world.gather if world.size > 1 else None
        return Draw(seed, self.state.step, "", world.rank, world.size, progress, device, gather)

    def _cured(self, error: BaseException) -> bool:
        """Tell every handler of an error, not only the first that cures it; whether one put the trainer right."""
        return sum(handler.failed(self, error) for handler in self.handlers) > 0

    def _count(self, phase: Phase) -> None:
        last = self.state.advance(phase, self.batches.batch)
        step_samples = phase.step_samples(self.batches.batch)
        for name, average in self.averages.items():
            average.update(self.game.players[name], step_samples, self.state.phase_samples)
        if last:
            self.state.enter_next_phase()
            if not self.finished:  # a run that has ended may be lengthened
                self.optimizers = self.fresh_optimizers()

    def _set_learning_rates(self, phase: Phase, progress: float) -> None:
        for player, settings in phase.optim.items():
            factor = learning_rate_factor(settings.schedule, progress, settings.final_lr_fraction)
            for group in self.optimizers[player].param_groups:
                group["lr"] = settings.lr * factor * self.state.lr_factor

    @contextmanager
    def _only(self, player: str) -> Iterator[None]:
        """Freeze every other player: their parameters get no gradient and cost no backward work."""
        others = [params for name, params in self._params.items() if name != player]
        trainable = [param for params in others for param in params if param.requires_grad]
        for param in trainable:
            param.requires_grad_(False)
        try:
            yield
        finally:
            for param in trainable:
                param.requires_grad_(True)

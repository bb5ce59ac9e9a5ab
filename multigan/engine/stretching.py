"""Lengths of phases that change while a run trains: a deadline that is kept, a run that goes on for longer."""

from collections.abc import Sequence
from dataclasses import replace

from multigan.engine.phases import Phase, Stretch
from multigan.engine.trainer import Trainer

__all__ = ["end_phase", "given_lengths", "is_ending", "lengths_of", "put_lengths", "stretch", "stretched"]


def lengths_of(trainer: Trainer) -> tuple[int, ...]:
    """Samples of every phase, as they are now."""
    return tuple(phase.samples for phase in trainer.phases)


def given_lengths(trainer: Trainer) -> tuple[int, ...]:
    """Samples of every phase as the run was given them: phases that were ended since count as if they had not been."""
    change = trainer.state.stretch
    return change.given if change is not None and change.given else lengths_of(trainer)


def end_phase(trainer: Trainer) -> None:
    """End the current phase with its next iteration, though it has samples left; others stay as long as they are."""
    given, lengths = given_lengths(trainer), list(lengths_of(trainer))
    lengths[trainer.state.phase] = 1
    stretch(trainer, lengths)
    if trainer.state.stretch is not None:
        trainer.state.stretch = replace(trainer.state.stretch, given=given)


def is_ending(trainer: Trainer) -> bool:
    """Whether the next iteration is the last of a phase that `end_phase` has ended."""
    change, state = trainer.state.stretch, trainer.state
    if change is None or not change.given or trainer.finished:
        return False
    last = state.phase_step + 1 >= trainer.phase.iterations(trainer.batches.batch)
    return last and trainer.phase.samples < change.given[state.phase]


def stretch(trainer: Trainer, lengths: Sequence[int], *, anew: bool = False) -> None:
    """Give every phase another length.

    What is over stays as long as it was, and the current phase gets at least one more iteration. A trainer that has
    finished goes on in its last phase where that gets longer, with the optimizers that it had.

    Args:
        trainer: between two iterations.
        lengths: samples of every phase.
        anew: whether schedules are from here on those of a run that had these lengths from its start (a cosine that
            had ended is warmed again, the more the longer the run gets). Otherwise they go on from where they stand:
            without a jump, and at 1 in the last iteration all the same.
    """
    if trainer.finished:
        _reopen(trainer, lengths)
        if trainer.finished:
            return
    state, batch = trainer.state, trainer.batches.batch
    step = trainer.phase.step_samples(batch)
    least = [phase.samples if number < state.phase else 1 for number, phase in enumerate(trainer.phases)]
    least[state.phase] = state.phase_step * step + 1
    new = tuple(
        phase.samples if number < state.phase else max(length, floor)
        for number, (phase, length, floor) in enumerate(zip(trainer.phases, lengths, least, strict=True))
    )
    if anew:
        state.stretch = Stretch(new)
    else:
        progress = state.progress(trainer.phase, batch) if state.phase_step else 0.0
        given = state.stretch.given if state.stretch is not None else ()
        state.stretch = Stretch(new, state.phase_step, progress, state.samples, _share(trainer), given)
    put_lengths(trainer)


def put_lengths(trainer: Trainer) -> None:
    """Make the phases as long as the trainer's state says."""
    trainer.phases = stretched(trainer.planned, trainer.state.stretch)


def stretched(phases: Sequence[Phase], change: Stretch | None) -> tuple[Phase, ...]:
    """Phases with the lengths of a change, if there is one."""
    if change is None:
        return tuple(phases)
    return tuple(replace(phase, samples=n) for phase, n in zip(phases, change.lengths, strict=True))


def _share(trainer: Trainer) -> float:
    change, samples = trainer.state.stretch, trainer.state.samples
    return (change or Stretch(lengths_of(trainer))).share_at(samples)


def _reopen(trainer: Trainer, lengths: Sequence[int]) -> None:
    """Back into the last phase of a trainer that has finished, where it would have iterations left."""
    last, state = trainer.phases[-1], trainer.state
    done = last.iterations(trainer.batches.batch)
    if replace(last, samples=lengths[-1]).iterations(trainer.batches.batch) > done:
        state.phase, state.phase_step = len(trainer.phases) - 1, done
        state.phase_samples = done * last.step_samples(trainer.batches.batch)

"""A run that has ended, or was stopped, gets another length."""

from pathlib import Path

from multigan.core.counted import counted
from multigan.core.errors import RunError
from multigan.engine.stretching import lengths_of
from multigan.engine.trainer import Trainer
from multigan.recipe.length import dealt, for_longer
from multigan.terminal.bar import spoken

__all__ = ["further", "left_line", "lengthened_line", "planned"]


def further(trainer: Trainer, samples: int, folder: Path) -> tuple[int, ...]:
    """Lengths of phases for so many samples in all; what is left goes to phases that are not over, in proportion.

    Args:
        trainer: restored.
        samples: in all, those that are done included.
        folder: the run directory.

    Raises:
        RunError: so many are done already.
    """
    state, lengths = trainer.state, lengths_of(trainer)
    if samples <= state.samples:
        raise RunError(
            f"--samples {samples:,}, and {folder} has trained {counted(state.samples, 'sample')} already",
            "more than that: --samples counts those that are done",
            f"type {for_longer(str(folder), state.samples)}",
        )
    phase = min(state.phase, len(lengths) - 1)
    begun = state.samples - sum(_spent(trainer, number) for number in range(phase))
    over = state.samples - begun
    rest = dealt(max(samples - over, len(lengths) - phase), lengths[phase:])
    if rest[0] < begun:  # it has had its part
        later = lengths[phase + 1 :]
        rest = (begun, *dealt(max(samples - state.samples, len(later)), later)) if later else (begun,)
    return (*lengths[:phase], *rest)


def planned(trainer: Trainer) -> int:
    """Samples of all phases, as whole iterations."""
    return sum(_spent(trainer, number) for number in range(len(trainer.phases)))


def lengthened_line(trainer: Trainer, minutes: float | None, whole: int = 0) -> str:
    """What was made of a restored trainer, for people and for the record.

    Args:
        trainer: with its new lengths.
        minutes: that were asked for; None = samples were.
        whole: samples that it had been given before.
    """
    done, total = trainer.state.samples, planned(trainer)
    longer = f" for {minutes:g} more minutes" if minutes is not None else ""
    more = f"about {counted(total - done, 'sample')} more"
    fewer = f"; it had been given {whole:,}: go on to those with --samples {whole}" if total < whole else ""
    return f"going on{longer} from {counted(done, 'sample')}: {more}, {total:,} in all{fewer}"


def left_line(trainer: Trainer, seconds: float, minutes: float) -> str:
    """What is left of a run with minutes, and how far it is in samples, as the doctor counts it.

    Args:
        trainer: of the run that goes on.
        seconds: that are left.
        minutes: that it was given; reading and writing take of them too.
    """
    done, total = trainer.state.samples, planned(trainer)
    share = done / max(total, 1)
    left = f"{spoken(max(0.0, seconds))} of {minutes:g} minute{'' if minutes == 1 else 's'} are left"
    far = f"{done:,} of about {total:,} are done ({share:.0%})"
    return f"{left}; of its samples {far}, as its minutes are more than training"


def _spent(trainer: Trainer, phase: int) -> int:
    """What a phase takes: whole iterations."""
    batch = trainer.batches.batch
    return trainer.phases[phase].iterations(batch) * trainer.phases[phase].step_samples(batch)

"""The twin of a run: the same generator by likelihood or matching terms alone, for as many updates as the game took."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from multigan.build import build_data, build_game, build_nets, build_phases
from multigan.core import strict_json
from multigan.core.atomic import replace_file, try_writing
from multigan.core.errors import CheckpointError, MultiGANError, RunError, UnsupportedError, WriteError
from multigan.core.shell import typed
from multigan.engine.phases import Phase, State, Stretch
from multigan.generator.generator import load
from multigan.generator.twin import FILE, PLACE, Twin, anew, damaged
from multigan.pace.pace import as_begun
from multigan.recipe.length import with_lengths
from multigan.recipe.recipe import Recipe, load_recipe
from multigan.run.files import out_of_the_way
from multigan.run.folder import find_run
from multigan.run.ledger import read_metrics
from multigan.run.lock import owner_of
from multigan.training import Run, resume, train

__all__ = ["Updates", "twin", "twin_recipe", "updates_of"]


@dataclass(frozen=True)
class Updates:
    """How often the generator of a run was changed.

    Attributes:
        phases: in each phase, the game last; its turns of likelihood count as those of the game do.
        seconds: wall time of the run's training loop, all sittings together.
    """

    phases: tuple[int, ...]
    seconds: float

    @property
    def total(self) -> int:
        """In all phases."""
        return sum(self.phases)


def twin(run: str | Path, *, quiet: bool = False) -> Run:
    """Train the twin of a run in `RUN/twin`: no adversary, as many updates of G, all else as the run's recipe says.

    A generator that was fitted first and then played has had more updates than `generator-fit/`; what it is better by
    may be due to those. The twin takes them all by the fit alone, in one phase whose learning rate falls over the whole
    length. `evaluate` then puts it beside the generator, and says by how much the game is better than it.

    A twin that was stopped goes on; one that is done is left as it is. It is a run directory like others:
    `multigan apply RUN/twin`, `multigan compare RUN RUN/twin`.

    Args:
        run: the run directory of a generator that is given an input.
        quiet: print nothing.

    Raises:
        WriteError: the run directory cannot be written; its twin lies in it.
        RunError: it is no run directory, has not ended a sitting yet, trains just now, or holds the twin of another
            length, or one that is damaged.
        UnsupportedError: its generator makes samples of nothing, or has no pairs to be fitted to.
        DataError: its data is gone.

    Example:
        >>> import multigan
        >>> multigan.twin("runs/translate-1")  # doctest: +SKIP
        >>> multigan.evaluate("runs/translate-1").verdict[0]  # doctest: +SKIP
        'the adversary bought nothing: BLEU -0.25 (-0.80 to 0.21) over its twin of 1,600 updates'
    """
    folder, recipe = find_run(run)
    _refuse(recipe)
    _refuse_going_on(folder)
    _refuse_place(folder)
    updates = updates_of(folder)
    place, of = folder / PLACE, load(folder, "last").config["weights_sha256"]
    if (place / FILE).is_file():  # one that is done and damaged is not gone on with
        _weights_of(place)
    if (place / "recipe.toml").is_file():
        made = _taken_up(place, recipe, updates, quiet=quiet)
    else:
        made = train(twin_recipe(recipe, updates), run=place, quiet=quiet)
    if made.signal is None:
        found = Twin(of, _weights_of(place), updates.total, updates.seconds, _seconds(place))
        replace_file(place / FILE, strict_json.dumps(found._asdict(), indent=1) + "\n")
    return made


def updates_of(folder: Path) -> Updates:
    """How often each phase of a run changed G so far.

    Raises:
        RunError: no sitting of it has ended yet.
    """
    facts = _facts(folder)
    recipe = as_begun(folder, load_recipe(str(folder / "recipe.toml")))
    given = dict(facts["state"])
    stretch = given.pop("stretch", None)
    state = State(**given)
    if stretch is not None:
        state.stretch = Stretch(**stretch)
        recipe = with_lengths(recipe, stretch["lengths"])
    data = build_data(recipe)
    source = None if data.inputs is None else data.inputs.spec
    G, D = build_nets(recipe, data.spec, source)
    game = build_game(recipe, data.spec, G, D, source)
    first, phases = game.kept[0], build_phases(recipe, game)
    each = [sum(game.turns[turn][0] == first for turn in phase.turns) for phase in phases]
    done = _iterations(phases, state, recipe.train.batch)
    return Updates(tuple(n * k for n, k in zip(done, each, strict=True)), _seconds(folder))


def twin_recipe(recipe: Recipe, updates: Updates) -> Recipe:
    """The recipe of the twin: the game 'fitting' in place of the run's, and of its last phase, where that fitted.

    Args:
        recipe: of the run.
        updates: of its generator, by phase.
    """
    merged = bool(recipe.phases) and recipe.phases[-1].turns == ("fit",)
    phases = recipe.phases[:-1] if merged else recipe.phases
    optim = recipe.optim
    if merged:
        own = optim.G.model_copy(update=recipe.phases[-1].optim_overrides())
        optim = optim.model_copy(update={"G": own})
    game = recipe.game.model_copy(
        update={"name": "fitting", "options": {}, "penalties": (), "constraints": (), "views": ()}
    )
    last = updates.phases[-1] + (updates.phases[-2] if merged else 0)
    train_ = recipe.train.model_copy(update={"samples": last * recipe.train.batch, "n_critic": 1})
    kept = {"game": game, "optim": optim, "phases": phases, "train": train_}
    return recipe.model_copy(update={**kept, "title": f"{recipe.title}, twin", "summary": "the fit alone"})


def _refuse(recipe: Recipe) -> None:
    if recipe.input is None:
        given = "the twin of a generator that makes samples of nothing"
        fix = "type multigan temperature RUN for texts; for others there is none"
        raise UnsupportedError(given, "one that is given an input, which has targets to be fitted to", fix)
    if recipe.unpaired:
        raise UnsupportedError("the twin of a generator that was trained without pairs", "pairs", "there is none")
    if recipe.game.name == "fitting":
        given = "the twin of a run that fits and does nothing else"
        raise UnsupportedError(given, "a run with an adversary", "it is its own twin")


def _weights_of(place: Path) -> str:
    """The SHA-256 of the twin's weights.

    Raises:
        RunError: they cannot be read.
    """
    try:
        return str(load(place, "last").config["weights_sha256"])
    except MultiGANError as error:
        raise RunError(damaged(place, error), "weights as they were written", anew(place)) from error


def _taken_up(place: Path, recipe: Recipe, updates: Updates, *, quiet: bool) -> Run:
    """A twin that is there: gone on with, if it is that of this run as it stands."""
    known = load_recipe(str(place / "recipe.toml"))
    wanted = twin_recipe(recipe, updates)
    if (known.train.samples, known.game, known.G) != (wanted.train.samples, wanted.game, wanted.G):
        given = f"{place} is the twin of another state of the run: {known.train.samples // known.train.batch:,} updates"
        fix = f"remove it (rm -r {typed(place)}), and type the same again"
        raise RunError(given, f"one of {updates.total:,}", fix)
    return resume(place, quiet=quiet)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if not isinstance(found["state"], dict) or not isinstance(found["seconds"], int | float):
            raise TypeError("state or seconds")
        return dict(found)
    except FileNotFoundError as error:
        fix = f"type multigan train --resume {typed(folder)}"
        raise RunError(
            f"{folder} has no run.json: no sitting of it has ended", "a run that was trained", fix
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{folder / 'run.json'} is damaged", "the file as it was written", "") from error


def _refuse_going_on(folder: Path) -> None:
    """A run that trains just now will have had more updates when it ends than its twin would."""
    if owner := owner_of(folder):
        given = f"{folder} trains just now (process {owner.pid} on host {owner.host}, since {owner.since})"
        fix = f"wait for it, or stop it, saved, with kill {owner.pid}; then type multigan twin {typed(folder)}"
        raise RunError(f"{given}: how many updates its twin needs is not known yet", "a run that has ended", fix)


def _refuse_place(folder: Path) -> None:
    """A twin lies where `evaluate` and `compare` look for it, so that no other place is offered."""
    place = folder / PLACE
    try:
        try_writing(place)
    except WriteError as error:
        fix = f"its twin lies in the run: make {folder} writable, or copy the run to where you may write"
        raise WriteError(error.given, error.expected, fix) from error
    if place.is_file() or (place.is_dir() and any(place.iterdir()) and not (place / "recipe.toml").is_file()):
        raise RunError(f"{place} is there and is no twin", "a twin, or nothing", out_of_the_way(place))


def _seconds(folder: Path) -> float:
    """Of the training loop, all sittings together: the clock of metrics begins again with each of them."""
    clock = [float(row.get("seconds", 0.0)) for row in read_metrics(folder / "metrics.jsonl")]
    ended = [one for one, after in pairwise([*clock, -1.0]) if after < one]
    return max(sum(ended), float(_facts(folder)["seconds"]))  # the file was lost, or the last sitting was short


def _iterations(phases: Sequence[Phase], state: State, batch: int) -> list[int]:
    """Iterations done in each phase."""
    done = [phase.iterations(batch) for phase in phases[: state.phase]]
    return [*done, *([state.phase_step] if state.phase < len(phases) else []), *[0] * (len(phases) - state.phase - 1)]

"""A run directory becomes `report.html`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from multigan.core.atomic import or_copy
from multigan.core.counted import counted
from multigan.core.errors import MultiGANError, RunError, WriteError
from multigan.core.html import Html, join, tag
from multigan.core.shell import typed
from multigan.core.types import Data
from multigan.core.version import __version__
from multigan.doctor.first_use import first_use, verb_for
from multigan.doctor.judged import bygone
from multigan.doctor.unread import unread_files
from multigan.doctor.weights import best_alone_spoilt, spoilt_weights
from multigan.generator.generator import Generator
from multigan.identity.opened import changes_of
from multigan.plugins import modalities
from multigan.plugins.contract import require
from multigan.recipe.naming import data_name
from multigan.recipe.recipe import Recipe, dumps
from multigan.report import lists
from multigan.report.curves import curves
from multigan.report.page import Section, page, write_page
from multigan.report.refined import refined
from multigan.report.scores import scores
from multigan.report.series import phase_seconds
from multigan.report.show import MEDIA_BYTES, Shown, show
from multigan.report.temperature import temperature
from multigan.report.verdict import verdict_card
from multigan.run.files import read_run_file
from multigan.run.folder import find_run
from multigan.run.ledger import read_metrics, unread_lines

__all__ = ["REPORT", "write_report"]

REPORT = "report.html"
LIMIT_BYTES = 3_000_000
SLACK_BYTES = 20_000


@dataclass(frozen=True)
class _Files:
    """What a run directory says of itself; files that are missing or damaged are empty, and `damaged` has a line.

    `bygone` says why the evaluation is not of the run as it is, or nothing.
    """

    folder: Path
    recipe: Recipe
    rows: list[dict[str, Any]]
    run: Mapping[str, Any]
    verdict: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    damaged: Sequence[str]
    bygone: str


def write_report(run: str | PathLike[str], *, data: Data | None = None, end: str = "") -> Path:
    """Write `report.html` into a run directory: one file of at most 3 MB that works offline.

    Args:
        run: the run, or its directory; finished or not.
        data: its data, where they are in memory; otherwise they are read, and where that fails the page says so.
        end: how training broke off, where `verdict.json` cannot say.

    Returns:
        The path of the page.

    Raises:
        RunError: it is no run directory, or the page cannot be written.
    """
    folder, recipe = find_run(run)
    require(modalities.get(recipe.modality), "report")
    files = _read(folder, recipe)
    which = "best" if _of(files.evaluation, "generator").get("which") == "best" else "last"
    generator, complaint = _generator(folder, which)
    if generator is None and which == "best":  # its damage stands among the notes
        generator, complaint = _generator(folder, "last")
    room = MEDIA_BYTES
    while True:
        shown = show(generator, complaint, recipe, data, room, folder, files.evaluation)
        title = f"{_title(recipe)} – MultiGAN report"
        html = page(title, _head(files, generator, end), _sections(files, shown), _foot())
        over = _size(html) - LIMIT_BYTES
        if over <= 0 or not room:
            break
        room = max(room - over - SLACK_BYTES, 0)
    try:
        return write_page(folder / REPORT, html)
    except WriteError as error:
        raise or_copy(error, folder) from error


def _size(html: str) -> int:
    return len(html.encode("utf-8", "backslashreplace"))


def _foot() -> Html:
    return tag("p.note", f"Written by MultiGAN {__version__} on {datetime.now(UTC):%Y-%m-%d}. One file, no scripts.")


def _head(files: _Files, generator: Generator | None, end: str) -> Html:
    recipe, run = files.recipe, files.run
    rows = files.rows
    seen = int(rows[-1].get("samples", 0)) if rows else None
    size = sum(p.numel() for p in generator.net.parameters()) if generator else None
    spent = sum(phase_seconds(rows).values())
    told = {
        "samples seen": f"{seen:,}" if seen is not None else None,
        "training time": lists.duration(spent) if rows else None,
        "generator": counted(size, "weight") if size else None,
        "seed": recipe.train.seed,
        "batch": recipe.train.batch,
    }
    return join(
        tag("p.kicker", f"MultiGAN report · {recipe.modality} · {files.folder.resolve().name}"),
        tag("h1", _title(recipe)),
        tag("p.lede", _lede(recipe)) if _lede(recipe) else None,
        *(tag("p.note", line) for line in (*files.damaged, *filter(None, [files.bygone]))),
        lists.key_facts(told),
        verdict_card(files.verdict, {} if files.bygone else files.evaluation, run, end),
    )


def _title(recipe: Recipe) -> str:
    return data_name(recipe) or recipe.title


def _lede(recipe: Recipe) -> str:
    """What it is: a recipe's summary speaks of its own data, or to those who look for a recipe."""
    return f"a generator by the recipe “{recipe.title}”" if data_name(recipe) else recipe.summary


def _sections(files: _Files, shown: Shown) -> list[Section]:
    recipe, rows = files.recipe, files.rows
    taken = sum(row.get("vitals/seconds", 0.0) for row in rows)
    spent = lists.times(phase_seconds(rows), taken, files.run.get("seconds"))
    toml = tag("details", tag("summary", "Every value, resolved"), tag("pre", dumps(recipe), tabindex="0"))
    report = shown.data_report or [*changes_of(files.folder), *_lines(files.run.get("data"))]
    found = [
        Section("samples", "Samples", shown.samples),
        Section("judge", "What gave it away", shown.judged),
        Section("neighbours", "Worst items" if shown.translated else "Nearest training items", shown.neighbours),
        Section("way", "Beside others" if shown.translated else "From one sample to another", shown.interpolation),
        Section("scores", "Scores", _scored(files)),
        Section("refined", "Refined", refined(files.folder)),
        Section("temperature", "Over temperature", temperature(files.evaluation)),
        Section("curves", "Curves", curves(rows)),
        Section("data", "Data", lists.lines(report) if report else tag("p.note", "run.json has no data report.")),
        Section("time", "Time", spent),
        Section("recipe", "Recipe", join(_recipe_gist(recipe), toml)),
        Section("environment", "Environment and seeds", lists.environment(files.run, recipe.train.seed)),
        Section("provenance", "Provenance", lists.provenance_note(shown.label)),
    ]
    return [section for section in found if section.body]


def _scored(files: _Files) -> Html:
    """What the evaluation found, and of which generator where that is gone; else how to have one."""
    if files.evaluation:
        return join(tag("p.note", files.bygone) if files.bygone else None, scores(files.evaluation))
    if files.recipe.unpaired:
        return tag("p.note", "Two sets without pairs cannot be evaluated: no output has a target.")
    return join(
        tag("p.note", "Not evaluated yet. Scores with intervals, floors and baselines come from:"),
        tag("code.command", f"multigan evaluate {typed(files.folder)}"),
    )


def _recipe_gist(recipe: Recipe) -> Html:
    game = recipe.game
    penalties = ", ".join(f"{term.name} × {term.weight}" for term in game.penalties)
    rates = " / ".join(f"{recipe.optim.for_player(player)['lr']:g}" for player in ("G", "D"))
    return lists.plain(
        {
            "G": recipe.G.net,
            "D": recipe.D.net,
            "game": f"{game.name}, loss {game.loss}" + (f", penalties {penalties}" if penalties else ""),
            "learning rates of G / D": f"{rates} ({recipe.optim.name})",
            "data": recipe.data.source,
        }
    )


def _generator(folder: Path, which: str) -> tuple[Generator | None, str]:
    try:
        return Generator.from_pretrained(folder, which), ""
    except MultiGANError as error:
        return None, str(error)


def _read(folder: Path, recipe: Recipe) -> _Files:
    found, damaged = dict[str, Mapping[str, Any]](), list[str]()
    for name in ("run.json", "verdict.json", "evaluation.json"):
        try:
            found[name] = read_run_file(folder, name) or {}
        except RunError as error:
            found[name] = {}
            damaged += [] if name == "run.json" else [str(error)]
    rows = read_metrics(folder / "metrics.jsonl")
    known = _lines(found["verdict.json"].get("evidence"))  # the verdict says it where it was found since
    unread = [*unread_lines(folder / "metrics.jsonl"), *unread_files(folder)]
    damaged += [line for line in unread if line not in known]
    damaged += [line for line in spoilt_weights(folder) if line not in known]
    verdict = _usable(found["verdict.json"], folder, recipe)
    evaluation = found["evaluation.json"]
    return _Files(folder, recipe, rows, found["run.json"], verdict, evaluation, damaged, bygone(folder, evaluation))


def _usable(verdict: Mapping[str, Any], folder: Path, recipe: Recipe) -> Mapping[str, Any]:
    """The same; where what it says to use is the best generator, and that was damaged since, with the last one."""
    if str(verdict.get("command")).split()[1:2] not in (["generate"], ["apply"], ["chat"]):
        return verdict
    if not best_alone_spoilt(folder):
        return verdict
    command, why = first_use(str(folder), verb_for(recipe), "last")
    return {**verdict, "command": command, "why": why}


def _lines(found: Any) -> list[str]:
    return [str(line) for line in found] if isinstance(found, list) else []


def _of(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = mapping.get(key)
    return found if isinstance(found, Mapping) else {}

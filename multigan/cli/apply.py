"""`multigan apply`: a generator that is given an input, on your files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multigan.cli.lines import echo, echo_json
from multigan.cli.which import Which, opened
from multigan.cli.writing import place_for
from multigan.core.counted import counted

if TYPE_CHECKING:
    from multigan.generator.applying import Wanted, Written
    from multigan.generator.generator import Generator
    from multigan.generator.tiles import Tiles

__all__ = ["apply"]

KIND = "of another kind"


def apply(  # noqa: PLR0913  (one option each)
    run: Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILES...", help="Files, folders; of texts files, lines or -.", show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default RUN/outputs/apply.")] = None,
    seed: Annotated[int, typer.Option(help="Of what the generator draws.")] = 0,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="Outputs of each file, where it draws something.")] = 1,
    strength: Annotated[float, typer.Option(min=0, max=1, help="1 = the output, 0 = the file itself.")] = 1.0,
    tile: Annotated[
        int | None,
        typer.Option(min=0, help="Side in pixels of the parts of large files; 0 = all at once.", show_default="512"),
    ] = None,
    beam: Annotated[int, typer.Option(min=0, help="Of texts: search with so many hypotheses.")] = 0,
    sample: Annotated[bool, typer.Option("--sample", help="Of texts: draw, at temperature 1.")] = False,
    temperature: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Of texts: draw at this temperature.", show_default="the recipe's"),
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(
            "--top-p", min=0, max=1, help="Of texts: draw from the likeliest tokens that reach this share together."
        ),
    ] = None,
    candidates: Annotated[int, typer.Option(min=0, help="Of texts: keep the best of so many, by refine's critic.")] = 0,
    generic: Annotated[
        float, typer.Option(min=0, max=1, help="Of candidates: what is likely for any line loses by so much.")
    ] = 0.0,
    reverse: Annotated[bool, typer.Option("--reverse", help="The way back, where it was trained both ways.")] = False,
    which: Which = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was made, as JSON.")] = False,
) -> None:
    """Make of each file what the generator learnt: names and folders stay, every output says what it was made of.

    Of texts a file of lines becomes texts-NAME.txt with as many, and folders are not read: name their files.
    Large files go through in parts, each with as much around it as the net looks at, so that there are no seams.
    A file that cannot be used is named, and the others are made; then the exit code is 2.
    """
    from multigan.cli.answer import answer
    from multigan.generator.answering import How, answers_lines

    files = _given(files)
    generator, to_files = _one_way(opened(run, which, applies=True), reverse=reverse), out is not None
    out = place_for(out, run, "apply")
    idle = {f"--top-p {top_p}": top_p is not None, f"--generic {generic}": bool(generic), "--sample": sample}
    _refuse_idle(generator, candidates, idle, beam=beam, temperature=temperature)
    if answers_lines(generator):
        warmth = _temperature(generator, temperature, sample=sample or top_p is not None, beam=beam)
        how = How(beam, warmth, seed, candidates, top_p, generic)
        answer(generator, files, out, how, n=n, to_files=to_files, json=json)
    else:
        _apply_to(generator, [_file(word) for word in files], out, (seed, n, strength, tile), json=json)


def _given(words: list[str] | None) -> list[str]:
    """What was typed after the run: of nothing, what can be."""
    from multigan.core.errors import DataError

    if not words:
        raise DataError(
            "no FILES",
            "files or folders; of a generator of texts also lines, or - for what standard input gives",
            'type multigan apply RUN FILES, multigan apply RUN "a line", or multigan apply RUN -',
        )
    return words


def _file(word: str) -> Path:
    """A place that was typed; nothing at all, as an empty variable of a shell, is none."""
    from multigan.core.errors import DataError

    if not word:
        raise DataError("an empty name", "files or folders", "type multigan apply RUN FILES --out DIR")
    return Path(word)


def _apply_to(
    generator: "Generator", places: list[Path], out: Path, wanted: tuple[int, int, float, int | None], *, json: bool
) -> None:
    """Make outputs of all files; `wanted` are seed, number, strength and the side of parts."""
    from multigan.core.errors import DataError
    from multigan.generator.applying import endings_of, tiles_of, write_applied
    from multigan.inputs.meter import meter_of
    from multigan.terminal.waiting import waiting

    seed, n, strength, tile = wanted
    tiles = tiles_of(generator, tile)
    endings = endings_of(generator)
    todo = _todo(places, endings, out)
    _spare_inputs(todo, out, generator)
    left = _left_out(places, endings)  # looked for before outputs may lie among them
    meter = meter_of(generator.config, generator.modality, generator.spec)
    made, bad, rows, what = list[Path](), list[str](), list[dict[str, Any]](), f"applying it to {len(todo):,} files"
    with waiting(what if len(todo) > 1 else f"applying it to {todo[0].file.name}") as tick:
        for number, one in enumerate(todo):
            within = tick if len(todo) == 1 else lambda done, total: None
            try:
                done = write_applied(generator, one, out, seed, n, strength, tiles=tiles, meter=meter, tick=within)
                made += done.files
                rows.append(_row(one, done))
            except DataError as error:
                bad.append(str(error))
            tick(number + 1, len(todo))
    echo(*_renamed(todo, rows), *_told(left), *bad, *_remarks(rows, tiles), err=True)
    if json:
        cut = {} if tiles is None else {"reach_pixels": tiles.reach.places, "seam": tiles.seam}
        echo_json({"files": rows, "failed": bad, "left_out": left, **cut})
    elif made:
        echo(f"{counted(len(made), 'file')} in {out}: {made[0].relative_to(out)}{' ...' if len(made) > 1 else ''}")
        echo(*_worst(rows))
    if bad:
        raise typer.Exit(2)


def _refuse_idle(
    generator: "Generator", candidates: int, more: dict[str, bool], *, beam: int, temperature: float | None
) -> None:
    """Refuse options that would be without effect; `more` are further flags, and whether they were given."""
    from multigan.core.errors import DataError, UnsupportedError
    from multigan.generator.answering import answers_lines

    if not answers_lines(generator):
        flags = {
            f"--candidates {candidates}": candidates,
            f"--beam {beam}": beam,
            f"--temperature {temperature}": temperature is not None,
            **more,
        }
        if idle := [flag for flag, given in flags.items() if given]:
            given = f"{' '.join(idle)}, and this generator is given no texts"
            raise UnsupportedError(given, "one of text from text", f"leave {'it' if len(idle) == 1 else 'them'} away")
    if candidates == 1:
        raise DataError(
            "--candidates 1, of which none can be chosen", "2 or more", "type --candidates 8, or leave it away"
        )
    drawn = {f"--candidates {candidates}": candidates > 1, "--sample": more["--sample"]}
    if temperature == 0 and (drawing := [flag for flag, given in drawn.items() if given]):
        given = f"{' '.join(drawing)} at --temperature 0, which draws nothing"
        raise DataError(given, "a temperature above 0", "type --temperature 1, or leave one away")


def _temperature(generator: "Generator", asked: float | None, *, sample: bool, beam: int) -> float:
    """Of draws: what was asked for, 1 for --sample and --top-p, none for a beam, else what the recipe says."""
    from multigan.generator.answering import usual_temperature

    if asked is not None:
        return asked
    return 1.0 if sample else 0.0 if beam > 1 else usual_temperature(generator)


def _todo(files: list[Path], suffixes: tuple[str, ...], out: Path) -> "list[Wanted]":
    """Every file to be made, but what earlier calls put into the folder of outputs, where that lies among the files."""
    from multigan.core.errors import DataError
    from multigan.core.errors import did_you_mean as nearest
    from multigan.files.listing import absent, beside
    from multigan.generator.applying import wanted

    for file in files:
        if not file.exists():
            near = beside(file)
            raise DataError(absent(file), "a file or a folder", nearest(file.name, near) if near else "check the path")
    ends = out.resolve()
    around = any(place.resolve() != ends and place.resolve() in ends.parents for place in files)
    todo = [one for one in wanted(files, suffixes) if not around or ends not in one.file.resolve().parents]
    if not todo:
        raise DataError(f"{', '.join(map(str, files))}: nothing to apply it to", " ".join(suffixes), "check the folder")
    return todo


def _spare_inputs(todo: "list[Wanted]", out: Path, generator: "Generator") -> None:
    """Refuse to put outputs where they would replace the files that they are made of."""
    from multigan.core.errors import DataError
    from multigan.generator.applying import suffix_of

    inputs = {one.file.resolve(): one.file for one in todo}
    for one in todo:
        place = (out / one.folder / f"{one.name}{suffix_of(generator, one.file)}").resolve()
        if place in inputs:
            lies = "it lies itself" if inputs[place] == one.file else f"{inputs[place]} lies, which is an input too"
            given = f"the output of {one.file} would lie where {lies}"
            raise DataError(given, "another folder, as outputs have their files' names", "type --out results/")


def _left_out(places: list[Path], suffixes: tuple[str, ...]) -> list[dict[str, str]]:
    """What lies in the folders and is passed by, `file` and `why`: of a kind that is not read, or no data."""
    from multigan.files.walk import walk

    found = list[dict[str, str]]()
    for walked in (walk(place) for place in places if place.is_dir()):
        other = [file for file in walked.files if not file.name.lower().endswith(suffixes)]
        found += [{"file": str(file), "why": KIND} for file in other]
        found += [{"file": str(left.path), "why": left.why} for left in walked.left_out]
    return found


def _told(left: list[dict[str, str]]) -> list[str]:
    """What was left out because it is of another kind, for people."""
    from multigan.files.findings import listed, shown

    other = [shown(Path(one["file"]).name) for one in left if one["why"] == KIND]
    said = f"{counted(len(other), 'file')} left out, {KIND}: {', '.join(listed(other, len(other)))}"
    return [said] if other else []


def _renamed(todo: "list[Wanted]", rows: list[dict[str, Any]]) -> list[str]:
    """Which outputs are not called as their files: another file has that name too, or they are of another kind."""
    from multigan.files.findings import listed, shown

    ends = {row["input"]: Path(row["outputs"][0]).suffix for row in rows if row["outputs"]}
    both = [(one, ends[str(one.file)]) for one in todo if str(one.file) in ends]
    other = [f"{shown(one.file)} as {shown(one.name + end)}" for one, end in both if one.name != one.file.stem]
    said = f"{counted(len(other), 'file')} with the name of another, so what is made is called otherwise: "
    lines = [said + ", ".join(listed(other, len(other)))] if other else []
    kinds = sorted({(one.file.suffix, end) for one, end in both if one.file.suffix.lower() != end.lower()})
    return [*lines, *(f"what is made of {before} files is written as {after}" for before, after in kinds)]


def _one_way(generator: "Generator", *, reverse: bool) -> "Generator":
    from multigan.generator.reverse import reversed_way

    return reversed_way(generator) if reverse else generator


def _row(one: "Wanted", done: "Written") -> dict[str, Any]:
    first = done.made[0]
    again = None if first.again_db is None else round(first.again_db, 2)
    return {
        "input": str(one.file),
        "outputs": [str(path) for path in done.files],
        "parts": first.parts,
        "again_db": again,
        "notes": list(first.notes),
    }


def _remarks(rows: list[dict[str, Any]], tiles: "Tiles | None") -> list[str]:
    """What is said of single files, and why large ones were not cut."""
    notes = [note for row in rows for note in row["notes"]]
    return [*notes, *([why] if tiles is not None and (why := tiles.why_whole()) else [])]


def _worst(rows: list[dict[str, Any]]) -> list[str]:
    """What is said of how well outputs explain their inputs."""
    known = sorted((row["again_db"], row["input"]) for row in rows if row["again_db"] is not None)
    if not known:
        return []
    lowest = f"the least for {Path(known[0][1]).name}: {known[0][0]:.1f} dB" if len(known) > 1 else ""
    middle = known[len(known) // 2][0]
    line = f"degraded again, an output is {middle:.1f} dB from its input"
    return [f"{line}; {lowest}" if lowest else line]

"""`multigan generate`: samples from a trained generator, as files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened, opened_refined, told
from multigan.cli.writing import place_for
from multigan.core.counted import counted
from multigan.core.errors import UnknownNameError, did_you_mean

__all__ = ["generate", "parse_flags"]

OWN = (
    "--n",
    "--seed",
    "--out",
    "--label",
    "--which",
    "--scale",
    "--truncation",
    "--temperature",
    "--top-p",
    "--refined",
    "--acceptance",
    "--seconds",
    "--sheet",
    "--overwrite",
)


def generate(  # noqa: PLR0913  (each is an option of the command)
    context: typer.Context,
    run: Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")],
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many samples.")] = 16,
    seed: Annotated[int, typer.Option(help="The same seed gives the same samples.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder; default RUN/outputs/generate.")] = None,
    label: Annotated[str | None, typer.Option(help="Class, for class-conditional generators.")] = None,
    which: Which = None,
    scale: Annotated[float, typer.Option(help="Multiply z: below 1 typical samples, less variety.")] = 1.0,
    truncation: Annotated[float | None, typer.Option(help="Keep z within this many deviations.")] = None,
    temperature: Annotated[float | None, typer.Option(help="Of texts: below 1 likelier tokens.")] = None,
    top_p: Annotated[
        float | None,
        typer.Option("--top-p", min=0, max=1, help="Of texts: the likeliest tokens that reach this share together."),
    ] = None,
    refined: Annotated[bool, typer.Option("--refined", help="Only what passes the critic of multigan refine.")] = False,
    acceptance: Annotated[
        float | None, typer.Option(min=0.005, max=1, help="Of --refined: share that passes.", show_default="0.1")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="Length of each sound, of nets that go on.")] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="One overview file instead of one file a sample.")] = False,
) -> None:
    """Draw samples and write them as files that say that they are synthetic.

    Texts take --form 5x4 (four lines of five characters or words; 5/7/5:syllables), --first "LINE" and --acrostic WORD,
    which every text keeps to exactly (docs/text.md).
    Generators of sounds that go on (audio/loops) take --seconds 60 --tempo 100 --bits 24 (docs/long.md).
    Sounds also take --bits 16|24|float, --rate HZ, --fade-in-ms, --fade-out-ms, --trim-db, --peak-db, --no-dc, --raw,
    --sfz and --contact-sheet (docs/sound.md); texts --jsonl. Pictures, sounds and texts take --visible-label.
    """
    from multigan.generator.foresee import MANY, foresee
    from multigan.generator.sampling import Sampling, wished
    from multigan.plugins.abilities import Steers, able
    from multigan.plugins.contract import checked_file
    from multigan.recipe.options import bind
    from multigan.terminal.waiting import waiting

    generator = opened_refined(run, which, acceptance) if refined else opened(run, which)
    if acceptance is not None and not refined:
        raise UnknownNameError("--acceptance is of refined generators", "", "add --refined")
    if seconds is not None:
        plain = scale == 1.0 and truncation is temperature is top_p is None and not (refined or sheet)
        _lasting(context, generator, place_for(out, run, "generate"), (n, seconds, seed, label), plain=plain)
        return
    _refuse_endless(generator, context.args)
    forms = _flags_of(generator.modality.steering) if able(generator.modality, Steers) else []
    options = parse_flags(context.args, [*_flags_of(generator.modality.save), *forms], text=forms)
    wish = {name: options.pop(name) for name in forms if name in options}
    if sheet and options:
        raise UnknownNameError(f"--sheet does not take {', '.join(options)}", "", "leave --sheet away")
    bind(generator.modality.save, options, "output", "--{flag} VALUE")
    out = place_for(out, run, "generate")
    how = wished(Sampling(scale, truncation, temperature, top_p), generator.modality, generator.spec, wish)
    if n >= MANY and not sheet:
        cost = foresee(generator, n, out, lambda place, few: generator.save(place, few, seed, label, how, **options))
        echo(f"{counted(n, 'sample')}: {cost}", err=True)
    with waiting(f"drawing {counted(n, 'sample')}"):
        if sheet:
            overview = generator.sheet(out / generator.sheet_name(seed, label), n, seed, label, how)
            files = [checked_file(generator.modality, overview)]
        else:
            files = generator.save(out, n, seed, label, how, **options)
    echo(*([] if sheet else _finished(generator, files)), *([told(generator)] if refined else []), err=True)
    if wish and n <= MANY:
        from multigan.cli.copies import copies_line

        echo(copies_line(generator, generator.generate(n, seed, label, how)), err=True)
    echo(f"{counted(n, 'sample')} in {out}: {files[0].name}{' ...' if len(files) > 1 else ''}")


def _finished(generator: Any, files: Sequence[Path]) -> Sequence[str]:
    """What was done to samples besides writing them."""
    from multigan.plugins.abilities import Finishes, able

    return generator.modality.finished(files) if able(generator.modality, Finishes) else []


def _lasting(
    context: typer.Context, generator: Any, out: Path, wanted: tuple[int, float, int, str | None], *, plain: bool
) -> None:
    """So many sounds of so many seconds each."""
    from multigan.generator.lasting import save_lasting
    from multigan.plugins.abilities import Lasts, able
    from multigan.terminal.waiting import waiting

    if not plain:
        given = "--seconds with --scale, --truncation, --temperature, --top-p, --refined or --sheet"
        raise UnknownNameError(given, "", "leave one of them away")
    n, seconds, seed, label = wanted
    known = _flags_of(generator.modality.save_lasting) if able(generator.modality, Lasts) else []
    known += _of_length(generator)
    options = parse_flags(context.args, known)
    with waiting(f"drawing {counted(n, 'sound')} of {seconds:g} s"):
        files = save_lasting(generator, out, n, seconds, seed, label, **options)
    echo(f"{counted(n, 'sound')} of {seconds:g} s in {out}: {files[0].name}{' ...' if len(files) > 1 else ''}")


def _refuse_endless(generator: Any, words: Sequence[str]) -> None:
    """Options of sounds that go on mean nothing for those that do not."""
    for flag in _of_length(generator):
        if f"--{flag.replace('_', '-')}" in {word.partition("=")[0] for word in words}:
            raise UnknownNameError(f"--{flag} without --seconds", "", f"type --seconds 60 --{flag} VALUE")


def parse_flags(words: Sequence[str], known: Sequence[str], text: Sequence[str] = ()) -> dict[str, Any]:
    """Flags of a modality as options: `--fade-in-ms 5` is `fade_in_ms = 5`, `--sfz` is true, `--no-dc` is `dc = false`.

    Args:
        words: what the command line did not know itself.
        known: option names of the modality.
        text: of these, those whose values are text whatever they look like.

    Raises:
        UnknownNameError: a word that is no flag of this modality; the nearest flag is suggested.

    Example:
        >>> parse_flags(["--bits", "24", "--no-dc"], ["bits", "dc"])
        {'bits': 24, 'dc': False}
    """
    options: dict[str, Any] = {}
    rest = list(words)
    while rest:
        flag, equals, value = rest.pop(0).partition("=")
        name = flag.removeprefix("--").replace("-", "_")
        negated = name.startswith("no_") and name.removeprefix("no_") in known
        if not flag.startswith("--") or not (name in known or negated):
            flags = [*OWN, *(f"--{option.replace('_', '-')}" for option in known)]
            raise UnknownNameError(f"{flag} is no option here", "", did_you_mean(flag, flags))
        if negated:
            options[name.removeprefix("no_")] = False
        elif equals or (rest and not rest[0].startswith("--")):
            word = value if equals else rest.pop(0)
            options[name] = word if name in text else _value(word)
        else:
            options[name] = True
    return options


def _of_length(generator: Any) -> list[str]:
    """Options of a net whose samples go on."""
    from multigan.core.generators import Lasting

    return _flags_of(generator.net.lasting) if isinstance(generator.net, Lasting) else []


def _flags_of(asked: Any) -> list[str]:
    from multigan.generator.lasting import options_of

    return options_of(asked)


def _value(word: str) -> Any:
    try:
        return json.loads(word)
    except (ValueError, RecursionError):
        return word

"""What a generator makes: samples, their nearest training items, and the way between two samples."""

from typing import Any

from multigan.core.counted import counted
from multigan.core.generators import latent_of
from multigan.core.html import Html, join, tag
from multigan.generator.generator import Generator
from multigan.latent.blend import Place, slerp
from multigan.latent.walk import render_rows
from multigan.plugins.abilities import Shows, able
from multigan.report.media import Media
from multigan.report.neighbours import Neighbours

__all__ = ["interpolation", "pairs", "samples", "strip"]

STEPS = 8
TEXTS, CARDS = 40, 12


def samples(media: Media, rendered: list[Any], seed: int) -> Html:
    """The sample sheet: texts as a list, sounds with players, all else as the modality's own overview."""
    refused = media.budget.refused
    if all(isinstance(sample, str) for sample in rendered):
        texts = rendered[:TEXTS]
        kept = [tag("li", one) for text in texts if (one := media.one(text, ""))]
        body: Html | None = tag("ul.texts", *kept, lang="") if kept else None
        left = len(texts) - len(kept)
    elif able(media.modality, Shows) or _are_sounds(rendered):
        body, left = _cards(media, rendered[:CARDS], seed)
    else:
        found = media.sheet(rendered, f"{counted(len(rendered), 'sample')} made with seed {seed}, one overview picture")
        body, left = (tag("div.sheet", found), 0) if found else (None, len(rendered))
    if media.budget.refused > refused:
        return join(body, _no_room(left, "sample"))
    return body or tag("p.note", "The samples cannot be shown in a page: draw them with multigan generate.")


def pairs(media: Media, rendered: list[Any], real: list[Any], found: Neighbours) -> Html | None:
    """Each sample beside its nearest trained item, or None where one sample alone cannot be shown."""
    drawn, refused = [], media.budget.refused
    for number, (sample, item) in enumerate(zip(rendered, real, strict=True), 1):
        left = media.one(sample, f"sample {number}")
        right = media.one(item, f"training item nearest to sample {number}", real=True) if left else None
        if left is None or right is None:
            continue
        what = tag("p.what", f"Sample {number}: {float(found.ratio[number - 1]):.2f} × the distance of unseen reals")
        style = f"div.card.pair{_width([sample], '.tall')}"
        drawn.append(tag(style, what, _figure(left, "generated"), _figure(right, "nearest training item")))
    if media.budget.refused > refused:
        missing = _no_room(len(rendered) - len(drawn), "pair")
        return join(tag("div.pairs", *drawn), missing) if drawn else missing
    return tag("div.pairs", *drawn) if drawn else None


def interpolation(media: Media, generator: Generator, seed: int) -> Html:
    """The way from the first sample of a seed to its second in 8 steps, or a line that says why there is none."""
    if 0 in latent_of(generator.net).shape:
        return tag("p.note", "This generator draws its noise inside: there is no latent to go from one to another.")
    refused = media.budget.refused
    rows = [(Place(seed), Place(seed, 1), step / (STEPS - 1)) for step in range(STEPS)]
    rendered = generator.modality.render(render_rows(generator, rows, slerp), generator.spec)
    shown = [media.one(one, f"step {n} of {STEPS}", player=False) for n, one in enumerate(rendered, 1)]
    kept = [_figure(one, f"{n}") for n, one in enumerate(shown, 1) if one]
    strip = tag(f"div.strip{_width(rendered, '.wide')}", *kept) if kept else None
    if media.budget.refused > refused:
        return join(strip, _no_room(STEPS - len(kept), "step"))
    return strip or tag("p.note", "Single samples of this modality cannot be shown in a page.")


def strip(media: Media, rendered: list[Any], name: str, *, real: bool = False) -> Html | None:
    """Samples one beside the other with their numbers, or None where none can be shown alone."""
    shown = [media.one(one, f"{name} {number}", real=real) for number, one in enumerate(rendered, 1)]
    kept = [_figure(one, f"{name} {number}") for number, one in enumerate(shown, 1) if one]
    return tag(f"div.strip{_width(rendered, '.wide')}", *kept) if kept else None


def _cards(media: Media, rendered: list[Any], seed: int) -> tuple[Html | None, int]:
    """The samples that fit, and how many do not."""
    shown = [media.one(one, f"sample {number} of seed {seed}") for number, one in enumerate(rendered)]
    kept = [_figure(one, f"sample {number}") for number, one in enumerate(shown) if one]
    strip = tag(f"div.strip.wide{'.sounds' if _are_sounds(rendered) else ''}", *kept)
    return (strip if kept else None), len(rendered) - len(kept)


def _no_room(left: int, what: str) -> Html:
    """What a page says of media that it has no bytes for."""
    some = counted(left, f"{what} is", f"{what}s are")
    return tag(
        "p.note", f"{some} left out: the page has no room for more. multigan generate makes any number of samples."
    )


def _width(rendered: list[Any], wide: str) -> str:
    """Classes of a frame: texts and sounds need more room than pictures."""
    return f"{wide}.sounds" if _are_sounds(rendered) else wide if isinstance(rendered[0], str) else ""


def _figure(inside: Html | None, caption: str) -> Html:
    return tag("figure.media", inside, tag("figcaption", caption))


def _are_sounds(rendered: list[Any]) -> bool:
    return all(isinstance(one, tuple) and len(one) == 2 and hasattr(one[0], "dtype") for one in rendered)

"""What a generator makes: samples, their nearest training items, and the way between two samples."""

from typing import Any

import torch
from torch import Tensor

from multigan.draw import Draw
from multigan.generator import Generator
from multigan.report.html import Html, join, tag
from multigan.report.media import Media
from multigan.report.neighbours import Neighbours

__all__ = ["blend", "interpolation", "pairs", "samples"]

STEPS = 8


def samples(media: Media, rendered: list[Any], seed: int) -> Html:
    """The sample sheet: texts as a list, sounds with players, all else as the modality's own overview."""
    if all(isinstance(sample, str) for sample in rendered):
        shown = [media.one(text, "") for text in rendered[:40]]
        body: Html | None = tag("ul.texts", *(tag("li", one) for one in shown if one), lang="")
    elif hasattr(media.modality, "to_html") or _are_sounds(rendered):
        body = _cards(media, rendered[:12], seed)
    else:
        found = media.sheet(rendered, f"{len(rendered)} samples made with seed {seed}, one overview picture")
        body = tag("div.sheet", found) if found else None
    return body or tag("p.note", "The samples cannot be shown in a page: draw them with multigan generate.")


def pairs(media: Media, rendered: list[Any], real: list[Any], found: Neighbours) -> Html | None:
    """Each sample beside its nearest trained item, or None where one sample alone cannot be shown."""
    drawn = []
    for number, (sample, item) in enumerate(zip(rendered, real, strict=True), 1):
        left = media.one(sample, f"sample {number}")
        right = media.one(item, f"training item nearest to sample {number}", real=True) if left else None
        if left is None or right is None:
            break
        what = tag("p.what", f"Sample {number}: {float(found.ratio[number - 1]):.2f} × the distance of unseen reals")
        style = "div.card.pair.tall" if isinstance(sample, str) or _are_sounds([sample]) else "div.card.pair"
        drawn.append(tag(style, what, _figure(left, "generated"), _figure(right, "nearest training item")))
    return tag("div.pairs", *drawn) if drawn else None


def interpolation(media: Media, generator: Generator, seed: int) -> Html:
    """The way between two latents in 8 steps, or a line that says why there is none."""
    shape = generator.net.latent.shape  # type: ignore[union-attr]
    if 0 in tuple(shape):  # type: ignore[arg-type]
        return tag("p.note", "This generator draws its noise inside: there is no latent to go from one to another.")
    rendered = generator.modality.render(_between(generator, seed), generator.spec)
    shown = [media.one(one, f"step {n} of {STEPS}", player=False) for n, one in enumerate(rendered, 1)]
    if not all(shown):
        return tag("p.note", "Single samples of this modality cannot be shown in a page.")
    wide = ".wide" if isinstance(rendered[0], str) or _are_sounds(rendered) else ""
    return tag(f"div.strip{wide}", *(_figure(one, f"{n}") for n, one in enumerate(shown, 1)))


def blend(start: Tensor, end: Tensor, steps: int, kind: str) -> Tensor:
    """Latents from `start` to `end`, both `(*shape)` -> `(steps, *shape)`.

    On the arc between them for normal noise, whose norm is nearly constant (White 2016, sampling generative networks);
    on the straight line for uniform noise, which must stay in its cube.
    """
    share = torch.linspace(0, 1, steps).view(-1, *[1] * start.ndim)
    if kind == "uniform":
        return start + (end - start) * share
    cosine = torch.nn.functional.cosine_similarity(start.flatten(), end.flatten(), dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if angle < 1e-3:
        return start + (end - start) * share
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)


@torch.no_grad()
def _between(generator: Generator, seed: int) -> Tensor:
    net: Any = generator.net
    ends = net.latent.sample(2, Draw(seed, 0, "interpolate/"))
    z = blend(ends[0], ends[1], STEPS, net.latent.kind)
    conditional = generator.config["net"]["options"].get("conditional")
    cond = torch.zeros(STEPS, dtype=torch.int64) if conditional else None
    # One draw for one step each: noise beyond z must be the same in all of them.
    steps = [
        net(z[n : n + 1], None if cond is None else cond[:1], Draw(seed, 0, "interpolate/noise/")) for n in range(STEPS)
    ]
    return torch.cat(steps).float()


def _cards(media: Media, rendered: list[Any], seed: int) -> Html | None:
    shown = [media.one(one, f"sample {number} of seed {seed}") for number, one in enumerate(rendered)]
    kept = [_figure(one, f"sample {number}") for number, one in enumerate(shown) if one]
    less = f"{len(rendered) - len(kept)} more did not fit the page." if len(kept) < len(rendered) else None
    return join(tag("div.strip.wide", *kept), tag("p.note", less) if less else None) if kept else None


def _figure(inside: Html | None, caption: str) -> Html:
    return tag("figure.media", inside, tag("figcaption", caption))


def _are_sounds(rendered: list[Any]) -> bool:
    return all(isinstance(one, tuple) and len(one) == 2 and hasattr(one[0], "dtype") for one in rendered)

"""Lines and labels of plots as inline SVG, escaped like all else in `multigan.core.html`."""

from multigan.core.html import Html, tag

__all__ = ["label", "line"]


def line(x1: float, y1: float, x2: float, y2: float, style: str | None = None, **attributes: object) -> Html:
    """A straight line, in pixels.

    Args:
        x1: of one end.
        y1: of the same end.
        x2: of the other end.
        y2: of the same end.
        style: its class, where the page has one for it.
        **attributes: as for `tag`.
    """
    ends = {name: round(at, 1) for name, at in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))}
    return tag("line", **{"class": style}, **ends, **attributes)


def label(text: str, x: float, y: float, anchor: str = "start", **attributes: object) -> Html:
    """Words at a place, in pixels.

    Args:
        text: what it says.
        x: of the side that `anchor` names: `"start"`, `"middle"` or `"end"`.
        y: of the line it stands on.
        anchor: see `x`.
        **attributes: as for `tag`.
    """
    return tag("text", text, x=round(x, 1), y=round(y, 1), text_anchor=anchor, **attributes)

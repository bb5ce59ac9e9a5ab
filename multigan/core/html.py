"""HTML that is escaped by construction: what is no `Html` yet becomes text."""

from html import escape

__all__ = ["Html", "join", "tag"]

VOID = {"img", "meta", "br"}


class Html(str):
    """A string that is HTML already; every other string is escaped when it goes into a `tag`."""

    __slots__ = ()


def join(*parts: object) -> Html:
    """The parts in a row: `Html` as it is, None left out, all else as escaped text."""
    return Html("".join(p if isinstance(p, Html) else escape(str(p)) for p in parts if p is not None))


def tag(name: str, /, *inside: object, **attributes: object) -> Html:
    """One element.

    Args:
        name: `"p"`, or with a class `"p.note"`.
        *inside: children, see `join`.
        **attributes: `aria_label` becomes `aria-label`, `for_` becomes `for`; None is left out, True has no value.

    Example:
        >>> tag("p.note", "a < b", title='"')
        '<p class="note" title="&quot;">a &lt; b</p>'
    """
    name, _, classes = name.partition(".")
    given = {**({"class": classes.replace(".", " ")} if classes else {}), **attributes}
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in given.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{written}>" if name in VOID and not inside else f"<{name}{written}>{join(*inside)}</{name}>")

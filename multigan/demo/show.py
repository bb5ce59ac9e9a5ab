"""Results as HTML, with the files' own bytes inside: what is saved from the page keeps its label."""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from multigan.demo.actions import Result

__all__ = ["CSS", "empty", "html"]

LARGEST_INLINE_BYTES = 16_000_000
TYPES = {".png": "image/png", ".gif": "image/gif", ".wav": "audio/wav"}
CSS = """
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 8px; }
.pictures img { width: 100%; image-rendering: pixelated; border-radius: 4px; }
.pictures figure, .players figure { margin: 0; }
.pair { display: flex; gap: 12px; flex-wrap: wrap; margin-bottom: 8px; }
.pair figure { margin: 0; flex: 0 1 224px; }
.pair img { width: 224px; max-width: 100%; image-rendering: pixelated; border-radius: 4px; }
.pair audio { width: 224px; height: 36px; }
.note { opacity: .75; font-size: 13px; }
.players { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 8px; }
.players audio { width: 100%; height: 36px; }
figcaption { font-size: 11px; opacity: .65; }
.overview { max-width: min(100%, 640px); margin-top: 16px; border-radius: 4px; }
.texts { line-height: 1.7; padding-left: 2.5em; list-style: decimal; white-space: pre-line; }
.hint { opacity: .6; padding: 24px 8px; }
.download .empty { min-height: 64px !important; padding: 0 !important; }
footer { opacity: .6; }
"""


def empty(hint: str) -> str:
    """A hint in the place of a result."""
    return f'<p class="hint">{escape(hint)}</p>'


def html(result: Result) -> str:
    """Pictures in a grid, players for sounds, lines for texts, and an overview where there is one.

    Text is escaped. Above 16 MB the page only says where the files are.
    """
    if result.before:
        return _pair(result)
    media = [path for path in result.files if path.suffix in TYPES]
    shown = [*media, *result.extra]
    if sum(path.stat().st_size for path in shown) > LARGEST_INLINE_BYTES:
        return empty("These samples are too large for the page: download them.")
    pictures = [path for path in media if path.suffix != ".wav"]
    sounds = [path for path in media if path.suffix == ".wav"]
    moving = [path for path in result.extra if path.suffix == ".gif"]
    parts = [
        _block("pictures", [_figure(path, _player(path)) for path in [*moving, *pictures]]),
        _block("players", [_figure(path, _player(path)) for path in sounds]),
        _list(result.texts),
        _note(result.note),
        *(f'<img class="overview" alt="overview" src="{_data(path)}">' for path in result.extra if path not in moving),
    ]
    return "".join(parts)


def _figure(path: Path, inside: str) -> str:
    return f"<figure>{inside}<figcaption>{escape(path.stem)}</figcaption></figure>"


def _pair(result: Result) -> str:
    """What was known beside what was filled."""
    files = [path for path in (*result.before, *result.files) if path.suffix in TYPES]
    return _block("pair", [_figure(path, _player(path)) for path in files]) + _note(result.note)


def _player(path: Path) -> str:
    if path.suffix == ".wav":
        return f'<audio controls preload="auto" src="{_data(path)}"></audio>'
    return f'<img alt="" src="{_data(path)}">'


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>' if text else ""


def _block(name: str, figures: Sequence[str]) -> str:
    return f'<div class="{name}">{"".join(figures)}</div>' if figures else ""


def _list(texts: Sequence[str]) -> str:
    return f'<ol class="texts">{"".join(f"<li>{escape(text)}</li>" for text in texts)}</ol>' if texts else ""


def _data(path: Path) -> str:
    return f"data:{TYPES[path.suffix]};base64,{base64.b64encode(path.read_bytes()).decode()}"

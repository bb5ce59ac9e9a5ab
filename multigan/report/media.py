"""Samples as HTML: pictures, sounds and texts inside the page, marked as synthetic; anything else by its plugin."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from multigan.core.errors import PluginError
from multigan.core.html import Html, tag
from multigan.core.types import Modality, Spec
from multigan.plugins.abilities import Shows, able
from multigan.plugins.contract import checked_file, guarded
from multigan.provenance import labels as provenance
from multigan.report.sound import spectrum, time_axis, wave_shape

__all__ = ["Budget", "Media", "image"]

PICTURE_PIXELS = 256
KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif", ".wav": "audio/wav"}
LONGEST_TEXT = 600


class Budget:
    """Bytes that may still go into a page.

    Attributes:
        left: bytes.
        refused: how many media did not fit.
    """

    def __init__(self, limit: int) -> None:
        self.left, self.refused = limit, 0

    def data_uri(self, data: bytes, kind: str) -> str | None:
        """`data` as a URI, or None where it no longer fits."""
        size = len(data) * 4 // 3 + 64
        if size > self.left:
            self.refused += 1
            return None
        self.left -= size
        return f"data:{kind};base64,{b64encode(data).decode()}"


class Media:
    """Draws one sample after another into a page.

    What a modality that `Shows` makes of a sample is used as it is.

    Args:
        modality: whose samples.
        spec: what one sample is.
        label: provenance of generated files.
        budget: of the page.
    """

    def __init__(self, modality: Modality, spec: Spec, label: Mapping[str, str], budget: Budget) -> None:
        self.modality, self.spec, self.label, self.budget = modality, spec, label, budget

    def one(self, sample: Any, name: str, *, real: bool = False, player: bool = True) -> Html | None:
        """One sample, or None where its kind cannot be shown alone or does not fit the page any more.

        Args:
            sample: as `modality.render` gives it.
            name: what it is, for those who cannot see it.
            real: a training item, which gets no mark of synthetic media.
            player: sounds can be played.
        """
        label = {} if real else self.label
        if able(self.modality, Shows):
            return self._fits(Html(self.modality.to_html(sample, self.spec)))
        if isinstance(sample, str):
            short = sample if len(sample) <= LONGEST_TEXT else sample[:LONGEST_TEXT] + " …"
            return self._fits(tag("p.text", short))
        if _is_picture(sample):
            return self._picture(sample, name, label)
        if _is_sound(sample):
            return self._sound(sample, name, label, player=player)
        return None

    def sheet(self, samples: Sequence[Any], name: str) -> Html | None:
        """All samples as the modality's own overview file, where that is a picture, a sound or a text.

        Where the modality fails in it, a line that says so: the rest of the page is good.
        """
        with TemporaryDirectory() as folder:
            try:
                path = self._overview(samples, Path(folder) / "sheet")
            except PluginError as error:
                return tag("p.note", str(error))
            if path.suffix in (".txt", ".csv", ".md"):
                return self._fits(tag("pre", path.read_text(encoding="utf-8")[: 10 * LONGEST_TEXT]))
            return self._file(path.read_bytes(), path.suffix, name)

    def _overview(self, samples: Sequence[Any], path: Path) -> Path:
        found = guarded(self.modality, "sheet", lambda: self.modality.sheet(samples, path, self.label))
        return checked_file(self.modality, found)

    def _file(self, data: bytes, suffix: str, name: str) -> Html | None:
        uri = self.budget.data_uri(data, KINDS[suffix]) if suffix in KINDS else None
        if uri is None:
            return None
        if KINDS[suffix].startswith("audio"):
            return tag("audio", controls=True, preload="metadata", src=uri, aria_label=name)
        return image(uri, name)

    def _picture(self, picture: Any, name: str, label: Mapping[str, str]) -> Html | None:
        small = max(picture.size) <= PICTURE_PIXELS // 2
        if max(picture.size) > PICTURE_PIXELS:
            picture = picture.copy()
            picture.thumbnail((PICTURE_PIXELS, PICTURE_PIXELS))
        data = _written("png", lambda path: _write_png(picture, path, label))
        uri = self.budget.data_uri(data, KINDS[".png"])
        return image(uri, name, "small" if small else None) if uri else None

    def _sound(self, sound: Any, name: str, label: Mapping[str, str], *, player: bool) -> Html | None:
        wave, rate = sound
        picture = self._picture(spectrum(wave, rate), f"log-mel spectrogram of {name}, low notes below", label)
        controls = None
        if player:
            data = _written("wav", lambda path: provenance.write_wav(path, wave, rate, label))
            controls = self._file(data, ".wav", name)
            if controls is None:
                return None
        axis = time_axis(max(1, len(wave)), rate)
        return tag("div", wave_shape(wave, f"waveform of {name}"), picture, axis, controls)

    def _fits(self, html: Html) -> Html | None:
        size = len(html.encode("utf-8", "replace"))
        if size > self.budget.left:
            self.budget.refused += 1
            return None
        self.budget.left -= size
        return html


def image(uri: str, name: str, style: str | None = None) -> Html:
    """A picture that is inside the page."""
    return tag("img", src=uri, alt=name, **{"class": style})


def _is_picture(sample: Any) -> bool:
    return hasattr(sample, "save") and hasattr(sample, "thumbnail")


def _is_sound(sample: Any) -> bool:
    return isinstance(sample, tuple) and len(sample) == 2 and hasattr(sample[0], "dtype") and isinstance(sample[1], int)


def _write_png(picture: Any, path: Path, label: Mapping[str, str]) -> None:
    if label:
        provenance.write_png(picture, path, label)
    else:
        picture.save(path, format="PNG")


def _written(suffix: str, write: Callable[[Path], object]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"one.{suffix}"
        write(path)
        return path.read_bytes()

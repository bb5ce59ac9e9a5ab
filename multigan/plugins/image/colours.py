"""Pictures of other colour spaces (Adobe RGB, Display P3, CMYK of a press) brought to sRGB by their own profile."""

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal, TypeAlias

import numpy as np
from PIL import Image, ImageCms

from multigan.plugins.image.ranges import DEEP

__all__ = ["Colours", "in_srgb", "profile_of"]

Colours: TypeAlias = Literal["", "converted", "ignored"]
"""What a picture's profile asks for: nothing, that colours are converted, or what cannot be done."""
SPACES = {"L": "GRAY", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
UNSEEN = 2
"""Grey levels of 255: a profile that changes no colour by more is that of sRGB, by whatever name."""
PROFILES = 64


def profile_of(image: Image.Image) -> tuple[bytes, Colours]:
    """The profile of a picture whose header was read, and what it asks for; b"" where it has none."""
    profile = image.info.get("icc_profile", b"")
    if image.mode == "1" or profile == b"":
        return b"", ""
    if not isinstance(profile, bytes) or image.mode in DEEP:
        return b"", "ignored"
    return profile, _transform(profile, _working_mode(image.mode, image.info))[1]


def in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """A picture with its colours as in sRGB, grey ones stay grey; the same object where that changes nothing.

    Args:
        picture: of 8 bits, upright or not.
        profile: as of `profile_of`.
    """
    mode = _working_mode(picture.mode, picture.info)
    transform, _ = _transform(profile, mode) if profile else (None, "")
    if transform is None:
        return picture
    plain = picture if picture.mode == mode else picture.convert(mode)
    if mode == "LA":
        grey, alpha = plain.split()
        found = Image.merge("LA", (_grey(grey, transform), alpha))
    else:
        found = _grey(plain, transform) if mode == "L" else _applied(plain, transform)
    found.format = picture.format
    return found


def _working_mode(mode: str, info: Mapping[Any, Any]) -> str:
    """The mode in which colours are converted: without palettes, with transparency as a band."""
    clear = "transparency" in info or mode in ("PA", "LA", "RGBA", "La", "RGBa")
    if mode in ("L", "LA", "La"):
        return "LA" if clear else "L"
    return mode if mode == "CMYK" else "RGBA" if clear else "RGB"


@lru_cache(PROFILES)
def _transform(profile: bytes, mode: str) -> tuple[Any, Colours]:
    """From a profile to sRGB, or None where that changes nothing or the profile is of no use."""
    wanted = SPACES[mode.removesuffix("A") if mode == "LA" else mode]
    try:
        own = ImageCms.getOpenProfile(BytesIO(profile))
        space = str(own.profile.xcolor_space).strip()
        if space != wanted and (space, wanted) != ("RGB", "GRAY"):
            return None, "ignored"
        inner = {"GRAY": "L", "CMYK": "CMYK"}.get(space, "RGBA" if mode == "RGBA" else "RGB")
        made = ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), inner, "RGBA" if inner == "RGBA" else "RGB")
        return (made, "converted") if _is_seen(made, inner) else (None, "")
    # Profiles may come from anyone; the library says OSError, its wrapper an error of its own, and both may be missing.
    except (ImageCms.PyCMSError, OSError, ImportError, ValueError, TypeError):
        return None, "ignored"


def _is_seen(transform: Any, mode: str) -> bool:
    """Whether colours change so much that it is seen; those of a press always do."""
    if mode == "CMYK":
        return True
    steps = np.arange(0, 256, 51 if mode != "L" else 1, dtype=np.uint8)
    levels = np.stack(np.meshgrid(*[steps] * 3), -1).reshape(1, -1, 3) if mode != "L" else steps[None]
    given = Image.fromarray(levels)
    found = np.asarray(_applied(given if mode != "RGBA" else given.convert("RGBA"), transform).convert("RGB"))
    before = np.asarray(given.convert("RGB"))
    return bool(np.abs(found.astype(int) - before.astype(int)).max() > UNSEEN)


def _grey(picture: Image.Image, transform: Any) -> Image.Image:
    wanted = picture if transform.input_mode == "L" else picture.convert("RGB")
    return _applied(wanted, transform).convert("L")


def _applied(picture: Image.Image, transform: Any) -> Image.Image:
    found: Image.Image = transform.apply(picture)
    found.info.pop("icc_profile", None)
    return found

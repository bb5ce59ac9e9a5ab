"""A word in a corner, for those who see the picture and not its metadata."""

from PIL import Image, ImageDraw, ImageFont

from multigan.core.errors import DataError

__all__ = ["with_visible_label"]

TEXT = "AI"
SMALLEST_SIDE = 24  # below, the word would hide more than it tells
SMALLEST_FONT = 9
FONT_SHARE = 0.08  # of the shorter side; GB 45438-2025 asks for at least 0.05


def with_visible_label(image: Image.Image) -> Image.Image:
    """A copy with "AI" in white on black in the lower right corner; its other pixels are untouched.

    Args:
        image: of mode L, RGB or RGBA.

    Raises:
        DataError: the picture is smaller than 24 pixels.
    """
    side = min(image.size)
    if side < SMALLEST_SIDE:
        raise DataError(
            f"a visible label in pictures of {image.width} × {image.height}",
            f"at least {SMALLEST_SIDE} pixels a side",
            "say it beside the picture, or use --sheet",
        )
    font = ImageFont.load_default(max(SMALLEST_FONT, round(FONT_SHARE * side)))
    left, top, right, bottom = (round(value) for value in font.getbbox(TEXT))
    width, height = right - left + 2, bottom - top + 2
    out = image.copy()
    draw = ImageDraw.Draw(out)
    corner = (image.width - width, image.height - height)
    draw.rectangle((*corner, image.width, image.height), fill="black")
    draw.text((corner[0] + 1 - left, corner[1] + 1 - top), TEXT, fill="white", font=font)
    return out

"""Pictures as viewers show them: turned and mirrored as the camera's mark in the file asks."""

from PIL import Image

__all__ = ["is_sideways", "upright"]

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of the EXIF tag Orientation; 1 and all others ask for nothing."""
SIDEWAYS = (5, 6, 7, 8)
MARKS = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")


def upright(image: Image.Image) -> Image.Image:
    """The picture with its EXIF orientation applied to its pixels; sides swap with four of the eight values.

    Where nothing is to be turned (no mark, an unknown value, damaged EXIF data) the same object comes back. The mark is
    gone from what was turned, so that nothing turns it again; `format` stays.

    Args:
        image: of any size and mode; it is decoded here where it was not yet.

    Raises:
        OSError, SyntaxError, ValueError: its pixels cannot be decoded.

    Source: CIPA DC-008 (Exif 3.0, 2023), tag 274. Pillow's `ImageOps.exif_transpose` does the same, but also
        writes the other EXIF entries anew, which fails where one of them is damaged.
    """
    image.load()
    turn = TURNS.get(_orientation(image))
    if turn is None:
        return image
    turned = image.transpose(turn)
    turned.format = image.format
    for mark in MARKS:
        turned.info.pop(mark, None)
    return turned


def is_sideways(image: Image.Image) -> bool:
    """Whether a picture's mark asks for a turn by which its width becomes its height."""
    return _orientation(image) in SIDEWAYS


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged metadata raises whatever its parser happens to stumble over
        return 1
    return value if isinstance(value, int) else 1

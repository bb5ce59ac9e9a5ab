"""Points as a picture."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

__all__ = ["scatter"]

SIZE = 512
MARGIN = 24


def scatter(points: Sequence[tuple[float, float]]) -> Image.Image:
    """A square scatter plot with a frame that fits all points."""
    image = Image.new("RGB", (SIZE, SIZE), "white")
    pen = ImageDraw.Draw(image)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    span = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    scale = (SIZE - 2 * MARGIN) / span
    for x, y in points:
        column = MARGIN + (x - min(xs)) * scale
        row = SIZE - MARGIN - (y - min(ys)) * scale
        pen.ellipse((column - 2, row - 2, column + 2, row + 2), fill=(30, 90, 160))
    pen.rectangle((0, 0, SIZE - 1, SIZE - 1), outline=(180, 180, 180))
    return image

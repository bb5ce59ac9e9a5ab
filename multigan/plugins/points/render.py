"""Points as a picture."""

from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

__all__ = ["Plane", "scatter"]

SIZE = 512
MARGIN = 24
Point = tuple[float, float]


class Plane(list[Point]):
    """Points, with the modes of the mixture that they should fill: a sheet draws these as faint rings.

    Args:
        points: `(x, y)` pairs.
        centres: of the modes; empty for an unknown mixture.
        radius: of the rings, three deviations of a mode.
    """

    def __init__(self, points: Iterable[Point], centres: Iterable[Point] = (), radius: float = 0.0) -> None:
        super().__init__(points)
        self.centres, self.radius = tuple(centres), radius


def scatter(points: Sequence[Point]) -> Image.Image:
    """A square scatter plot; the frame fits all points, and the modes of a `Plane`."""
    image = Image.new("RGB", (SIZE, SIZE), "white")
    pen = ImageDraw.Draw(image)
    centres, radius = (points.centres, points.radius) if isinstance(points, Plane) else ((), 0.0)
    xs, ys = zip(*points, *centres, strict=True)
    span = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    scale = (SIZE - 2 * MARGIN) / span

    def box(x: float, y: float, reach: float) -> tuple[float, float, float, float]:
        column = MARGIN + (x - min(xs)) * scale
        row = SIZE - MARGIN - (y - min(ys)) * scale
        return column - reach, row - reach, column + reach, row + reach

    for x, y in points:
        pen.ellipse(box(x, y, 2), fill=(30, 90, 160))
    for x, y in centres:
        pen.ellipse(box(x, y, max(4.0, radius * scale)), outline=(230, 150, 60))
    pen.rectangle((0, 0, SIZE - 1, SIZE - 1), outline=(180, 180, 180))
    return image

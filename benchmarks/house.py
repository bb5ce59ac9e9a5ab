"""The plan of the house: rooms, floors, arrows, circles and climbs of a checkout.

    python benchmarks/house.py [CHECKOUT]

A room is a folder or a file at the top of `multigan/`. An arrow goes from a room to one that it imports: at the top
of a file, inside a function, or for types only. `tests/test_floors.py` holds this checkout to the law: arrows go down.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FLOORS = (
    ("__main__",),
    ("cli",),
    ("__init__",),
    ("twinning",),
    ("training",),
    ("evaluation", "testing", "bench", "report", "publish"),
    ("doctor", "refinement"),
    ("identity", "pace"),
    ("build", "demo"),
    ("run", "latent", "exporters"),
    ("extend", "generator", "inputs"),
    ("plugins", "games"),
    ("losses", "engine", "judge"),
    ("provenance", "metrics", "features", "augment", "nets"),
    ("files",),
    ("terminal", "recipe"),
    ("core",),
)
"""From the roof to the ground. Rooms of one floor do not import each other."""


class Arrow(NamedTuple):
    """One import of another room.

    Attributes:
        file: that imports, relative to the package.
        line: of the import.
        start: the room that imports.
        end: the room that is imported.
    """

    file: str
    line: int
    start: str
    end: str


def room_of(path: Path, package: Path) -> str:
    """The room that a file belongs to."""
    return path.relative_to(package).parts[0].removesuffix(".py")


def arrows_of(package: Path) -> list[Arrow]:
    """All imports between rooms of a package, wherever in a file they stand."""
    found = []
    for path in sorted(package.rglob("*.py")):
        start = room_of(path, package)
        for line, module in _imported(ast.parse(path.read_text(encoding="utf-8")), package):
            end = module.split(".")[1] if "." in module else "__init__"
            if end != start:
                found.append(Arrow(str(path.relative_to(package)), line, start, end))
    return found


def climbs_of(arrows: list[Arrow], floors: tuple[tuple[str, ...], ...] = FLOORS) -> list[Arrow]:
    """Arrows that do not go down."""
    height = {room: number for number, floor in enumerate(floors) for room in floor}
    return [arrow for arrow in arrows if height[arrow.end] <= height[arrow.start]]


def circles_of(arrows: list[Arrow]) -> list[tuple[str, ...]]:
    """Sets of rooms from each of which every other can be reached."""
    ways: dict[str, set[str]] = defaultdict(set)
    for arrow in arrows:
        ways[arrow.start].add(arrow.end)
    reach = {room: _reached(room, ways) for room in list(ways)}
    circles = {tuple(sorted(b for b in found if room in reach.get(b, ()))) for room, found in reach.items()}
    return sorted(circle for circle in circles if len(circle) > 1)


def _reached(room: str, ways: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [room]
    while todo:
        fresh = ways.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return found


def _imported(tree: ast.Module, package: Path) -> Iterator[tuple[int, str]]:
    name = package.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == name)
        elif isinstance(node, ast.ImportFrom) and node.module == name:
            for alias in node.names:
                is_room = (package / alias.name).is_dir() or (package / f"{alias.name}.py").is_file()
                yield node.lineno, f"{name}.{alias.name}" if is_room else name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{name}."):
            yield node.lineno, node.module or ""


def _print_plan(package: Path) -> None:
    arrows = arrows_of(package)
    rooms = {room_of(path, package) for path in package.rglob("*.py")}
    text = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    pairs = {(arrow.start, arrow.end) for arrow in arrows}
    single = sum((package / f"{room}.py").is_file() for room in rooms)
    print(f"rooms              {len(rooms)}, of which {single} single files")
    print(f"arrows             {len(pairs)} between rooms, {len(arrows)} imports")
    circles = circles_of(arrows)
    print(f"circles            {len(circles)}: {'; '.join(' '.join(circle) for circle in circles)}")
    if rooms <= {room for floor in FLOORS for room in floor}:
        print(f"floors             {len(FLOORS)}")
        print(f"climbs             {len(climbs_of(arrows))}")
    print(f"lines              {sum(one.count(chr(10)) for one in text)} in {len(text)} files")
    print(f"type: ignore       {sum(one.count('type: ignore') for one in text)}")
    print(f"getattr, hasattr   {sum(len(re.findall(r'(?:getattr|hasattr)[(]', one)) for one in text)}")


if __name__ == "__main__":
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    _print_plan(checkout / "multigan")

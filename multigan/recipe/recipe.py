"""TOML -> Recipe: find it, extend it, override it, check it, write it back. No torch here."""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from multigan.core.errors import PluginError, RecipeError, UnknownNameError, did_you_mean
from multigan.core.registry import Registry
from multigan.core.shell import typed
from multigan.recipe.explain import explained
from multigan.recipe.limits import DEEPEST, LARGEST_BYTES, SHOWN, quoted, refuse_monsters
from multigan.recipe.origin import Key, Origin, Text, locating, names_of
from multigan.recipe.schema import (
    DataTable,
    GameTable,
    GuardTable,
    InputTable,
    NetTable,
    OptimTable,
    PhaseTable,
    PlayerOptim,
    Recipe,
    ReductionTable,
    TermTable,
    Train,
    ViewTable,
)
from multigan.recipe.shortening import in_proportion
from multigan.recipe.values import toml_value

__all__ = [
    "DataTable",
    "GameTable",
    "GuardTable",
    "InputTable",
    "NetTable",
    "OptimTable",
    "PhaseTable",
    "PlayerOptim",
    "Recipe",
    "ReductionTable",
    "TermTable",
    "Train",
    "ViewTable",
    "dumps",
    "find_recipe",
    "fingerprint",
    "is_shipped",
    "load_recipe",
    "recipe_folders",
    "recipe_names",
]


def _folder_only(name: str, thing: object) -> None:
    folder = thing() if callable(thing) else thing
    if not isinstance(folder, str | Path) or not Path(folder).is_dir():
        raise PluginError(f"'{name}' is {folder!r}", "a folder of recipes that exists", "name the folder as a Path")


recipe_folders: Registry[Any] = Registry("folder of recipes", "multigan.recipes", check=_folder_only)
"""Folders of recipes from other packages; a recipe's name is its path in the folder, without `.toml`."""

SAME_RUN = {"title", "summary", "cite"}
"""Keys that may change between two sittings of one run."""
LATER: Mapping[str, Mapping[str, Any]] = {
    "D": {"spectral_norm": False},
    "game": {"reduction": {"name": "mean"}, "views": [], "fakes": "fresh"},
    "train": {"accumulate": 1},
}
"""Keys that are younger than the first checkpoints: at these values they leave a fingerprint as it was without them."""
_POINT = re.compile(r"(?<![\w.])(?=\.\d)(?!\.\d+\.)")
"""Where a number begins with its point."""
SAME_TRAIN = {"sheets", "checkpoints", "tensorboard", "device", "vitals", "report", "loggers"}


def load_recipe(name: str, overrides: Sequence[str] = ()) -> Recipe:
    """Load a recipe by name or path.

    Args:
        name: `"image/digits"` or the path of a TOML file.
        overrides: `"a.b=value"` with a TOML value; bare words are strings. Later ones win. Where `train.samples` is
            made shorter and no phase is named, phases get shorter by as much.

    Raises:
        UnknownNameError: no such recipe.
        RecipeError: with file and line, what was expected and the nearest right key.
    """
    texts = [_read(find_recipe(name))]
    table = dict(texts[0].table)
    if "extends" in table:
        texts.append(_parent(texts[0]))
        table = _merge(texts[1].table, {key: value for key, value in table.items() if key != "extends"})
    before = _samples_of(table)
    sets = tuple(_override(table, override) for override in overrides)
    table = dict(in_proportion(table, before, [key for key, _ in sets]))
    origin = Origin(tuple(texts), sets, table)
    with locating(origin):
        try:
            return Recipe.model_validate(table).said_in(origin)
        except ValidationError as error:
            raise explained(error, table) from error


def recipe_names() -> list[str]:
    """Names of all recipes that ship, of this package and of plugins, sorted."""
    names = {
        str(path.relative_to(folder).with_suffix(""))
        for folder in _folders()
        for path in sorted(folder.rglob("*.toml"))
    }
    return sorted(names)


def is_shipped(name: str) -> bool:
    """Whether a recipe of this package or of a plugin has that name."""
    return name in recipe_names()


def find_recipe(name: str) -> Path:
    """The file of a recipe, by name or path.

    Raises:
        UnknownNameError: no such recipe; the nearest is suggested.
        PluginError: it would be of a package that does not load.
    """
    given = Path(name).expanduser()
    with suppress(OSError):  # a name that is too long for a file is none
        if given.suffix == ".toml" and given.is_file():
            return given
        for folder in _folders():
            path = folder / f"{name}.toml"
            if path.is_file():
                return path
    if _is_file(given):
        fix = f"choose one of multigan recipes ls, or give it that ending: mv {typed(given)} {typed(f'{given}.toml')}"
        raise UnknownNameError(f"{given} is no .toml file", "a recipe, or a file that ends in .toml", fix)
    if _is_file(given / "recipe.toml"):
        fix = f"type {typed(given / 'recipe.toml')}"
        raise UnknownNameError(f"{given} is a run, no recipe", "a recipe, or a .toml file", fix)
    fix = did_you_mean(name, recipe_names())
    if (package := name.partition("/")[0]) in recipe_folders.broken:
        recipe_folders.get(package)  # says why it does not load
    expected = "a recipe, a .toml file, or a folder or file of yours that exists"
    raise UnknownNameError(f"there is no recipe {quoted(name)}", expected, fix)


def dumps(recipe: Recipe) -> str:
    """The recipe as TOML with every value resolved; `load_recipe` gives the same recipe back."""
    plain = _plain(recipe)
    tables = {name: value for name, value in plain.items() if isinstance(value, Mapping)}
    phases = plain.pop("phases")
    lines = [f"{name} = {toml_value(value)}" for name, value in plain.items() if name not in tables]
    for phase in phases:
        lines += ["", "[[phases]]", *(f"{key} = {toml_value(value)}" for key, value in phase.items())]
    for name, table in tables.items():
        lines += _table_lines(name, table)
    return "\n".join(lines) + "\n"


def fingerprint(recipe: Recipe) -> str:
    """SHA-256 of all that decides the weights; a checkpoint is only resumed under the same one."""
    plain = {name: value for name, value in _plain(recipe).items() if name not in SAME_RUN}
    plain["train"] = {name: value for name, value in plain["train"].items() if name not in SAME_TRAIN}
    for table, keys in LATER.items():
        plain[table] = {key: value for key, value in plain[table].items() if key not in keys or value != keys[key]}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _samples_of(table: Mapping[str, Any]) -> Any:
    train = table.get("train", {})
    return train.get("samples", Train.model_fields["samples"].default) if isinstance(train, Mapping) else None


def _folders() -> list[Path]:
    package = Path(__file__).parents[1]
    own = [folder for folder in (package / "recipes", package.parent / "recipes") if folder.is_dir()][:1]
    extra: list[str | Path] = [folder for folder in os.environ.get("MULTIGAN_RECIPES", "").split(os.pathsep) if folder]
    extra += [folder for _, thing in recipe_folders.items() for folder in _offered(thing)]
    return [*own, *(folder for folder in map(Path, extra) if folder.is_dir())]


def _offered(thing: Any) -> list[str | Path]:
    """The folder of a plugin, which was there when it was loaded; another answer, or none, is no folder."""
    try:
        folder = thing() if callable(thing) else thing
    except KeyboardInterrupt:
        raise
    except BaseException:
        return []
    return [folder] if isinstance(folder, str | Path) else []


def _read(path: Path) -> Text:
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise RecipeError(
                f"{path} is {size:,} bytes long", f"a recipe, at most {LARGEST_BYTES:,}", "check the path"
            )
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        given = f"{path} is no text: byte {error.start + 1:,} is no UTF-8"
        raise RecipeError(given, "a TOML file in UTF-8", "name a recipe, or save it again in UTF-8") from error
    except ValueError as error:  # also a number of more digits than Python reads
        raise RecipeError(f"{path} is not TOML: {error}", "a TOML file", "correct that line") from error
    except RecursionError as error:
        raise RecipeError(f"{path} is nested too deeply", f"at most {DEEPEST} levels", "take it apart") from error
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}", "a readable file", "check its rights") from error
    read = Text(path, text, table)
    with locating(Origin((read,), table=table)):
        refuse_monsters(table)
    return read


def _parent(child: Text) -> Text:
    path, name = child.path, child.table["extends"]
    if not isinstance(name, str):
        raise RecipeError(f"{path}: extends = {quoted(name)}", "the name of a recipe", 'write extends = "image/folder"')
    beside = path.parent / f"{name}.toml"
    parent_path = find_recipe(str(beside) if _is_file(beside) else name)
    parent = _read(parent_path)
    if "extends" in parent.table:
        above = parent.table["extends"]
        raise RecipeError(f"{path} extends '{name}', which extends '{above}'", "one level", f"extend '{above}'")
    return parent


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _merge(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge key by key; a table that names another net, game or source starts afresh."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            renamed = any(part in value and value[part] != below.get(part) for part in ("net", "source"))
            merged[key] = dict(value) if renamed else _merge(below, value)
        else:
            merged[key] = value
    return merged


def _override(table: dict[str, Any], override: str) -> tuple[tuple[str | int, ...], str]:
    """Put a value in its place; the key that it has there, and the override as it is shown."""
    key, equals, raw = override.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts) or len(parts) > DEEPEST:
        raise RecipeError(f"--set {override[:SHOWN]}", "table.key=value", "type for example --set train.batch=32")
    if parts == ["extends"]:
        raise RecipeError(f"--set {override}", "extends in the file itself", "copy the recipe: multigan recipes cp")
    value = _value(raw.strip(), override)
    shown = override if len(override) <= SHOWN else f"{override[: SHOWN - 3]}..."
    with locating(Origin(sets=(((key,), shown),))):
        refuse_monsters({key: value})
    changed, place = _put(table, parts, value, shown)
    table.update(changed)
    return tuple(place), shown


def _put(here: Any, parts: Sequence[str], value: Any, shown: str) -> tuple[Any, Key]:
    """A table or list with a value put in its place, and the keys that lead there."""
    part, rest = parts[0], parts[1:]
    if isinstance(here, list) and rest:
        k = _entry(here, part, shown)
        below, place = _put(here[k], rest, value, shown)
        return [*here[:k], below, *here[k + 1 :]], [k, *place]
    if not isinstance(here, Mapping):
        expected = "table.key=value, or list.NAME.key=value for an entry of a list"
        raise RecipeError(f"--set {shown}: '{part}' is in no table", expected, "set the whole list instead")
    if not rest:
        return {**here, part: value}, [part]
    below, place = _put(here.get(part, {}), rest, value, shown)
    return {**here, part: below}, [part, *place]


def _entry(entries: Sequence[Any], name: str, shown: str) -> int:
    """Which entry of a list has a name of its own; a number counts from 0, for those without."""
    names = names_of(entries)
    if name not in names and name in map(str, range(len(names))):
        return int(name)
    if names.count(name) != 1:
        expected = f"one of {', '.join(quoted(each) for each in names if each) or 'none'}"
        raise RecipeError(f"--set {shown}: the list has no one entry '{name}'", expected, "set the whole list instead")
    return names.index(name)


def _value(raw: str, override: str) -> Any:
    try:
        read = _toml(raw)
    except ValueError:
        return raw
    except RecursionError as error:
        given = f"--set {quoted(override)} is nested too deeply"
        raise RecipeError(given, f"at most {DEEPEST} levels", "take it apart") from error
    return read["value"] if len(read) == 1 else raw  # a second line is no value


def _toml(raw: str) -> dict[str, Any]:
    """What `value = raw` says; numbers may begin with their point, which TOML does not allow."""
    try:
        return tomllib.loads(f"value = {raw}")
    except ValueError:
        if "'" in raw or '"' in raw or (fuller := _POINT.sub("0", raw)) == raw:
            raise
        return tomllib.loads(f"value = {fuller}")


def _plain(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON values, options flattened into their tables, unset values left out."""
    flat: dict[str, Any] = _flatten(recipe.model_dump(mode="json", exclude_none=True))
    return flat


def _flatten(value: Any) -> Any:
    if isinstance(value, Mapping):
        rest = {key: _flatten(below) for key, below in value.items() if key != "options"}
        return {**rest, **(_flatten(value["options"]) if "options" in value else {})}
    return [_flatten(item) for item in value] if isinstance(value, list) else value


def _table_lines(name: str, table: Mapping[str, Any]) -> list[str]:
    below = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    lines = ["", f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in table.items() if key not in below)]
    for key, value in below.items():
        lines += _table_lines(f"{name}.{key}", value) if value else []
    return lines

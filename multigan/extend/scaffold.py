"""New packages from templates: a modality, a loss or a recipe of one's own, with tests that pass."""

import keyword
import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from multigan.core.errors import PluginError, RunError, UnknownNameError, did_you_mean
from multigan.core.version import __version__
from multigan.extend.installed import registry_of
from multigan.recipe.recipe import recipe_names

__all__ = ["KINDS", "scaffold"]

KINDS = ("loss", "modality", "recipe")
PATTERN = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
LONGEST = 40
RESERVED = {"multigan", "test", "tests", "recipes", "con", "prn", "aux", "nul"}
SUFFIX = ".tmpl"


def scaffold(kind: str, name: str, folder: Path | None = None) -> Path:
    """Write a package.

    Args:
        kind: one of `KINDS`.
        name: of the modality, loss or recipes: lower case letters, digits and single dashes.
        folder: where; default `multigan-NAME`. It must be new or empty.

    Returns:
        The folder.

    Raises:
        UnknownNameError: no such kind.
        PluginError: the name is no name, reserved, or taken.
        RunError: the folder holds something or cannot be written.
    """
    if kind not in KINDS:
        raise UnknownNameError(f"there is no template for a '{kind}'", "", did_you_mean(kind, KINDS))
    _check_name(kind, name)
    folder = folder if folder is not None else Path(f"multigan-{name}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} exists already", "a new or empty folder", "choose another with --out DIR")
    words = {
        "name": name,
        "package": f"multigan_{name.replace('-', '_')}",
        "Class": name.title().replace("-", ""),
        "version": __version__,
    }
    try:
        _copy(resources.files("multigan.extend") / "templates" / kind, folder, words)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f"cannot write {folder}: {reason}", "a writable folder", "choose another with --out") from error
    return folder


def _check_name(kind: str, name: str) -> None:
    if not re.fullmatch(PATTERN, name) or len(name) > LONGEST:
        wanted = f"at most {LONGEST} lower case letters, digits and single dashes, a letter first"
        raise PluginError(f"'{name}' is no name for a {kind}", wanted, "for example heart-rate")
    if keyword.iskeyword(name) or name in RESERVED:
        raise PluginError(f"'{name}' is a reserved word", "another name", f"for example my-{name}")
    registry = registry_of(kind) if kind != "recipe" else None
    taken = {one.split("/")[0] for one in recipe_names()} if registry is None else {*registry.names()}
    if name in taken or (registry is not None and name in registry.aliases):
        raise PluginError(f"there is a {kind} '{name}' already", "a new name", f"for example my-{name}")


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        name = entry.name.replace("PACKAGE", words["package"]).replace("NAME", words["name"]).removesuffix(SUFFIX)
        if entry.is_dir():
            _copy(entry, target / name, words)
        elif entry.name.endswith(SUFFIX):
            text = entry.read_text(encoding="utf-8")
            for word, value in words.items():
                text = text.replace("{{" + word + "}}", value)
            with (target / name).open("x", encoding="utf-8") as file:
                file.write(text)

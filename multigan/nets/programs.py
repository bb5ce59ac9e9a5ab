"""A net that a file of one's own builds: `G.net = "py:FILE.py:FUNCTION"`, and the copy by which it is built later.

The file is run, as Python runs any. So one that came with a generator or a run of other people is run only where this
machine has trained with the very same file, or where its hash is said in `MULTIGAN_TRUST`.
"""

import hashlib
import os
import re
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from multigan.core.cache_folder import cache_folder
from multigan.core.errors import RecipeError, did_you_mean
from multigan.core.plain import words_of

__all__ = [
    "COPY",
    "PREFIX",
    "TRUST",
    "Program",
    "is_program",
    "offer",
    "pinned",
    "program_of",
    "refuse_unpinned",
    "text_of",
]

PREFIX = "py:"
COPY = "program.py"
"""What the copy in a run's folder is called."""
TRUST = "MULTIGAN_TRUST"
DIGITS = 32
SHAPE = "py:FILE.py:FUNCTION"
NAME = re.compile(r"py:(?P<file>.+\.py):(?P<function>[A-Za-z_]\w*)(?:@(?P<sha>[0-9a-f]{32}))?")

_offered: dict[str, str] = {}
_modules: dict[str, ModuleType] = {}


class Parts(NamedTuple):
    """What a net's name says.

    Attributes:
        file: as it was typed.
        function: in it.
        sha: of the file's text, first 32 digits; "" = of the file as it is now.
    """

    file: str
    function: str
    sha: str


class Program(NamedTuple):
    """A function in a file.

    Attributes:
        file: its name, for messages.
        function: builds the net.
        line: of the file, on which it begins.
        name: in the file.
    """

    file: str
    function: Callable[..., Any]
    line: int
    name: str

    @property
    def place(self) -> str:
        """As `decoder.py:12`."""
        return f"{self.file}:{self.line}"


def is_program(name: str) -> bool:
    """Whether a net's name is that of a file."""
    return name.startswith(PREFIX)


def program_of(name: str) -> Program:
    """The function that a net's name says.

    Raises:
        RecipeError: no such file or function, the file cannot be run, or it is not trusted.
    """
    file, function, sha = _parsed(name)
    text = _kept(name, sha) if sha else _read(name, file)
    short = Path(file).name
    module = _module(short, text, None if sha else Path(file).expanduser().resolve().parent)
    builder = getattr(module, function, None)
    if not callable(builder):
        known = [key for key, value in vars(module).items() if callable(value) and key[0] != "_"]
        raise RecipeError(f"{short} has no function '{function}'", "", did_you_mean(function, known))
    return Program(short, builder, _begins(builder, function, short, text), function)


def _begins(builder: Callable[..., Any], name: str, file: str, text: str) -> int:
    """The line of the file on which a function begins, or else on which its name is given to something."""
    code = getattr(builder, "__code__", None) or getattr(getattr(builder, "__init__", None), "__code__", None)
    if code is not None and code.co_filename == file:
        return int(code.co_firstlineno)
    lines = text.splitlines()
    return next((k for k, line in enumerate(lines, 1) if re.search(rf"(?<![\w.#]){name}\b", line)), 1)


def pinned(name: str) -> str:
    """The name with the file's hash in it, by which the net is built later; the file is kept for that, and trusted.

    Raises:
        RecipeError: there is no such file.
    """
    file, function, known = _parsed(name)
    if known:
        return name
    text = _read(name, file)
    sha = _sha(text)
    _offered[sha] = text
    # What has no copy outside its run cannot be built again without a word of trust: no reason not to train.
    with suppress(OSError):
        _shelf().mkdir(parents=True, exist_ok=True)
        (_shelf() / f"{sha}.py").write_text(text, encoding="utf-8")
    return f"{PREFIX}{Path(file).name}:{function}@{sha}"


def refuse_unpinned(name: str) -> None:
    """Refuse a name without hash where a run or a generator says it: of these, no file is run but the one they kept.

    Raises:
        RecipeError: it is such a name.
    """
    if is_program(name) and not _parsed(name).sha:
        given = f"G.net = '{name}', which names a file on this machine and not the one that was trained with"
        wanted = f"{SHAPE}@HASH, as training writes it"
        raise RecipeError(given, wanted, "if you trust that file, train a recipe that names it")


def text_of(name: str) -> str:
    """What stands in the file of a pinned name."""
    return _kept(name, _parsed(name).sha)


def offer(text: str) -> None:
    """Have a copy at hand that came with a run or a generator; it is used only where it is trusted."""
    _offered.setdefault(_sha(text), text)


def _parsed(name: str) -> Parts:
    found = NAME.fullmatch(name)
    if not found:
        raise RecipeError(f"G.net = '{name}'", SHAPE, 'write net = "py:decoder.py:build"')
    return Parts(found["file"], found["function"], found["sha"] or "")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _shelf() -> Path:
    return cache_folder() / "programs"


def _read(name: str, file: str) -> str:
    path = Path(file).expanduser()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else words_of(error)
        given = f"G.net = '{name}': {why}: {path.absolute()}"
        raise RecipeError(given, f"{SHAPE}, FILE from the working folder on", "correct the path") from error


def _kept(name: str, sha: str) -> str:
    """The copy with that hash: this machine's own, or one that came along and is trusted."""
    with suppress(OSError):
        text = (_shelf() / f"{sha}.py").read_text(encoding="utf-8")
        if _sha(text) == sha:
            return text
    trusted = os.environ.get(TRUST, "").split(",")
    if sha in _offered and sha in trusted:
        return _offered[sha]
    if sha not in _offered:
        given = f"G.net = '{name}', and no copy of that file is here"
        raise RecipeError(given, SHAPE, "name the file itself: py:FILE.py:FUNCTION")
    given = f"this net runs a file of its own, {name.partition(':')[2]}, which this machine has not trained with"
    wanted = f"one that you trust: read it in {COPY} of the run, or under program in config.json of the generator"
    raise RecipeError(given, wanted, f"then type {TRUST}={sha} before the command")


class _Text(InspectLoader):
    """Runs a text as a module."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    def get_code(self, fullname: str) -> CodeType:
        """Compiled under the file's name, for tracebacks."""
        return self.source_to_code(self.text, self.file)

    def get_source(self, fullname: str) -> str:
        """The text."""
        return self.text


def _module(file: str, text: str, folder: Path | None) -> ModuleType:
    """The module that a file's text makes, run once a process.

    What lies beside the file can be imported, as when Python runs it.
    """
    sha = _sha(text)
    if sha in _modules:
        return _modules[sha]
    name = f"multigan_program_{sha}"
    if folder is not None and str(folder) not in sys.path:
        sys.path.append(str(folder))
    loader = _Text(text, file)
    spec = spec_from_loader(name, loader, origin=file)
    if spec is None:
        raise RecipeError(f"{file} is no module", "a Python file", "")
    module = module_from_spec(spec)
    module.__file__ = file
    sys.modules[name] = module  # classes in it are looked for by that name
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        line = error.lineno if isinstance(error, SyntaxError) else _line(error, file)
        given = f"{file}:{line or 1}: {words_of(error)}"
        wanted = "a file that can be run; what it imports is installed, or lies beside it"
        raise RecipeError(given, wanted, "correct the file") from error
    _modules[sha] = module
    return module


def _line(error: BaseException, file: str) -> int:
    """The last line of the file that the error came by."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return next((line for line in reversed(lines) if line), 1)

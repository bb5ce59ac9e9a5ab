"""Serving the page on this machine, and to nobody else unless asked."""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import RunError
from multigan.core.signals import Interrupted
from multigan.demo.actions import LARGEST_UPLOAD_BYTES, Actions
from multigan.demo.page import build, import_gradio
from multigan.demo.parts import served
from multigan.demo.show import CSS
from multigan.generator.generator import Generator
from multigan.plugins.contract import require

__all__ = ["POLICY", "serve", "serving", "told"]

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'self'"
)


class _Policy:
    """Puts a content security policy on every answer: a browser then refuses to fetch anything from elsewhere."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                extra = (b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer")
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self.app(scope, receive, answer)


@contextmanager
def serving(generators: Sequence[Generator], host: str = "127.0.0.1", port: int | None = None) -> Iterator[str]:
    """Serve the page inside the block.

    Args:
        generators: one tab each.
        host: address to listen on.
        port: None = the first free one from 7860.

    Yields:
        The page's address.

    Raises:
        RunError: gradio is missing, or the port is taken.
    """
    for generator in generators:
        require(generator.modality, "demo")
    gr = import_gradio()
    with tempfile.TemporaryDirectory(prefix="multigan-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with _own_uploads(folder / "cache"):
            actions = [Actions(one, folder / str(number)) for number, one in enumerate(generators)]
            page = build(actions)
            try:
                _, address, _ = page.launch(**_options(gr, folder, host, port))
            except OSError as error:
                given = f"cannot serve on {host}:{port}: {error}"
                raise RunError(given, "a free port", "choose another --port") from error
            try:
                yield address
            finally:
                page.close(verbose=False)


@contextmanager
def _own_uploads(folder: Path) -> Iterator[None]:
    """Let gradio put what people upload into `folder`, not where all pages of this machine's users share one."""
    folder.mkdir()
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(folder.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ["GRADIO_TEMP_DIR"]
        else:
            os.environ["GRADIO_TEMP_DIR"] = before


def serve(generators: Sequence[Generator], host: str, port: int | None, say: Any) -> None:
    """Serve until interrupted; `say(line)` tells the address."""
    with serving(generators, host, port) as address:
        say(told(generators, address))
        try:
            threading.Event().wait()
        except KeyboardInterrupt as stop:
            say("ended")
            if isinstance(stop, Interrupted):  # Ctrl-C is how serving ends
                raise


def told(generators: Sequence[Generator], address: str) -> str:
    """The line that tells the address, and which generators are served there."""
    other = "; --which last takes the last ones" if any(one.kept == "best" for one in generators) else ""
    each = ", ".join(map(served, generators))
    return f"{counted(len(generators), 'generator')} at {address} (Ctrl-C ends): {each}{other}"


def _options(gr: Any, folder: Path, host: str, port: int | None) -> dict[str, Any]:
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    # A page elsewhere must not reach this one by a name that resolves to this machine.
    hosts = ["*"] if host in ("0.0.0.0", "::") else [host, "127.0.0.1", "localhost"]
    fonts = ["system-ui", "sans-serif"]
    return {
        "server_name": host,
        "server_port": port,
        "share": False,
        "quiet": True,
        "prevent_thread_lock": True,
        "allowed_paths": [str(folder)],
        "max_file_size": LARGEST_UPLOAD_BYTES,
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
        "css": CSS,
        "footer_links": ["api"],
        "app_kwargs": {"middleware": [Middleware(_Policy), Middleware(TrustedHostMiddleware, allowed_hosts=hosts)]},
    }

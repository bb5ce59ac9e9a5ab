"""What the tabs of the page have in common: fields handed over as they came, outputs, errors in one line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError, MultiGANError
from multigan.core.plain import one_line
from multigan.demo.actions import Actions, Result
from multigan.demo.show import empty, html
from multigan.generator.generator import Generator

__all__ = ["class_field", "class_of", "outputs", "served", "shown", "unchecked", "uploaded"]

EVERY_CLASS = "all in turn"
HINT = "Choose and press the button: samples appear here."


def served(generator: Generator, *, name_only: bool = False) -> str:
    """Which generator a tab is of: `the best generator of runs/digits`.

    Args:
        generator: as it was loaded.
        name_only: without the folders above, which are nobody's business on a page.
    """
    source = Path(generator.source).name if name_only else generator.source
    which = f"the {generator.kept} generator of" if generator.kept else "the generator"
    return one_line(f"{which} {source or generator.config['name']}")


def class_field(gr: Any, one: Actions, every: str = EVERY_CLASS) -> Any:
    """A list of the generator's classes, hidden where there are none."""
    return gr.Dropdown([every, *one.classes], value=every, label="class", visible=bool(one.classes))


def class_of(chosen: str, every: str = EVERY_CLASS) -> str | None:
    """The class that was chosen, or None for the first entry."""
    return None if chosen == every else str(chosen)


def unchecked(gr: Any, component: Any) -> Any:
    """Hand over what came as it is: `Actions` answers bad values in one line, gradio with a traceback."""
    described = component.api_info()
    component.api_info, component.data_model = lambda: described, None
    component.preprocess = lambda value: value
    original = component.async_move_resource_to_block_cache

    async def only_uploads(path: str | Path | None) -> Any:
        if str(path).lower().startswith(("http:", "https:")):  # gradio would fetch it
            raise gr.Error("nothing is fetched from elsewhere: upload the file", print_exception=False)
        return await original(path)

    component.async_move_resource_to_block_cache = only_uploads
    return component


def uploaded(gr: Any, value: object) -> Path:
    """The file that a browser or a client sent.

    Raises:
        DataError: there is none, or it names another file of this machine.
    """
    path = value.get("path") if isinstance(value, dict) else None
    home = Path(gr.utils.get_upload_folder()).resolve()
    if not isinstance(path, str) or not Path(path).resolve().is_relative_to(home):
        raise DataError("no file was uploaded", "a file of at most 4 MB", "choose one")
    return Path(path)


def outputs(gr: Any, hint: str = HINT) -> list[Any]:
    """A view, which holds a hint at first, and a ZIP for the download."""
    with gr.Column(scale=3, min_width=300):
        view = gr.HTML(empty(hint))
        files = gr.File(label="download: all files with their labels", height=80, elem_classes="download")
    return [view, files]


def shown(gr: Any, action: Callable[[], Result]) -> list[Any]:
    """Values for `outputs`; an error of ours becomes a message of the page."""
    try:
        result = action()
    except MultiGANError as error:
        raise gr.Error(str(error), print_exception=False) from error
    return [html(result), str(result.archive)]

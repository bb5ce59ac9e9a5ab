"""The page's part for filling holes: an upload and a box, a brush or seconds; or a line with a gap."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from multigan.core.errors import DataError, MultiGANError
from multigan.demo.actions import MOST_STARTS, MOST_STEPS, Actions, Result
from multigan.demo.parts import class_field, class_of, outputs, shown, unchecked, uploaded
from multigan.demo.repair import seen

__all__ = ["mask_of", "repair_tab"]

CANVAS_PIXELS = 320
NEAREST_CLASS = "of the nearest sample"
PAINT = "#ff3d7f"


def repair_tab(gr: Any, one: Actions, name: str) -> None:
    """The part for what this generator can fill, with the endpoint `/NAME_inpaint`; nothing where it fills nothing."""
    if one.repairs == "line":
        _line_tab(gr, one, name)
    elif one.repairs:
        _file_tab(gr, one, name)


def mask_of(drawn: object, folder: Path) -> Path:
    """White where the brush was, as a PNG in `folder`: from layers with transparency.

    Raises:
        DataError: nothing was drawn.
    """
    from PIL import Image, ImageChops

    layers = drawn.get("layers") if isinstance(drawn, dict) else None
    alphas = [
        layer.getchannel("A") for layer in layers or [] if isinstance(layer, Image.Image) and layer.mode == "RGBA"
    ]
    if not alphas or not any(alpha.getbbox() for alpha in alphas):
        raise DataError("nothing was drawn", "a hole", "draw it over the picture, or type a box")
    mask = alphas[0]
    for alpha in alphas[1:]:
        mask = ImageChops.lighter(mask, alpha.resize(mask.size))
    mask.save(folder / "mask.png")
    return folder / "mask.png"


def _line_tab(gr: Any, one: Actions, name: str) -> None:
    with gr.Accordion("Fill the gaps of a line", open=False), gr.Row():
        with gr.Column(scale=1, min_width=240):
            # Not as `info`, which is Markdown: it would swallow the underscores.
            line = gr.Textbox(label="line", max_lines=1, placeholder="____ for a word, or _ for each letter")
            button = gr.Button("Fill")
        out = outputs(gr, "Type a line with a gap: the likeliest fillings appear here.")

    def run(line: str) -> list[Any]:
        return shown(gr, lambda: one.fill(line))

    button.click(run, [unchecked(gr, line)], out, api_name=f"{name}_inpaint")


def _file_tab(gr: Any, one: Actions, name: str) -> None:
    picture = one.repairs == "picture"
    size = one.generator.spec.shape
    with gr.Accordion(f"Fill a hole of your own {one.repairs}", open=False), gr.Row():
        with gr.Column(scale=1, min_width=240):
            file = gr.File(
                label=f"{one.repairs}, at most 4 MB", file_types=["image" if picture else "audio"], height=100
            )
            if picture:
                hint = "x,y,w,h in pixels of your picture"
            else:
                most = size[1] / int(one.generator.spec.meta["sample_rate_hz"])
                hint = f"START-END in seconds of your sound, shorter than {most:.3g}"
            hole = gr.Textbox(label="box" if picture else "gap", info=hint, max_lines=1)
            button = gr.Button("Fill the box" if picture else "Fill the gap")
            with gr.Accordion("search", open=False):
                steps = gr.Slider(1, MOST_STEPS, 150, step=1, label="steps", info="more come nearer, and take longer")
                starts = gr.Slider(1, MOST_STARTS, 4, step=1, label="starts")
                seed = gr.Number(0, precision=0, label="seed")
            label = class_field(gr, one, NEAREST_CLASS)
        if picture:
            drawn, brush = _canvas(gr)
        out = outputs(gr, f"Choose a {one.repairs} and a hole: what the generator puts there appears here.")

    def run(file: object, hole: str, steps: float, starts: float, seed: float, label: str) -> list[Any]:
        chosen = class_of(label, NEAREST_CLASS)
        return shown(gr, lambda: one.inpaint(uploaded(gr, file), hole, steps, starts, seed, chosen))

    fields = [unchecked(gr, field) for field in (file, hole, steps, starts, seed, label)]
    button.click(run, fields, out, api_name=f"{name}_inpaint")
    if picture:
        _brush(gr, one, (file, drawn, *fields[2:]), brush, out)


def _canvas(gr: Any) -> tuple[Any, Any]:
    with gr.Column(scale=2, min_width=360):
        drawn = gr.ImageEditor(
            label="or draw a hole",
            type="pil",
            sources=(),
            transforms=(),
            layers=False,
            brush=gr.Brush(default_size=28, colors=[PAINT], color_mode="fixed"),
            canvas_size=(CANVAS_PIXELS, CANVAS_PIXELS),
            fixed_canvas=True,
            height=400,
        )
        return drawn, gr.Button("Fill what is drawn")


def _brush(gr: Any, one: Actions, fields: tuple[Any, ...], button: Any, out: list[Any]) -> None:
    file, drawn = fields[:2]

    def background(file: object) -> Any:
        return None if file is None else _enlarged(gr, one, file)

    def run(file: object, drawn: object, steps: float, starts: float, seed: float, label: str) -> list[Any]:
        def action() -> Result:
            with TemporaryDirectory(prefix="multigan-mask-") as folder:
                mask = mask_of(drawn, Path(folder))
                return one.inpaint(uploaded(gr, file), mask, steps, starts, seed, class_of(label, NEAREST_CLASS))

        return shown(gr, action)

    file.change(background, [file], [drawn], api_visibility="private")
    button.click(run, list(fields), out, api_visibility="private")


def _enlarged(gr: Any, one: Actions, file: object) -> Any:
    """The picture as the generator takes it, by a whole factor large enough to draw on."""
    from PIL import Image

    try:
        item = seen(one.generator, uploaded(gr, file))
    except MultiGANError as error:
        raise gr.Error(str(error), print_exception=False) from error
    (image,) = one.generator.modality.render(item[None], one.generator.spec)
    factor = max(1, CANVAS_PIXELS // max(image.size))
    return image.convert("RGB").resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)

"""The page's part for generators that are given a file: an upload, and before and after with a slider between."""

from typing import Any

from multigan.core.errors import MultiGANError
from multigan.demo.actions import Actions
from multigan.demo.parts import unchecked, uploaded

__all__ = ["apply_tab"]


def apply_tab(gr: Any, one: Actions, name: str) -> None:
    """The part with the endpoint `/NAME_apply`."""
    with gr.Row():
        with gr.Column(scale=1, min_width=240):
            file = gr.File(label="picture, at most 4 MB", file_types=["image"], height=100)
            strength = gr.Slider(0, 1, 1, step=0.05, label="strength", info="less: nearer to your file")
            seed = gr.Number(0, precision=0, label="seed", visible=one.has_latent)
            button = gr.Button("Apply", variant="primary")
        with gr.Column(scale=3, min_width=300):
            slider = gr.ImageSlider(label="before and after", type="filepath", format="png")
            files = gr.File(label="download: the file with its label", height=80, elem_classes="download")

    def run(file: object, strength: float, seed: float) -> list[Any]:
        try:
            result = one.apply(uploaded(gr, file), seed, strength)
        except MultiGANError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return [(str(result.before[0]), str(result.files[0])), str(result.archive)]

    fields = [unchecked(gr, field) for field in (file, strength, seed)]
    button.click(run, fields, [slider, files], api_name=f"{name}_apply")

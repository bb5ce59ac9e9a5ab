"""The page: gradio components around `Actions`, one tab a generator."""

import os
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from multigan.core.errors import RunError
from multigan.demo.actions import LARGEST_N, Actions
from multigan.demo.apply_tab import apply_tab
from multigan.demo.parts import class_field, class_of, outputs, served, shown, unchecked
from multigan.demo.repair_tab import repair_tab
from multigan.demo.talk_tab import talk_tab
from multigan.generator.answering import answers_lines

__all__ = ["build", "import_gradio", "slug"]

QUEUE = 64  # waiting requests; more are refused with a message


def import_gradio() -> Any:
    """Import gradio with everything off that would call home.

    Raises:
        RunError: it is not installed.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        import gradio
    except ImportError as error:
        raise RunError("the page needs gradio", "the package", "pip install 'multigan[demo]'") from error
    return gradio


def build(actions: Sequence[Actions]) -> Any:
    """The page as gradio Blocks, with a bounded queue and endpoints `/NAME_generate`, `/NAME_walk`, `/NAME_inpaint`.

    A generator that is given files has `/NAME_apply` alone, one that is given lines `/NAME_reply`.
    """
    gr = import_gradio()
    with gr.Blocks(title="MultiGAN", analytics_enabled=False, delete_cache=(600, 3600)) as page:
        gr.Markdown("# MultiGAN\nWhat is made here is synthetic, and every file says so. Nothing leaves this machine.")
        with gr.Tabs():
            for one, name in zip(actions, _slugs(actions), strict=True):
                with gr.Tab(one.name):
                    _facts(gr, one)
                    if answers_lines(one.generator):
                        talk_tab(gr, one, name)
                        continue
                    if one.translates:
                        apply_tab(gr, one, name)
                        continue
                    _generate_tab(gr, one, name)
                    if one.can_walk:
                        _walk_tab(gr, one, name)
                    repair_tab(gr, one, name)
    page.queue(max_size=QUEUE, default_concurrency_limit=1)
    return page


def slug(name: str) -> str:
    """A name as part of an endpoint."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "generator"


def _slugs(actions: Sequence[Actions]) -> list[str]:
    names = [slug(one.name) for one in actions]
    return [name if names.count(name) == 1 else f"{name}_{number}" for number, name in enumerate(names, 1)]


def _facts(gr: Any, one: Actions) -> None:
    config, spec = one.generator.config, one.generator.spec
    size = " x ".join(map(str, spec.shape))
    made = f"recipe {config['recipe']}; weights {config['weights_sha256'][:12]}"
    facts = f"{served(one.generator, name_only=True)}: {spec.modality}, {size}; {made}"
    gr.Markdown(escape(facts, quote=False))


def _generate_tab(gr: Any, one: Actions, name: str) -> None:
    with gr.Row():
        with gr.Column(scale=1, min_width=240):
            n = gr.Slider(1, LARGEST_N, 16, step=1, label="samples")
            seed = gr.Number(0, precision=0, label="seed", info="the same seed gives the same samples")
            label = class_field(gr, one)
            scale = gr.Slider(
                0, 1.5, 1, step=0.05, label="scale of z", info="less: typical, alike", visible=one.has_latent
            )
            temperature = gr.Slider(
                0.1, 2, 1, step=0.05, label="temperature", info="less: safe, alike", visible=one.has_temperature
            )
            button = gr.Button("Generate", variant="primary")
        out = outputs(gr)

    def run(n: float, seed: float, label: str, scale: float, temperature: float) -> list[Any]:
        return shown(gr, lambda: one.generate(n, seed, class_of(label), scale, temperature))

    inputs = [unchecked(gr, field) for field in (n, seed, label, scale, temperature)]
    button.click(run, inputs, out, api_name=f"{name}_generate")


def _walk_tab(gr: Any, one: Actions, name: str) -> None:
    with gr.Accordion("Walk from one seed to another", open=False), gr.Row():
        with gr.Column(scale=1, min_width=240):
            first, last = gr.Number(0, precision=0, label="from seed"), gr.Number(1, precision=0, label="to seed")
            steps = gr.Slider(2, LARGEST_N, 8, step=1, label="steps")
            label = class_field(gr, one)
            scale = gr.Slider(0, 1.5, 1, step=0.05, label="scale of z", visible=one.has_latent)
            button = gr.Button("Walk")
        out = outputs(gr)

    def run(first: float, last: float, steps: float, label: str, scale: float) -> list[Any]:
        return shown(gr, lambda: one.walk(first, last, steps, class_of(label), scale))

    inputs = [unchecked(gr, field) for field in (first, last, steps, label, scale)]
    button.click(run, inputs, out, api_name=f"{name}_walk")

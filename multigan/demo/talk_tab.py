"""The page's part for generators that are given texts: a line, its answer, and the talk so far."""

from typing import Any

from multigan.core.errors import MultiGANError
from multigan.demo.actions import Actions
from multigan.demo.parts import unchecked
from multigan.demo.talk import MOST_HISTORY, MOST_SAID, NOTICE, reply

__all__ = ["talk_tab", "written"]


def talk_tab(gr: Any, one: Actions, name: str) -> None:
    """The part with the endpoint `/NAME_reply`: a line, temperature, history and seed, and a state of lines so far."""
    with gr.Row():
        with gr.Column(scale=1, min_width=240):
            line = gr.Textbox(label="line", max_lines=1, placeholder="what you say, or what is to be translated")
            temperature = gr.Slider(0, 2, 0.7, step=0.05, label="temperature", info="0: the likeliest")
            history = gr.Slider(0, MOST_HISTORY, 0, step=1, label="lines before that count")
            seed = gr.Number(0, precision=0, label="seed")
            with gr.Row():
                button = gr.Button("Say", variant="primary")
                clear = gr.Button("Clear")
        with gr.Column(scale=3, min_width=300):
            talk = gr.Textbox(label=NOTICE, lines=14, max_lines=14, interactive=False)
    said = gr.State([])

    def run(line: str, temperature: float, history: float, seed: float, said: list[str]) -> list[Any]:
        try:
            with one.lock:
                answer = reply(one.generator, said, line, temperature, history, seed)
        except MultiGANError as error:
            raise gr.Error(str(error), print_exception=False) from error
        said = [*said, line.strip(), answer][-MOST_SAID:]
        return [written(said), said, ""]

    fields = [unchecked(gr, field) for field in (line, temperature, history, seed)]
    button.click(run, [*fields, said], [talk, said, line], api_name=f"{name}_reply")
    line.submit(run, [*fields, said], [talk, said, line], api_name=False)
    clear.click(lambda: ["", []], [], [talk, said], api_name=False)


def written(said: list[str]) -> str:
    """Lines of both sides as the page shows them."""
    return "\n".join(f"{'>' if k % 2 else 'you:'} {line}" for k, line in enumerate(said))

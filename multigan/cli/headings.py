"""The first page of help: verbs under what they are for, one line each."""

import os
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from multigan.cli.lines import echo
from multigan.core.signals import Interrupted, exit_code

__all__ = ["HEADINGS", "Headed"]

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "Train and judge": {
        "train": "Train a generator, or go on with a run.",
        "doctor": "How a run does, or what is in a folder, and what to type next.",
        "evaluate": "Judge a generator by real items that it never saw.",
        "twin": "Train a run's twin: without an adversary, as long.",
        "report": "Write one page of a run.",
        "compare": "Compare runs: mean, spread, and whether they differ.",
        "temperature": "Compare texts with those of likelihood alone.",
        "score": "Score a file of texts, of any system.",
        "bench": "Measure which loss covers all modes.",
    },
    "Use": {
        "generate": "Draw samples and write them as files.",
        "apply": "Make of each of your files what a generator learnt.",
        "chat": "Talk with a generator of replies.",
        "interpolate": "Walk from sample to sample.",
        "vary": "Draw samples near one.",
        "directions": "Find directions along which samples change.",
        "demo": "Open a page on this machine to play with a generator.",
    },
    "Make better": {
        "refine": "Let only samples pass that a critic takes for real.",
        "invert": "Find the z that comes nearest to a file.",
        "edit": "Change a file along a direction.",
        "inpaint": "Fill a region, a gap or masked words of a file.",
    },
    "Hand on": {
        "export": "Write a generator for programs without MultiGAN.",
        "publish": "Write a model card, and upload both if told to.",
        "sign": "Sign files as made by an algorithm (C2PA).",
        "provenance": "Read back what a file says of its making.",
        "cite": "Print BibTeX of the methods of a recipe.",
    },
    "Extend": {
        "recipes": "List, show, copy and check recipes.",
        "modalities": "List the kinds of data.",
        "plugins": "List what other packages add.",
        "check": "Check a modality or a package against its contract.",
        "new": "Write a package for a modality, loss or recipe.",
    },
}
"""Every verb, in the order of the page."""


class Headed(TyperGroup):
    """A group of commands that are listed under headings, and leave with the code of the signal that stopped them."""

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; the parser would make 130 of every signal, and say nothing."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            name = stop.signal.name if isinstance(stop, Interrupted) else "SIGINT"
            if os.environ.get("RANK", "0") == "0":  # one line of several processes
                echo(f"multigan: stopped by {name}: nothing half-written is left behind", err=True)
            raise typer.Exit(exit_code(stop)) from stop

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for every heading."""
        width = max(len(name) for verbs in HEADINGS.values() for name in verbs)
        for heading, verbs in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:{width}}", line) for name, line in verbs.items()])

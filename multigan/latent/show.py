"""Walks as files: each modality shows a path in its own way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from multigan.generator.generator import Generator
from multigan.plugins.abilities import Films, Untouched, able
from multigan.plugins.contract import checked_file, checked_files
from multigan.plugins.fitted import Fitted
from multigan.provenance.labels import COMPOSITE, make_folder

__all__ = ["COMPOSITE", "write_one", "write_walk"]


def write_walk(
    generator: Generator, fake: Tensor, path: Path, *, columns: int, seed: int, facts: Mapping[str, Any]
) -> list[Path]:
    """Write samples in the order of a walk, labelled as synthetic; returns the files.

    A modality that `Films` shows them its own way (pictures: a strip and a GIF; sounds:
    every step, all joined, a contact sheet); for the others its `sheet` serves (texts: a list; points: a scatter).

    Args:
        generator: which made them.
        fake: `(n, *shape)` in D's space.
        path: without suffix.
        columns: samples a row.
        seed: for the label.
        facts: further fields of the label: the verb and its options.
    """
    make_folder(path.parent)
    label = {**generator.label(seed), **{name: str(value) for name, value in facts.items()}}
    samples = generator.modality.render(fake, generator.spec)
    if able(generator.modality, Films):
        return list(generator.modality.film(samples, path, label, columns))
    return [checked_file(generator.modality, generator.modality.sheet(samples, path, label))]


def write_one(
    generator: Generator,
    fake: Tensor,
    path: Path,
    *,
    seed: int,
    facts: Mapping[str, Any],
    fitted: Fitted | None = None,
) -> list[Path]:
    """Write one sample `(1, *shape)` as a file of its own, in its own size, labelled; see `write_walk`.

    Nothing is done to it on the way: a modality's `untouched` are the options of its `save` that see to that. With
    `fitted` and its way back, the sample goes into the file that it was taken from, and the whole of that is written.
    """
    make_folder(path.parent)
    label = {**generator.label(seed), **{name: str(value) for name, value in facts.items()}}
    back = None if fitted is None else fitted.back
    samples = generator.modality.render(fake, generator.spec) if back is None else [back(fake)]
    modality = generator.modality
    saving = modality.untouched if able(modality, Untouched) else {}
    saving = {**saving, **({} if fitted is None else fitted.saving)}
    return checked_files(modality, modality.save(samples, path.parent, [path.name], label, **saving))

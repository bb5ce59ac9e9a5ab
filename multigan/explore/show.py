"""Walks as files: each modality shows a path in its own way."""

from collections.abc import Mapping
from inspect import signature
from pathlib import Path
from typing import Any

from torch import Tensor

from multigan.generator import Generator
from multigan.provenance import make_folder

__all__ = ["COMPOSITE", "write_one", "write_walk"]

COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's name for what is partly captured and partly generated."""


def write_walk(
    generator: Generator, fake: Tensor, path: Path, *, columns: int, seed: int, facts: Mapping[str, Any]
) -> list[Path]:
    """Write samples in the order of a walk, labelled as synthetic; returns the files.

    A modality with `film(samples, path, label, columns)` shows them its own way (pictures: a strip and a GIF; sounds:
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
    film = getattr(generator.modality, "film", None)
    if film is not None:
        return list(film(samples, path, label, columns))
    return [generator.modality.sheet(samples, path, label)]


def write_one(generator: Generator, fake: Tensor, path: Path, *, seed: int, facts: Mapping[str, Any]) -> list[Path]:
    """Write one sample `(1, *shape)` as a file of its own, in its own size, labelled; see `write_walk`.

    Where a modality finishes its samples (sounds: trimming, fades, level) and can leave that away (`raw`), it is left
    away: what is known of an edited sample stays as it was.
    """
    make_folder(path.parent)
    label = {**generator.label(seed), **{name: str(value) for name, value in facts.items()}}
    samples = generator.modality.render(fake, generator.spec)
    options = {"raw": True} if "raw" in signature(generator.modality.save).parameters else {}
    return generator.modality.save(samples, path.parent, [path.name], label, **options)

"""Items whose files are byte for byte the same: one that is held out must not be trained on under another name."""

from dataclasses import replace

import torch

from multigan.build import build_split
from multigan.core.counted import counted
from multigan.core.owners import owners_of
from multigan.core.shell import typed
from multigan.core.types import Data
from multigan.files.findings import shown
from multigan.files.twins import identical
from multigan.identity.fingerprint import held_out_digest
from multigan.identity.record import Record
from multigan.recipe.recipe import Recipe

__all__ = ["alike_lines", "with_alike"]


def with_alike(data: Data, recipe: Recipe, record: Record | None = None, *, goes_on: bool = False) -> Data:
    """Data that says which items are of the same files, where it was read from one file for each item or group of them.

    A run that was split without that, by an older version, stays split so.

    Args:
        data: as it was loaded.
        recipe: what it is split for.
        record: what a run knows of its data.
        goes_on: whether there is a run, with a record or without.
    """
    owners = owners_of(data.items)
    unlike = len(owners) == 0 or len(data.files) != int(owners.max()) + 1
    if unlike or (data.inputs is not None and not data.inputs.aligned) or (goes_on and record is None):
        return data
    same = identical(data.files)
    if not same or (record and record.identity.held_out == held_out_digest(build_split(recipe, data))):
        return data
    first = torch.arange(len(data.files))
    for group in same:
        first[group] = group[0]
    return replace(data, alike=first[owners])


def alike_lines(data: Data) -> list[str]:
    """How many files are the same as others, for people, or nothing where none are."""
    if data.alike is None:
        return []
    owners = owners_of(data.items)
    twins = (owners != data.alike).nonzero()[:, 0]
    others = owners[twins].unique()
    names = [shown(data.files[int(k)], data.root) for k in (data.alike[twins[0]], owners[twins[0]])]
    look = f"; multigan doctor {typed(data.root)} names them" if data.root is not None else ""
    many = counted(len(others), "file is", "files are")
    return [f"{many} identical to others ({' = '.join(names)}), and held out or trained on with them{look}"]

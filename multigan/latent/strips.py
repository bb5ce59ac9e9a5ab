"""What each direction does: strips of samples along it, and the directions as files."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core import strict_json
from multigan.core.draw import Draw
from multigan.core.tensor_file import write_tensors
from multigan.files.findings import Tick
from multigan.files.keeping import write_whole
from multigan.generator.generator import Generator
from multigan.latent.blend import Place, lerp
from multigan.latent.directions import Directions
from multigan.latent.show import write_walk
from multigan.latent.walk import Row, render_rows
from multigan.provenance.labels import refuse_others

__all__ = ["along", "effect", "write_directions"]


def along(
    generator: Generator, vector: Tensor, places: list[Place], amounts: list[float], label: str | None = None
) -> Tensor:
    """Samples at `z + amount * vector`: `(len(places) * len(amounts), *shape)`, places in rows.

    Args:
        generator: with a z.
        vector: `(nz,)`.
        places: where to start.
        amounts: in units of z.
        label: class of all samples.
    """
    rows: list[Row] = [(place, place, 0.0) for place in places for _ in amounts]
    steps = torch.tensor([amount for _ in places for amount in amounts])

    def move(z: Tensor, first: int) -> Tensor:
        here = steps[first : first + len(z)].to(z)
        z = z.clone()
        z[: len(here)] += here.view(-1, *[1] * (z.ndim - 1)) * vector.to(z).view(z.shape[1:])
        return z

    return render_rows(generator, rows, lerp, label, move)


def effect(generator: Generator, vector: Tensor, amount: float = 1.0, n: int = 16, label: str | None = None) -> float:
    """Mean absolute change of the output (D's space) by a step of `amount`, over the first `n` samples of seed 0."""
    pairs = along(generator, vector, [Place(0, k) for k in range(n)], [0.0, amount], label)
    return float((pairs[1::2] - pairs[0::2]).abs().mean())


def write_directions(  # noqa: PLR0913  (what a strip is made of)
    generator: Generator,
    found: Directions,
    folder: Path,
    seeds: list[int],
    reach: float = 3.0,
    steps: int = 7,
    label: str | None = None,
    tick: Tick | None = None,
) -> list[Path]:
    """Write `directions.safetensors` (`vectors` `(k, nz)`, `shares` `(k,)`), `directions.json` and one strip each.

    The JSON says how much each direction changes the output, beside random unit vectors: the gain over chance.
    `tick(done, total)` is called after each direction.
    """
    amounts = torch.linspace(-reach, reach, steps).tolist()
    places, files = [Place(seed) for seed in seeds], list[Path]()
    told = [f"directions {found.method} {number} from {-reach:g} to {reach:g}" for number in range(len(found.vectors))]
    for number, verb in enumerate(told):
        refuse_others(folder / f"{found.method}-{number}", {**generator.label(seeds[0]), "verb": verb})
    for number, vector in enumerate(found.vectors):
        facts = {"verb": told[number]}
        fake = along(generator, vector, places, amounts, label)
        path = folder / f"{found.method}-{number}"
        files += write_walk(generator, fake, path, columns=steps, seed=seeds[0], facts=facts)
        if tick is not None:
            tick(number + 1, len(found.vectors))
    random = Draw(0, 0, "chance/").normal("directions", (8, found.vectors.shape[1]))
    chance = [effect(generator, vector / vector.norm(), label=label) for vector in random]
    known: dict[str, Any] = {
        **generator.label(seeds[0]),
        "method": found.method,
        "share": [round(float(share), 5) for share in found.shares],
        "change_per_unit": [round(effect(generator, vector, label=label), 5) for vector in found.vectors],
        "change_per_unit_of_random_vectors": {
            "mean": round(sum(chance) / 8, 5),
            "highest": round(max(chance), 5),
            "n": 8,
        },
    }
    tensors, table = folder / "directions.safetensors", folder / "directions.json"
    write_whole(tensors, lambda to: write_tensors({"vectors": found.vectors.contiguous(), "shares": found.shares}, to))
    write_whole(table, lambda to: to.write_text(strict_json.dumps(known, indent=1) + "\n", encoding="utf-8"))
    return [tensors, table, *files]

"""Points in the plane: the engine's own test bench, and the smallest example of a modality.

Real space: float32 `(batch, 2)`, scaled to a spread of about 1.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from torch import Tensor, nn

from multigan.core.types import Augmentation, Data, Objective, Spec
from multigan.nets import autoencoder, mlp
from multigan.plugins.adapter import Adapter, Trial
from multigan.plugins.points import augment, data, evaluation, meta, render
from multigan.provenance import labels as provenance
from multigan.recipe.numbers import NonNegative, Positive

__all__ = ["PointsModality", "modality"]


class PointsModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "points"
    summary = "points in the plane: rings and grids of Gaussians, CSV files of two columns"
    suffixes = (".csv",)
    embedded = ("grid", "ring")
    generators: Mapping[str, Callable[..., nn.Module]] = {"mlp": mlp.build_g, "autoencoder": autoencoder.build_flat}
    discriminators: Mapping[str, Callable[..., nn.Module]] = {"mlp": mlp.build_d}
    output_name = "points"
    output_meaning = "pairs (x, y) in the data's units"
    objectives: Mapping[str, Objective] = {}
    augmentations: Mapping[str, Augmentation] = augment.AUGMENTATIONS
    augmentation_policy = augment.POLICY
    recipe_for_files = "points/ring"
    trial = Trial("ring", {"n": 400}, ("G.width=8", "D.width=8"), {})
    check_spec = staticmethod(meta.check_spec)

    def load(
        self,
        source: str,
        *,
        n: Annotated[int, Field(ge=1, le=100_000_000)] = 100_000,
        radius: Positive = 1.0,
        deviation: NonNegative = 0.0,
    ) -> Data:
        """A mixture by name (`ring`, `grid`) or a CSV file of two columns.

        Args:
            source: embedded name or file.
            n: points drawn from a mixture.
            radius: of the ring.
            deviation: of every Gaussian; 0 = the papers' (ring .01, grid .05).
        """
        return data.load(source, n, radius, deviation)

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """Points `(batch, 2)`, centred and scaled."""
        scale: float = spec.meta["scale"]
        return (raw - raw.new_tensor(spec.meta["centre"])) / scale

    def to_output(self, fake: Tensor, spec: Spec) -> Tensor:
        """Points in the data's units."""
        scale: float = spec.meta["scale"]
        return fake * scale + fake.new_tensor(spec.meta["centre"])

    def render(self, fake: Tensor, spec: Spec) -> list[tuple[float, float]]:
        """Pairs of coordinates in the data's units; a `Plane` that knows the mixture's modes."""
        points = fake.double().cpu() * spec.meta["scale"] + fake.new_tensor(spec.meta["centre"]).double().cpu()
        modes = [(x, y) for x, y in spec.meta.get("centres", ())]
        return render.Plane([(x, y) for x, y in points.tolist()], modes, 3 * spec.meta.get("deviation", 0.0))

    def save(
        self, samples: Sequence[tuple[float, float]], folder: Path, names: Sequence[str], label: Mapping[str, str]
    ) -> list[Path]:
        """One CSV of all points."""
        path = folder / f"points-{names[0]}.csv"
        lines = ["x,y", *(f"{x:.6f},{y:.6f}" for x, y in samples)]
        provenance.write_text(path, "\n".join(lines) + "\n", label)
        return [path]

    def sheet(self, samples: Sequence[tuple[float, float]], path: Path, label: Mapping[str, str]) -> Path:
        """A scatter plot as PNG."""
        path = path.with_name(path.name + ".png")
        provenance.write_png(render.scatter(samples), path, label)
        return path

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """The coordinates themselves, `(batch, 2)`."""
        return real

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Modes, high-quality share and reverse KL of a known mixture; rows as in `multigan.evaluation.score`."""
        return evaluation.own_rows(samples, real, spec)


modality = PointsModality()

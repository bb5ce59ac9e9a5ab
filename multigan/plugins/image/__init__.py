"""Pictures: folders of files, MNIST-style idx files, torchvision data sets, embedded digits.

Real space: float32 `(batch, channels, height, width)` in [-1, 1].
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from torch import Tensor, nn

from multigan.core.types import Augmentation, Data, Objective, Spec
from multigan.nets import dcgan, dcgan_autoencoder
from multigan.plugins.adapter import Adapter, Trial
from multigan.plugins.image import (
    applying,
    augment,
    colourist,
    data,
    degrade,
    evaluation,
    features,
    fidelity,
    filler,
    film,
    halves,
    inspect,
    items,
    judged,
    patch,
    pixel,
    placing,
    render,
    residual,
    resnet,
    rrdb,
    unet,
    upscaler,
    visible,
    witnessed,
)
from multigan.plugins.image.fitting import Side

__all__ = ["ImageModality", "modality"]


class ImageModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "image"
    summary = "pictures of any size with 1, 3 or 4 channels"
    pipeline_tag = "unconditional-image-generation"  # the hub's name of the task
    input_pipeline_tag = "image-to-image"
    suffixes = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".idx")
    embedded = data.EMBEDDED
    generators: Mapping[str, Callable[..., nn.Module]] = {
        "dcgan": dcgan.build_g,
        "residual": residual.build_g,
        "autoencoder": dcgan_autoencoder.build_autoencoder,
    }
    translators: Mapping[str, Callable[..., nn.Module]] = {
        "colourist": colourist.build_colourist,
        "filler": filler.build_filler,
        "resnet": resnet.build_resnet,
        "rrdb": rrdb.build_rrdb,
        "unet": unet.build_unet,
        "upscaler": upscaler.build_upscaler,
    }
    discriminators: Mapping[str, Callable[..., nn.Module]] = {
        "dcgan": dcgan.build_d,
        "patch": patch.build_patch,
        "pixel": pixel.build_pixel,
        "residual": residual.build_d,
    }
    output_name = "images"
    output_meaning = "pictures (channels, height, width) in [-1, 1]; pixel = round((x + 1) * 127.5)"
    objectives: Mapping[str, Objective] = {}
    augmentations: Mapping[str, Augmentation] = augment.AUGMENTATIONS
    augmentation_policy = augment.POLICY
    inversion: Mapping[str, float] = {"multi-scale": 1.0, "features": 0.5}
    recipe_for_files = "image/folder"
    recipe_for_pairs = "image/pairs"
    recipe_for_sets = "image/unpaired"
    embedded_inputs: Mapping[str, str] = {"outlined-digits": "plain-digits"}
    real_range = (-1.0, 1.0)
    trial = Trial("digits", {"size": 8}, ("G.width=4", "D.width=4"), {"size": 8})
    inspect = staticmethod(inspect.inspect)
    film = staticmethod(film.film)
    fit = staticmethod(placing.fit)
    file_size = staticmethod(halves.file_size)
    take_in = staticmethod(applying.take_in)
    against_targets = staticmethod(fidelity.pair_scores)
    rival = staticmethod(fidelity.rival)
    read = staticmethod(items.read)
    read_hole = staticmethod(items.read_hole)

    def load(  # noqa: PLR0913  (each is an option of `[data]`)
        self,
        source: str,
        *,
        size: Side = 0,
        channels: Literal["auto", 1, 3, 4] = "auto",
        fit: Literal["crop", "pad", "stretch"] = "crop",
        flip: bool = False,
        root: str = "data",
        stack: Literal[0, 2, 3, 4] = 0,
        half: halves.Half = "whole",
        jitter: Annotated[int, Field(ge=0, le=1024)] = 0,
        column: str = "",
        crops: Annotated[int, Field(ge=0, le=100_000)] = 0,
    ) -> Data:
        """Read pictures.

        Args:
            source: `digits` (16 × 16; `small-digits`: their own 8 × 8), `stacked-digits` (pairs of digits, 100 modes),
                `photos` (parts of two photographs, 64 × 64; `small-photos`: 32 × 32), `plain-digits` and
                `outlined-digits` (two sets of other digits, the second as blue outlines on yellow), a folder (class
                sub-folders become labels), one idx file, a folder of idx files, or `torchvision:NAME` (downloaded to
                `root` when it is not there).
            size: side or (height, width) in pixels; 0 = what most pictures have, at most 64 for folders.
            channels: 1 grey, 3 RGB, 4 RGBA; "auto" = what the data has.
            fit: how other shapes come to `size`: cut the middle, pad with edges' colour, or stretch.
            flip: add the mirror image of every picture.
            root: where torchvision keeps its files.
            stack: this many labelled grey pictures, drawn at random, become the channels of one; 3 with the ten digits
                of MNIST gives the 1,000 modes of "stacked MNIST".
            jitter: move each picture by up to so many pixels whenever it is taken, an input and its target alike.
            column: of a list of pairs (CSV, TSV, JSONL with paths), the one whose files are read.
            crops: cut each picture into so many pieces of `size`, a quarter to a half as wide as itself; 0 = take it
                whole. So one picture is a set, of which a style can be learnt.
            half: of files in a folder that show two pictures side by side, the one to read.
        """
        options = data.Options(size, channels, fit, flip, root, stack, half, jitter, column, crops)
        return data.load(source, options)

    def halves(self, place: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """Options for both columns of a list of pairs; for both halves, where pictures are twice as wide as high."""
        return halves.halves(place, self.suffixes)

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """uint8 `(batch, c, h, w)` -> float32 in [-1, 1]."""
        return raw.float() / 127.5 - 1

    def to_output(self, fake: Tensor, spec: Spec) -> Tensor:
        """Pictures, clipped to [-1, 1]."""
        return fake.clamp(-1, 1)

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """PIL images; of inputs with a hole the picture."""
        return render.to_pil(fake[:, :-1] if spec.meta.get(degrade.HOLE) else fake)

    def save(
        self,
        samples: Sequence[Any],
        folder: Path,
        names: Sequence[str],
        label: Mapping[str, str],
        *,
        visible_label: bool = False,
    ) -> list[Path]:
        """One PNG each; with `visible_label` the word "AI" stands in the lower right corner."""
        if visible_label:
            samples = [visible.with_visible_label(image) for image in samples]
        return render.save(samples, folder, names, label)

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """A grid PNG."""
        return render.sheet(samples, path, label)

    def picture(self, real: Tensor, spec: Spec) -> Tensor:
        """What a classifier looks at: the picture itself."""
        return real

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Random convolutional features `(batch, 256)`."""
        return features.random_conv_features(real)

    def shown_to_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """Pictures in 256 steps, as files have; of large ones the whole made smaller, and the middle."""
        return judged.as_seen

    def numbers_for_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """How often which small patterns occur; `known` is not read."""
        return witnessed.as_counted

    def closeness(self, real: Tensor, fake: Tensor, spec: Spec) -> tuple[str, Tensor]:
        """PSNR in dB, `(batch,)`: two batches in D's space."""
        return "psnr_db", items.psnr(real, fake)

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Sliced Wasserstein distance, MS-SSIM of pairs, spread; rows as in `multigan.evaluation.score`."""
        return evaluation.own_rows(samples, real, train)


modality = ImageModality()

"""Checks of a modality: its spaces, every net that serves its data, files, features and scores."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, nn

from multigan import provenance
from multigan.draw import Draw
from multigan.errors import MultiGANError
from multigan.testing.verdict import require, run_checks
from multigan.types import Data, Modality, Spec, as_critique

__all__ = ["check_modality"]

BATCH = 4
Builder = Callable[..., nn.Module]


def check_modality(modality: Modality, data: Data) -> tuple[str, ...]:
    """Check a modality on a small data set of its own.

    A net builder may refuse `data.spec` with a MultiGANError; at least one G and one D must serve it.

    Args:
        modality: the plugin's object.
        data: what its `load` returned; at least 4 samples.

    Returns:
        Names of the checks that passed; one a net (`"G mlp"`).

    Raises:
        PluginError: the first check that failed, with what was seen.

    Example:
        >>> from multigan import modalities
        >>> from multigan.testing import check_modality
        >>> points = modalities.get("points")
        >>> check_modality(points, points.load("ring", n=100))
        ('attributes', 'real space', 'G mlp', 'D mlp', 'files', 'features', 'metrics')
    """
    checks: dict[str, Callable[[], None]] = {
        "attributes": partial(_has_its_parts, modality, data.spec),
        "real space": partial(_real_is_as_described, modality, data),
        **{f"G {name}": partial(_g_plays, b, data.spec) for name, b in _serving(modality, "G", data.spec).items()},
        **{
            f"D {name}": partial(_d_judges, b, modality, data) for name, b in _serving(modality, "D", data.spec).items()
        },
        "files": partial(_files_say_what_they_are, modality, data),
        "features": partial(_features_are_rows, modality, data),
        "metrics": partial(_metrics_are_numbers, modality, data),
    }
    return run_checks(f"modality '{modality.name}'", checks)


def _serving(modality: Modality, player: str, spec: Spec) -> Mapping[str, Builder]:
    """The builders of a player that do not refuse `spec`."""
    builders = modality.generators if player == "G" else modality.discriminators
    return {name: builder for name, builder in builders.items() if not _refuses(builder, spec)}


def _refuses(builder: Builder, spec: Spec) -> bool:
    with torch.random.fork_rng(devices=[]):
        try:
            builder(spec)
        except MultiGANError:
            return True
        # Other failures belong to the net's own check, which names them.
        except Exception:
            return False
    return False


def _real(modality: Modality, data: Data) -> Tensor:
    return modality.to_real(data.source.take(torch.arange(BATCH), Draw(0)), data.spec)


def _has_its_parts(modality: Modality, spec: Spec) -> None:
    require(isinstance(modality, Modality), "parts are missing", "all of multigan.types.Modality", "add them")
    require(spec.modality == modality.name, f"spec.modality is '{spec.modality}'", modality.name, "set it in load")
    wrong = [suffix for suffix in modality.suffixes if suffix != suffix.lower() or not suffix.startswith(".")]
    require(not wrong, f"suffixes has {wrong}", "lower case with a dot", "write '.csv'")
    for player in ("G", "D"):
        require(bool(_serving(modality, player, spec)), f"no {player} serves {spec.shape}", "at least one", "add one")


def _real_is_as_described(modality: Modality, data: Data) -> None:
    require(len(data.source) >= BATCH, f"{len(data.source)} samples", f"{BATCH} or more", "give a larger data set")
    real, again = _real(modality, data), _real(modality, data)
    shape = (BATCH, *data.spec.shape)
    require(tuple(real.shape) == shape, f"to_real gives {tuple(real.shape)}", str(shape), "make spec.shape agree")
    require(real.dtype == torch.float32, f"to_real gives {real.dtype}", "float32", "end with .float()")
    require(bool(real.isfinite().all()), "to_real gives numbers that are not finite", "finite", "check the data")
    require(torch.equal(real, again), "one draw gives two batches", "equal ones", "take random numbers from `draw`")
    labels = data.labels
    if labels is not None:
        seen = f"labels are {labels.dtype} {tuple(labels.shape)}"
        good = labels.dtype == torch.int64 and len(labels) == len(data.source)
        require(good, seen, f"int64 ({len(data.source)},)", "give one label a sample")


def _g_plays(build: Builder, spec: Spec) -> None:
    G, draw = build(spec), Draw(0)
    latent = getattr(G, "latent", None)
    require(latent is not None, "G has no attribute `latent`", "multigan.types.Latent", "set self.latent")
    z = latent.sample(BATCH, draw)  # type: ignore[union-attr]
    fake = G(z, None, draw.child("G"))
    shape = (BATCH, *spec.shape)
    require(tuple(fake.shape) == shape, f"G gives {tuple(fake.shape)}", str(shape), "read the shape from `spec`")
    require(bool(fake.isfinite().all()), "G gives numbers that are not finite", "finite", "check its initialisation")
    fake.square().sum().backward()
    _require_gradients("G", G)
    G.eval()
    with torch.no_grad():
        same = torch.equal(G(z, None, draw), G(z, None, draw))
    require(same, "one z and one draw give two outputs", "equal ones", "take random numbers from `draw`")


def _d_judges(build: Builder, modality: Modality, data: Data) -> None:
    D, draw, real = build(data.spec), Draw(0), _real(modality, data)
    critique = as_critique(D(real, None, draw))
    rows = [len(part) for part in (*critique.logits, *critique.features)]
    require(
        set(rows) == {BATCH}, f"first axes of logits and features are {rows}", f"all {BATCH}", "keep the batch axis"
    )
    total = torch.stack([logits.mean() for logits in critique.logits]).sum()
    require(bool(total.isfinite()), "logits are not finite", "finite", "check its initialisation")
    total.backward()  # type: ignore[no-untyped-call]
    _require_gradients("D", D)
    D.eval()
    with torch.no_grad():
        one, other = as_critique(D(real)).logits[0], as_critique(D(real)).logits[0]
    require(torch.equal(one, other), "without a draw D answers at random", "the same", "switch noise off at draw=None")


def _require_gradients(player: str, net: nn.Module) -> None:
    grads = [param.grad for param in net.parameters() if param.grad is not None]
    flows = any(bool(grad.any()) for grad in grads) and all(bool(grad.isfinite().all()) for grad in grads)
    require(flows, f"no finite gradient reaches {player}'s parameters", "one", "keep every step differentiable")


def _files_say_what_they_are(modality: Modality, data: Data) -> None:
    samples = modality.render(_real(modality, data), data.spec)
    require(len(samples) == BATCH, f"render gives {len(samples)} of {BATCH} samples", "all", "return one a row")
    label = provenance.label("check", "0" * 64, "check", 0)
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = modality.save(samples, folder, [f"{number}" for number in range(BATCH)], label)
        files = [*files, modality.sheet(samples, folder / "sheet", label)]
        for file in files:
            require(file.is_file(), f"{file.name} was not written", "a file", "return the paths that you write")
            kept = provenance.read(file) == label
            require(kept, f"{file.name} has lost its label", "the label", "write it with multigan.provenance")


def _features_are_rows(modality: Modality, data: Data) -> None:
    real = _real(modality, data)
    features = modality.features(real, data.spec)
    seen = f"features are {features.dtype} {tuple(features.shape)}"
    good = features.ndim == 2 and len(features) == BATCH and features.is_floating_point()
    require(good, seen, f"floats ({BATCH}, dim)", "flatten all but the first axis")
    again = modality.features(real, data.spec)
    same = bool(features.isfinite().all()) and torch.equal(features, again)
    require(same, "features of the same samples differ, or are not finite", "fixed numbers", "fix their seed")


def _metrics_are_numbers(modality: Modality, data: Data) -> None:
    real = _real(modality, data)
    scores = modality.metrics(real, real, data.spec)
    wrong = [key for key, value in scores.items() if not isinstance(value, int | float) or math.isnan(value)]
    require(not wrong, f"metrics {wrong} of reals against themselves are no numbers", "floats", "return .item()")

"""Public checks that authors of losses, penalties, nets and modalities run on their own parts.

Every check raises a `PluginError` that names the rule that is broken; the built-in parts pass the same checks.
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from multigan.draw import Draw
from multigan.errors import PluginError
from multigan.losses.adversarial import AdversarialLoss
from multigan.types import Augmented, Data, Modality, Penalty, Reshaping, Spec, View, as_critique

__all__ = ["check_loss", "check_modality", "check_nets", "check_penalty", "check_view"]

BATCH = 4


def check_loss(loss: AdversarialLoss) -> None:
    """A pair of losses: per-sample values, finite values and gradients at logits of ±50, patches, honest `needs_real`.

    Args:
        loss: the pair.
    """
    for shape in ((BATCH,), (BATCH, 3, 2)):
        real = torch.linspace(-50, 50, BATCH * (6 if len(shape) > 1 else 1)).view(shape).requires_grad_(True)
        fake = real.detach().flip(0).clone().requires_grad_(True)
        for name, values in (("d", loss.d(real, fake)), ("g", loss.g(fake, real))):
            _rule(values.shape == (BATCH,), f"{loss.name}.{name} returns {tuple(values.shape)}", f"({BATCH},)")
            _rule(
                bool(torch.isfinite(values).all()), f"{loss.name}.{name} is not finite at logits of 50", "finite values"
            )
            (gradient,) = torch.autograd.grad(values.sum(), fake, retain_graph=True)
            _rule(
                bool(torch.isfinite(gradient).all()), f"{loss.name}.{name} has no finite gradient", "finite gradients"
            )
    other = torch.randn(BATCH, generator=torch.Generator().manual_seed(1))
    zeros = torch.zeros(BATCH)
    looks = not torch.equal(loss.g(zeros, zeros), loss.g(zeros, other))
    _rule(looks == loss.needs_real, f"{loss.name}.needs_real = {loss.needs_real}", f"{looks}")


def check_penalty(penalty: Penalty, name: str = "the penalty") -> None:
    """A penalty: per-sample values, a gradient in D, the same draw gives the same values, sizes of batches 1 and 4.

    Args:
        penalty: `penalty(D, real, fake, cond, draw)`.
        name: for messages.
    """
    torch.manual_seed(0)
    first = nn.Linear(3, 8)
    body = nn.Sequential(first, nn.Tanh(), nn.Linear(8, 1))

    def D(x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        logits: Tensor = body(x)
        return logits.squeeze(1)

    for batch in (1, BATCH):
        real, fake = torch.randn(batch, 3), torch.randn(batch, 3)
        values = penalty(D, real, fake, None, Draw(0))
        _rule(values.shape == (batch,), f"{name} returns {tuple(values.shape)}", f"({batch},)")
        again = penalty(D, real, fake, None, Draw(0))
        _rule(torch.equal(values, again), f"{name} differs between equal draws", "all randomness from the draw")
        grads = torch.autograd.grad(values.sum(), [first.weight], allow_unused=True)
        _rule(grads[0] is not None, f"{name} has no gradient in D", "a gradient that reaches D's parameters")


def check_view(view: View, real: Tensor, spec: Spec, name: str = "the view") -> None:
    """A view: shapes, one result per draw, each process sees its own rows, gradients that reach the samples.

    Args:
        view: `view(x, draw)`.
        real: samples in D's space `(batch, *spec.shape)`; twice the number that one call needs.
        spec: of the samples.
        name: for messages.
    """
    seen = view.spec(spec) if isinstance(view, Reshaping) else spec
    count = len(real) // view.samples if isinstance(view, Reshaping) else len(real)
    x = real.clone().requires_grad_(True)
    draw = Draw(0, progress=0.5)
    out = view(x, draw)
    _rule(out.shape == (count, *seen.shape), f"{name} gives {tuple(out.shape)}", f"{(count, *seen.shape)}")
    _rule(bool(torch.isfinite(out).all()), f"{name} gives numbers that are not finite", "finite numbers")
    _rule(torch.equal(out, view(x, draw)), f"{name} differs between equal draws", "all randomness from the draw")
    halves = [view(half, replace(draw, rank=k, world_size=2)) for k, half in enumerate(real.chunk(2))]
    _rule(
        torch.allclose(torch.cat(halves), out, rtol=0, atol=1e-6), f"{name} differs on two processes", "the same rows"
    )
    (gradient,) = torch.autograd.grad(out.square().sum(), x, allow_unused=True)
    _rule(gradient is not None, f"{name} has no gradient in the samples", "a view that G can learn through")


def check_nets(G: nn.Module, D: nn.Module, shape: tuple[int, ...], classes: int = 0) -> None:
    """A pair of nets: shapes, one value of noise per draw, gradients that reach all parameters, batches of one.

    Args:
        G: has `latent`.
        D: returns logits or a `Critique`.
        shape: of one sample.
        classes: number of classes; 0 = unconditional.
    """
    for batch in (1, 3):
        cond = torch.arange(batch) % classes if classes else None
        z = G.latent.sample(batch, Draw(0))  # type: ignore[union-attr, operator]
        fake = G(z, cond, Draw(1))
        _rule(
            fake.shape == (batch, *shape), f"G returns {tuple(fake.shape)}", f"({batch}, {', '.join(map(str, shape))})"
        )
        _rule(bool(torch.isfinite(fake).all()), "G returns numbers that are not finite", "finite samples")
        _rule(torch.equal(fake, G(z, cond, Draw(1))), "G differs between equal draws", "all randomness from the draw")
        for logits in as_critique(D(fake, cond, Draw(2))).logits:
            _rule(logits.shape[0] == batch, f"D returns {tuple(logits.shape)}", f"({batch}, *patch)")
    total = torch.stack([logits.square().sum() for logits in as_critique(D(fake, cond, Draw(2))).logits]).sum()
    total.backward()
    for name, net in (("G", G), ("D", D)):
        dead = [key for key, parameter in net.named_parameters() if parameter.requires_grad and parameter.grad is None]
        _rule(not dead, f"no gradient reaches {name}.{', '.join(dead[:3])}", "gradients for every parameter")


def check_modality(modality: Modality, data: Data) -> None:
    """A modality on some of its data: shapes and ranges, fetching by number, rendering, features, and all of its nets.

    Args:
        modality: the plugin's object.
        data: what its `load` returned.
    """
    count = min(BATCH, len(data.source))
    indices = torch.arange(count)
    raw = data.source.take(indices, Draw(0))
    _rule(len(raw) == count, f"take gives {len(raw)} items for {count} numbers", f"{count}")
    _rule(
        torch.equal(raw, data.source.take(indices, Draw(0))), "take differs between equal draws", "no other randomness"
    )
    real = modality.to_real(raw, data.spec)
    _rule(real.shape == (count, *data.spec.shape), f"to_real gives {tuple(real.shape)}", f"{(count, *data.spec.shape)}")
    _rule(real.dtype == torch.float32, f"to_real gives {real.dtype}", "float32")
    _rule(bool(torch.isfinite(real).all()), "to_real gives numbers that are not finite", "finite numbers")
    _rule(len(modality.render(real, data.spec)) == count, "render loses samples", f"{count} samples")
    features = modality.features(real, data.spec)
    _rule(features.ndim == 2 and len(features) == count, f"features are {tuple(features.shape)}", f"({count}, dim)")
    if data.labels is not None:
        _rule(len(data.labels) == len(data.source), "labels and items differ in number", f"{len(data.source)} labels")
    for name, change in modality.augmentations.items() if isinstance(modality, Augmented) else ():
        check_view(change, real[: count - count % 2], data.spec, f"augmentation '{name}'")
    for g, d in zip(modality.generators.values(), modality.discriminators.values(), strict=False):
        _check_built(g, d, data)


def _check_built(g: Callable[..., nn.Module], d: Callable[..., nn.Module], data: Data) -> None:
    torch.manual_seed(0)
    check_nets(g(data.spec), d(data.spec), data.spec.shape)


def _rule(holds: bool, given: str, expected: str) -> None:
    if not holds:
        raise PluginError(given, expected, "see multigan.types for the contract")

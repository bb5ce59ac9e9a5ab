"""Nets that know nothing of MultiGAN, as its generators: models of one's own, which are finished here."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import torch
from pydantic import ConfigDict, Field, TypeAdapter
from safetensors import SafetensorError
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError, RecipeError
from multigan.core.plain import words_of
from multigan.core.returned import shown
from multigan.core.tensor_file import load_tensors
from multigan.core.types import Latent, Spec
from multigan.nets.autoencoder import LARGEST, SMALLEST, Autoencoder, FlowLayers
from multigan.nets.flow import Flow
from multigan.nets.programs import Program, program_of
from multigan.nets.sizes import Size, SizeOrNone

__all__ = ["ForeignAutoencoder", "ForeignGenerator", "ForeignTranslator", "check_weights", "foreign_builder"]

SPECS = ("spec", "source")
PROBE = 2
Spread = Annotated[float, Field(gt=0, le=10)]


class _Foreign(nn.Module):
    """A model of one's own, that may go on from weights in a file.

    A trained one is built again without: its weights are a checkpoint's, or a generator's.
    """

    begins_by = ("weights",)
    net: nn.Module
    program: Program | None = None
    weights = ""

    def begin(self) -> None:
        """Take the weights of the file, where one is named.

        Raises:
            RecipeError: it cannot be read, or holds those of another model.
        """
        if self.program is not None and self.weights:
            found = _read(self.weights)
            _compare(self.program, self.net, self.weights, found)
            self.net.load_state_dict(found)


class ForeignTranslator(_Foreign):
    """`net(source)`: a model that is given an input.

    Args:
        net: the model; it is called with inputs alone.

    Source: the adapter pattern; that a model trained elsewhere is finished by an adversary: Ledig et al. 2017 (SRGAN),
        section 3.2.
    """

    latent = Latent((0,))

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, ...)` -> samples; z is empty."""
        made: Tensor = self.net(source)
        return made


class ForeignGenerator(_Foreign):
    """`net(z)`: a decoder.

    Args:
        net: the model; it is called with z alone.
        nz: size of z.

    Source: Goodfellow et al. 2014, section 3.
    """

    def __init__(self, net: nn.Module, nz: int) -> None:
        super().__init__()
        self.net, self.latent = net, Latent((nz,))

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` -> samples."""
        made: Tensor = self.net(z)
        return made


class ForeignAutoencoder(_Foreign, Autoencoder):
    """A model with an encoder and a decoder, and the map between noise and its codes.

    An encoder that gives one tensor gives the mean of a code, whose deviation is then `spread`; one that gives two
    gives mean and logarithm of the variance.

    Args:
        net: the model, with `encode` and `decode`, or `encoder` and `decoder`.
        flow: z to codes.
        shape: of one code, as the decoder takes it.
        spread: deviation of codes that have none of their own.

    Source: Kingma & Welling 2014 (VAE), section 2.3 and appendix C.
    """

    def __init__(self, net: nn.Module, flow: Flow, shape: Sequence[int], spread: float) -> None:
        nn.Module.__init__(self)
        self.net, self.flow, self.shape, self.spread = net, flow, tuple(shape), spread
        self.latent = Latent((int(torch.Size(shape).numel()),))

    def encode(self, x: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Samples to mean and log deviation of their codes, each `(batch, nz)`."""
        mean, log_variance = _two(_half(self.net, "encode")(x))
        mean = mean.flatten(1)
        if log_variance is None:
            return mean, torch.full_like(mean, self.spread).log()
        return mean, (log_variance.flatten(1) / 2).clamp(SMALLEST, LARGEST)

    def decode(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes `(batch, nz)` to samples."""
        samples: Tensor = _half(self.net, "decode")(code.unflatten(1, self.shape))
        return samples


def foreign_builder(name: str) -> Callable[..., nn.Module]:
    """A builder as MultiGAN's own: `build(spec, source=None, *, options)` of the function that a net's name says.

    Its options are those of the function, and `nz` (a decoder's), `spread` and `flow`, `flow_width` (an autoencoder's),
    `weights` (a safetensors file).

    Raises:
        RecipeError: no such file or function.
    """
    program = program_of(name)
    taken = _parameters(program)
    own = [one for one in taken if one.name not in SPECS and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    given = [one.name for one in taken if one.name in SPECS]

    def build(spec: Spec, source: Spec | None = None, **options: Any) -> nn.Module:
        chosen = {one.name: options[one.name] for one in own if one.name in options}
        specs = {key: value for key, value in zip(SPECS, (spec, source), strict=True) if key in given}
        net = _built(program, {**specs, **chosen})
        rest = {key: options[key] for key in ("nz", "spread", "flow", "flow_width") if key in options}
        wrapped = _wrapped(program, net, spec, source, **rest)
        wrapped.program, wrapped.weights = program, options.get("weights", "")
        return wrapped

    ours = inspect.signature(_options).parameters
    names = {one.name for one in own}
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    parameters += [one for key, one in ours.items() if key not in names]
    positional = list(inspect.signature(build).parameters.values())[:2]
    build.__signature__ = inspect.Signature([*positional, *parameters])  # type: ignore[attr-defined]
    hints = {one.name: _hint(program, one) for one in own if one.annotation is not one.empty}
    build.__annotations__ = {**_options.__annotations__, **hints}
    return build


def _parameters(program: Program) -> list[inspect.Parameter]:
    """What the function takes."""
    wanted, fix = "a function or a class that builds a torch.nn.Module", "write def build(): return MODEL"
    if isinstance(program.function, nn.Module):
        given = f"{program.place}: {program.name} is a {shown(program.function)}, a model and not what builds one"
        raise RecipeError(given, wanted, fix)
    try:
        return list(inspect.signature(program.function).parameters.values())
    except Exception as error:
        given = f"{program.place}: what {program.name} takes cannot be told: {words_of(error)}"
        raise RecipeError(given, wanted, fix) from error


def _hint(program: Program, one: inspect.Parameter) -> Any:
    """The type that a parameter's annotation means in its file."""

    def bare() -> None: ...

    function: Any = program.function
    while isinstance(function, partial):
        function = function.func
    names = getattr(function, "__globals__", None) or vars(sys.modules[function.__module__])
    bare.__annotations__ = {one.name: one.annotation}
    try:
        hint = get_type_hints(bare, names, include_extras=True)[one.name]
        TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
    except Exception as error:
        given = f"{program.place}: the annotation of {program.name}'s '{one.name}': {words_of(error)}"
        raise RecipeError(given, "a type that can be checked", "correct it, or leave it out") from error
    return hint


def _options(
    *, nz: SizeOrNone = 0, spread: Spread = 0.05, flow: FlowLayers = 4, flow_width: Size = 64, weights: str = ""
) -> None:
    """What any of these nets takes beside the options of its function."""


def _built(program: Program, options: dict[str, Any]) -> nn.Module:
    wanted = "a torch.nn.Module"
    try:
        net = program.function(**options)
    except MultiGANError:
        raise
    except (Exception, SystemExit) as error:
        _let_pass(error)
        given = f"{program.place}: {program.name} raises {words_of(error)}"
        raise RecipeError(given, wanted, "correct it, or give its options in [G]", key=["net"]) from error
    if not isinstance(net, nn.Module):
        given = f"{program.place}: {program.name} gives {shown(net)}"
        raise RecipeError(given, wanted, "return the model", key=["net"])
    try:
        for module in net.modules():
            module.state_dict()
    except Exception as error:
        given = f"{program.place}: {program.name} gives {shown(net)}, whose weights cannot be told: {words_of(error)}"
        raise RecipeError(given, wanted, "call super().__init__() first in each __init__", key=["net"]) from error
    return net


def _let_pass(error: BaseException) -> None:
    """What a model raises that is only counted, without memory, is no fault of it: not every model can be built so."""
    if isinstance(error, Exception) and torch.empty(0).is_meta:
        raise error


def _wrapped(  # noqa: PLR0913  (each is an option of the recipe)
    program: Program,
    net: nn.Module,
    spec: Spec,
    source: Spec | None,
    *,
    nz: int = 0,
    spread: float = 0.05,
    flow: int = 4,
    flow_width: int = 64,
) -> _Foreign:
    """The model as a generator, tried once."""
    if source is not None:
        _check(program, net, f"inputs {source.shape}", lambda: net(torch.zeros(PROBE, *source.shape)), spec)
        return ForeignTranslator(net)
    if _has(net):
        shape = _code(program, net, spec).shape[1:]
        _check(program, net, f"codes {tuple(shape)}", lambda: _half(net, "decode")(torch.zeros(PROBE, *shape)), spec)
        return ForeignAutoencoder(net, Flow(shape.numel(), flow, flow_width, 0, 0.0), shape, spread)
    if not nz:
        given = f"{program.place}: a model without encoder, and no [input]"
        raise RecipeError(given, "the size of z that it takes", "write nz = 64 in [G]", key=["net"])
    _check(program, net, f"z ({nz},)", lambda: net(torch.zeros(PROBE, nz)), spec)
    return ForeignGenerator(net, nz)


def _has(net: nn.Module) -> bool:
    return all(callable(getattr(net, half, None)) or callable(getattr(net, f"{half}r", None)) for half in HALVES)


HALVES = ("encode", "decode")


def _half(net: nn.Module, name: str) -> Callable[[Tensor], Any]:
    """`net.encode` or `net.encoder`, `net.decode` or `net.decoder`."""
    own = getattr(net, name, None)
    found: Callable[[Tensor], Any] = own if callable(own) else getattr(net, f"{name}r")
    return found


def _two(code: Any) -> tuple[Tensor, Tensor | None]:
    """Mean, and logarithm of the variance where there is one."""
    if isinstance(code, tuple | list) and len(code) > 1 and isinstance(code[1], Tensor):
        return (code[0], code[1]) if code[1].shape == code[0].shape else (code[0], None)
    return (code[0] if isinstance(code, tuple | list) else code), None


def _code(program: Program, net: nn.Module, spec: Spec) -> Tensor:
    """Means of the codes of zeros."""
    of = f"samples {spec.shape}"
    code = _tried(program, net, of, lambda: _half(net, "encode")(torch.zeros(PROBE, *spec.shape)))
    mean, log_variance = _two(code) if not isinstance(code, tuple | list) or code else (None, None)
    parts = [part for part in (mean, log_variance) if part is not None]
    if not isinstance(mean, Tensor) or mean.dim() < 2 or len(mean) != PROBE or not mean.numel():
        got = _kind(mean if isinstance(mean, Tensor) else code)
    elif odd := [part for part in parts if part.dtype != torch.float32]:
        got = _kind(odd[0])
    else:
        return mean
    given = f"{program.place}: the encoder makes {got} of {PROBE} {of}"
    wanted = f"codes ({PROBE}, ...) of float32, or a tuple of such: mean and logarithm of the variance"
    raise RecipeError(given, wanted, "correct it", key=["net"])


def _kind(value: object) -> str:
    """As `shown`, with the type of a tensor's numbers."""
    return f"{shown(value)} of {str(value.dtype).removeprefix('torch.')}" if isinstance(value, Tensor) else shown(value)


def _tried(program: Program, net: nn.Module, of: str, call: Callable[[], Any]) -> Any:
    """What a call gives on zeros, in evaluation mode and without a trace of it."""
    training = {module: module.training for module in net.modules()}
    try:
        net.eval()
        with torch.no_grad():
            return call()
    except (Exception, SystemExit) as error:
        _let_pass(error)
        given = f"{program.place}: the model raises on {of}: {words_of(error)}"
        wanted = f"a model that takes ({PROBE}, ...) of these, float32"
        raise RecipeError(given, wanted, "correct it", key=["net"]) from error
    finally:
        for module, was in training.items():
            module.training = was


def _check(program: Program, net: nn.Module, of: str, call: Callable[[], Any], spec: Spec) -> None:
    made = _tried(program, net, of, call)
    if not isinstance(made, Tensor) or made.shape != (PROBE, *spec.shape) or made.dtype != torch.float32:
        given = f"{program.place}: the model makes {_kind(made)} of {PROBE} {of}"
        wanted = f"a tensor {(PROBE, *spec.shape)} of float32, samples of the data"
        raise RecipeError(given, wanted, "correct it", key=["net"])


def check_weights(name: str, options: Mapping[str, Any]) -> None:
    """Refuse weights before data is read: the file, and what is in it where the model does not depend on the data.

    Args:
        name: of the net.
        options: checked ones, as `foreign_builder` takes them.

    Raises:
        RecipeError: `weights` cannot be used.
    """
    if not options.get("weights"):
        return
    found, program = _read(options["weights"]), program_of(name)
    taken = inspect.signature(program.function).parameters
    if not set(SPECS) & set(taken):
        chosen = {key: value for key, value in options.items() if key in taken}
        _compare(program, _without_memory(program, chosen), options["weights"], found)


def _without_memory(program: Program, options: dict[str, Any]) -> nn.Module:
    """The model, to be looked at."""
    with suppress(Exception), torch.device("meta"):  # not every model can be built there
        return _built(program, options)
    return _built(program, options)


def _read(weights: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file.

    Raises:
        RecipeError: there is none, or a value in it is not finite.
    """
    path = Path(weights).expanduser()
    wanted, fix = "a safetensors file", "save_file(model.state_dict(), FILE)"
    if path.is_dir():
        raise RecipeError(f"G.weights = '{weights}': it is a folder", wanted, "name a file in it", key=["weights"])
    try:
        found = load_tensors(path)
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else words_of(error)
        raise RecipeError(f"G.weights = '{weights}': {why}", wanted, fix, key=["weights"]) from error
    for key, value in found.items():
        if (value.is_floating_point() or value.is_complex()) and not bool(value.to(torch.complex128).isfinite().all()):
            given = f"G.weights = '{weights}': {key} holds NaN or infinity"
            raise RecipeError(given, "finite weights", "name another file", key=["weights"])
    return found


def _compare(program: Program, net: nn.Module, weights: str, found: Mapping[str, Tensor]) -> None:
    """Names, shapes and kinds of a file's tensors against those of the model."""
    own = net.state_dict()
    both = [(key, value, own[key]) for key, value in found.items() if key in own]
    wrong = [
        *(f"{key} is missing" for key in own if key not in found),
        *(f"{key} is none of the model's" for key in found if key not in own),
        *(
            f"{key} is {tuple(value.shape)} where the model of {program.place} has {tuple(mine.shape)}"
            for key, value, mine in both
            if value.shape != mine.shape
        ),
        *(
            f"{key} is {value.dtype} where the model of {program.place} has {mine.dtype}"
            for key, value, mine in both
            if value.is_floating_point() != mine.is_floating_point()
        ),
    ]
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        wanted = "the weights of that model"
        raise RecipeError(f"G.weights = '{weights}': {wrong[0]}{more}", wanted, "name another file", key=["weights"])

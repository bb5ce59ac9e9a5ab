"""What is asked of a generator's net: its latent, fakes for drawn noise, and, of one that writes, tokens."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.returned import Maker, refuse, shown
from multigan.core.types import Latent

__all__ = [
    "Begins",
    "Encoding",
    "Forgetting",
    "GeneratorNet",
    "Hearing",
    "Lasting",
    "Reading",
    "Reweighted",
    "Schooled",
    "Sharing",
    "Steerable",
    "Steered",
    "Steering",
    "Telling",
    "Writer",
    "asked",
    "draw_fakes",
    "encoding_of",
    "latent_of",
    "likely_of",
    "writer_of",
]


@runtime_checkable
class GeneratorNet(Protocol):
    """A net (an `nn.Module`) from noise to D's space."""

    latent: Latent

    def __call__(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """Map z `(batch, *latent.shape)` to fakes in D's space; noise beyond z comes from `draw`.

        A translator also takes `source=`, its inputs `(batch, ...)`.
        """
        ...


@runtime_checkable
class Reading(Protocol):
    """A net that says how likely tokens are."""

    def logits(self, tokens: Tensor) -> Tensor:
        """Logits `(batch, length, vocab)` of tokens `(batch, length)`, each given those before it.

        A translator also takes `source=`, its inputs `(batch, ...)`; so does `sample` of one that writes.
        """
        ...


@runtime_checkable
class Writer(Reading, Protocol):
    """A generator of tokens, one after the other."""

    def sample(
        self,
        n: int,
        draw: Draw,
        *,
        z: Tensor | None = None,
        prefix: Tensor | None = None,
        temperature: float | None = None,
    ) -> Tensor:
        """Exact draws: int64 `(n, length)`, after the tokens of `prefix` `(n, shorter)` where one is given."""
        ...


@runtime_checkable
class Telling(Protocol):
    """A generator of tokens that tells by which states it foresees them.

    Attributes:
        width: numbers of a state.
        out: makes logits of states, all at once or at some places alone.
    """

    width: int
    out: nn.Module

    def states(self, tokens: Tensor) -> Tensor:
        """States `(batch, length, width)` of tokens `(batch, length)`, each given those before it."""
        ...


@runtime_checkable
class Begins(Protocol):
    """A generator that may go on from weights that lie elsewhere.

    Attributes:
        begins_by: names of the options that say so; a trained one is built again without them.
    """

    begins_by: tuple[str, ...]

    def begin(self) -> None:
        """Take the weights, where its options name some."""
        ...


@runtime_checkable
class Forgetting(Protocol):
    """A translator that has learnt to write without an input as well.

    Attributes:
        forget: share of inputs that were withheld while it trained; 0 = it has not.
    """

    forget: float

    def nothing(self, source: Tensor) -> Tensor:
        """What it is given in place of inputs `(n, ...)` that it is not to know."""
        ...


@runtime_checkable
class Sharing(Protocol):
    """A translator that can have most of its weights in common with that of the other way."""

    def share(self, other: Any) -> None:
        """Have the weights of `other`, a net of the same class, but for what tells the two sides apart."""
        ...


class Steering(Protocol):
    """What keeps texts that are drawn side by side in the form that was asked for."""

    def narrowed(self, logits: Tensor, place: int) -> Tensor:
        """Logits `(n, vocab)` for a place, counted from 0: -inf where a token may not stand there; some may, always."""
        ...

    def took(self, tokens: Tensor) -> None:
        """Go on with what was drawn there, `(n,)`."""
        ...


@dataclass(frozen=True)
class Steered:
    """A form that samples are asked to have.

    Attributes:
        begin: gives the `Steering` of so many samples.
        said: what was asked, for labels.
    """

    begin: Callable[[int], Steering]
    said: Mapping[str, str]


@runtime_checkable
class Steerable(Protocol):
    """A generator of tokens whose draws keep to `steered`, where that is not None."""

    steered: Steered | None


@runtime_checkable
class Encoding(Protocol):
    """A generator with an encoder: `G(z) = decode(to_code(z))`, and samples have codes.

    z is standard normal; a code is what encoder and decoder speak of. The two are mapped one to one, so that a sample
    has a z as well.
    """

    latent: Latent

    def encode(self, x: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log deviation of the codes of samples x `(batch, ...)`, each `(batch, *latent.shape)`."""
        ...

    def decode(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes `(batch, *latent.shape)` to samples in D's space."""
        ...

    def to_code(self, z: Tensor, cond: Tensor | None = None) -> Tensor:
        """The code of z, both `(batch, *latent.shape)`."""
        ...

    def to_z(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """The z of a code: the inverse of `to_code`."""
        ...

    def surprise(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """`-log p(code)` of codes that are not drawn from data but from z, in nats: `(batch,)`."""
        ...


@runtime_checkable
class Schooled(Encoding, Protocol):
    """An encoding whose map of z to codes descends something else than its surprise."""

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the map descends of codes `(batch, *latent.shape)` that carry no gradient: `(batch,)`."""
        ...


@runtime_checkable
class Hearing(Encoding, Protocol):
    """A schooled encoding whose map is told more of samples than their codes say, as where their beats lie."""

    def lesson_of(self, x: Tensor, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the map descends of codes, which carry no gradient, of samples x `(batch, ...)`: `(batch,)`."""
        ...


@runtime_checkable
class Expecting(Encoding, Protocol):
    """An encoding whose codes leave something to chance, as what hisses, and which knows what there is on average."""

    def decode_expected(self, code: Tensor, cond: Tensor | None = None) -> tuple[Tensor, object]:
        """Codes to samples without what is left to chance, and what the method `expected` of a term is told of that."""
        ...


@runtime_checkable
class Lasting(Protocol):
    """A generator of sounds of any length, or of whatever else goes on.

    Further keyword-only parameters of `lasting` are options of `generate --seconds`.
    """

    def lasting(self, draw: Draw, cond: Tensor | None = None) -> Iterator[Tensor]:
        """Pieces `(1, channels, any length)` that follow each other without end; what is held does not grow."""
        ...


@runtime_checkable
class Reweighted(Protocol):
    """A generator's net with weights on its samples: a density that is the net's times the weight, over a constant.

    Attributes:
        plain: the net.
    """

    plain: nn.Module

    def log_weight(self, x: Tensor) -> Tensor:
        """Log weights `(batch,)`, at most 0, of samples `(batch, *shape)` in D's space."""
        ...


def latent_of(net: nn.Module) -> Latent:
    """The distribution of a generator's z.

    Raises:
        PluginError: the net does not tell it.
    """
    latent = getattr(net, "latent", None)
    if isinstance(latent, Latent):
        return latent
    given = f"{type(net).__name__} has latent = {latent!r}"
    raise PluginError(given, "a multigan.Latent", "write self.latent = multigan.Latent((nz,)) in its __init__")


def draw_fakes(
    net: nn.Module,
    n: int,
    draw: Draw,
    cond: Tensor | None = None,
    source: Tensor | None = None,
    *,
    besides: Draw | None = None,
    change: Callable[[Tensor], Tensor] | None = None,
) -> Tensor:
    """Fakes `(n, *shape)` in D's space, for z that is drawn here.

    Args:
        net: any generator.
        n: how many.
        draw: gives z.
        cond: labels `(n,)`, or None.
        source: inputs `(n, ...)` of a translator; None = the net is called without.
        besides: gives what the net draws besides z; None = `draw`.
        change: what is done to z `(n, *latent.shape)` before G sees it.

    Raises:
        PluginError: the net gives something else.
    """
    z = latent_of(net).sample(n, draw)
    z = z if change is None else change(z)
    more = {} if source is None else {"source": source}
    fakes = net(z, cond, besides or draw, **more)
    if isinstance(fakes, Tensor) and fakes.shape[:1] == (n,):
        return fakes
    raise refuse(Maker("generator", "", net), f"gives {shown(fakes)}", f"fakes in D's space: a tensor ({n}, ...)")


def asked(source: Tensor | None) -> dict[str, Any]:
    """The keyword `source` for `logits` and `sample` of nets that are given inputs; none for others."""
    return {} if source is None else {"source": source}


def likely_of(net: nn.Module) -> Reading:
    """The net as one that says how likely tokens are.

    Raises:
        PluginError: it does not.
    """
    if isinstance(net, Reading):
        return net
    raise PluginError(f"{type(net).__name__} has no likelihood", "a net with logits", "use the net 'lstm'")


def writer_of(net: nn.Module) -> Writer:
    """The net as one that writes.

    Raises:
        PluginError: it does not.
    """
    if isinstance(net, Writer):
        return net
    raise PluginError(f"{type(net).__name__} writes no tokens", "a net with logits and sample", "use the net 'lstm'")


def encoding_of(net: nn.Module) -> Encoding:
    """The net as one with an encoder.

    Raises:
        RecipeError: it has none.
    """
    if isinstance(net, Encoding):
        return net
    given = f"{type(net).__name__} has no encoder"
    wanted, fix = "a generator with encode and decode", "type --set G.net=autoencoder"
    raise RecipeError(given, wanted, fix, key=("G", "net"), whole=True)

"""The words that all parts share: tensor aliases with shapes, the batch, the data and the protocols."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isfunction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar, get_type_hints, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor, nn

from multigan.core.draw import Draw

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from multigan.core.inputs import Inputs

__all__ = [
    "Augmentation",
    "Augments",
    "Batch",
    "Critique",
    "Data",
    "DiscriminatorNet",
    "Game",
    "Gauge",
    "Image",
    "Items",
    "Latent",
    "Logits",
    "Loss",
    "Modality",
    "Objective",
    "Penalty",
    "PerSample",
    "Pictures",
    "Reshaping",
    "SoftTokens",
    "Spec",
    "Stateful",
    "Tempered",
    "Tokens",
    "View",
    "Watching",
    "Wave",
    "able",
    "as_critique",
    "members_of",
]

A = TypeVar("A")

Image: TypeAlias = Float[Tensor, "batch channels height width"]  # in [-1, 1]
Wave: TypeAlias = Float[Tensor, "batch channels samples"]  # in [-1, 1] at spec.meta["sample_rate_hz"]
Tokens: TypeAlias = Int[Tensor, "batch length"]  # vocabulary indices
SoftTokens: TypeAlias = Float[Tensor, "batch length vocab"]  # rows on the simplex; one-hot when real
Logits: TypeAlias = Float[Tensor, "batch *patch"]  # unbounded: no sigmoid anywhere
PerSample: TypeAlias = Float[Tensor, " batch"]


class Batch(NamedTuple):
    """One batch in D's space.

    Attributes:
        real: what D sees, first axis = samples of this process.
        cond: class labels, int64 `(batch,)`, or None where the data or the recipe has none.
        source: what G is given of each sample (label map, noisy wave, prompt), or None where it starts from noise.
    """

    real: Tensor
    cond: Tensor | None = None
    source: Tensor | None = None


class Critique(NamedTuple):
    """What D says of a batch.

    Attributes:
        logits: one tensor `(batch, *patch)` per head; a plain D has one head of shape `(batch,)`.
        features: activations for feature matching, outermost first; may be empty.
    """

    logits: tuple[Tensor, ...]
    features: tuple[Tensor, ...] = ()


def as_critique(out: "Tensor | Critique") -> Critique:
    """Let a D return a bare logits tensor `(batch, *patch)` where it has one head and no features."""
    return out if isinstance(out, Critique) else Critique((out,))


class Latent(NamedTuple):
    """The distribution of z.

    Attributes:
        shape: shape of one z; `(0,)` for a generator that draws all its noise elsewhere.
        kind: `"normal"` (standard) or `"uniform"` in [-1, 1).
    """

    shape: tuple[int, ...]
    kind: str = "normal"

    def sample(self, batch: int, draw: Draw) -> Tensor:
        """Draw z of shape `(batch, *shape)`."""
        if self.kind == "uniform":
            return draw.uniform("z", (batch, *self.shape)) * 2 - 1
        return draw.normal("z", (batch, *self.shape))


@runtime_checkable
class Tempered(Protocol):
    """A net that draws from probabilities, whose logits are divided by `temperature`."""

    temperature: float


@runtime_checkable
class Nuclear(Protocol):
    """A net that draws from probabilities: in use, from the likeliest tokens whose shares reach `top_p` together."""

    top_p: float


@runtime_checkable
class DiscriminatorNet(Protocol):
    """A net (an `nn.Module`) from D's space to logits; `draw` feeds dropout or phase shuffle, None is off."""

    def __call__(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor | Critique:
        """Map x `(batch, ...)` to logits `(batch, *patch)` or a `Critique`."""
        ...


Penalty: TypeAlias = Callable[..., Tensor]
"""`penalty(D, real, fake, cond, draw, **options) -> (batch,)`: per-sample values; D is any DiscriminatorNet."""

Objective: TypeAlias = Callable[..., Tensor]
"""`objective(G, batch, draw) -> (batch,)`: a loss for G without D, such as maximum likelihood."""

Augmentation: TypeAlias = Callable[[Tensor, Draw], Tensor]
"""`augmentation(x, draw) -> x'`: changes every sample `(batch, ...)` at random, differentiably in x, shape kept."""

Gauge: TypeAlias = Callable[[nn.Module, Tensor], Mapping[str, float]]
"""`gauge(G, fake) -> vitals`: a modality's own, of the averaged G in evaluation mode and its fakes in D's space."""


@runtime_checkable
class View(Protocol):
    """What D sees of samples in place of them; reals and fakes pass through the same views."""

    def __call__(self, x: Tensor, draw: Draw, /) -> Tensor:
        """x `(batch, ...)` -> what D gets, differentiable in x; all randomness comes from `draw`."""
        ...


@runtime_checkable
class Reshaping(Protocol):
    """A view that makes one sample of several; D is built for that one.

    Attributes:
        samples: how many become one; every batch must be divisible by it.
    """

    samples: int

    def spec(self, spec: "Spec") -> "Spec":
        """What D sees of samples like `spec`."""
        ...


@runtime_checkable
class Watching(Protocol):
    """A view that follows D's opinion of reals."""

    def observe(self, margins: Tensor, draw: Draw) -> None:
        """Take note of D's verdicts `(batch, *patch)` in a turn of D: above 0 = taken for real."""
        ...

    def report(self) -> Mapping[str, Tensor]:
        """Scalars to log."""
        ...


@runtime_checkable
class Stateful(Protocol):
    """A term or view (an `nn.Module`) whose buffers live across steps.

    What a turn observes is summed in non-persistent buffers; the engine averages all buffers over processes after the
    player's update and then calls `settle`. So several processes, or several micro-batches, equal one large batch.
    """

    def settle(self) -> None:
        """Take the observations of the turn into the state, and forget them."""
        ...


class Loss(NamedTuple):
    """A scalar to descend, with its named parts (detached scalars such as `loss/D`, `penalty/r1`, `logits/real`)."""

    total: Tensor
    parts: Mapping[str, Tensor]


@runtime_checkable
class Game(Protocol):
    """Who plays and for what. The engine knows nothing else of a method.

    Attributes:
        players: the trainable nets by player name. A player is whoever descends one loss, with one net or with two.
        turns: loss by turn name, `(player, loss_function)`.
        kept: names of the players that are averaged, the first of which is what people keep.
        uncounted: names of the turns that spend no samples of a phase's budget.
        memory: optional; an `nn.Module` whose buffers are the state of terms and views (see `Stateful`).
    """

    players: Mapping[str, nn.Module]
    turns: Mapping[str, tuple[str, Callable[[Batch, Draw], Loss]]]
    kept: tuple[str, ...]
    uncounted: tuple[str, ...]

    def round(self, n_critic: int) -> tuple[str, ...]:
        """The turns of one iteration of the last phase, in order; `n_critic` is the recipe's."""
        ...

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many fakes as the batch has reals, with its labels: `(batch, *shape)`."""
        ...

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """D's critique of x `(batch, *shape)`, reals or fakes, with the labels and inputs of the batch."""
        ...

    def after(self, player: str) -> None:
        """Constrain a player's parameters just after its optimizer stepped (weight clipping); settle its memory."""
        ...


@runtime_checkable
class Items(Protocol):
    """Raw items that can be fetched by number; a uint8/int tensor wrapped, or files read on demand.

    An optional attribute `groups`, int64 `(n,)`, names items that belong together (slices of one file, a picture and
    its mirror image): they are held out together or not at all. Another, `mirrored`, bool `(n,)`, names mirror images.
    """

    def __len__(self) -> int:
        """Number of items."""
        ...

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Raw items (any dtype) for int64 `indices`; crops and the like come from `draw`. Thread-safe."""
        ...


@dataclass(frozen=True)
class Spec:
    """What one sample is. Plain data: it is saved as JSON with every generator.

    Attributes:
        modality: name of the plugin.
        shape: shape of one sample in D's space, without the batch axis.
        classes: class names, index = label; empty when unlabelled.
        meta: what decoding needs (`sample_rate_hz`, `vocabulary`, ...), JSON values only.
        channel_axis: the axis of `shape` along which samples can be joined for D (the view `pack`).
    """

    modality: str
    shape: tuple[int, ...]
    classes: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    channel_axis: int = 0


@dataclass(frozen=True)
class Data:
    """A data set, ready to train on.

    Attributes:
        items, spec, labels: the raw items, what one sample is, and int64 `(n,)` on the CPU, or None.
        report: lines for people: what was read, changed, rejected and why.
        files: what items were read from, in order, to resume by; empty where none, or where all files at `root` count.
        root: the folder or file that was given, to which names of `files` are relative.
        names: in order, of the groups of items (see `Items`) or else of the items: by these, inputs find targets.
        inputs: what G is given of each item; None = it starts from noise alone.
        settled: options of `data` that were left open, as they came out: a run keeps them, whatever files are added.
        alike: int64 `(n,)`, equal where files are byte for byte the same: those are held out together; None = unknown.
        places: where each item stands, as `talk.tsv:638`, where many stand in one file; empty = not known.
    """

    items: Items
    spec: Spec
    labels: Tensor | None = None
    report: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    root: Path | None = None
    names: tuple[str, ...] = ()
    inputs: "Inputs | None" = None
    settled: Mapping[str, object] = field(default_factory=dict)
    alike: Tensor | None = None
    places: tuple[str, ...] = ()


@runtime_checkable
class Modality(Protocol):
    """The adapter between files and tensors: all that a plugin must offer; `multigan.Adapter` has defaults for most.

    What it may offer beside stands in `multigan.plugins.abilities`.

    Attributes:
        multigan_api: the version of this contract that the plugin was made for.
        name: as in `modality = "image"`.
        summary: one line for `multigan modalities`.
        suffixes: file endings that this plugin reads, lower case with the dot.
        embedded: names of the data sets that need no files.
        generators: builders of G by name, `build(spec, *, option=default, ...) -> nn.Module`.
        discriminators: builders of D, likewise.
        objectives: losses for G without D, for pre-training, by name.
        recipe_for_files: the recipe that `multigan train FOLDER_OR_FILE` picks.
        real_range: lowest and highest value in D's space, or None for no bound.
        unsupported: verbs that cannot work with it, each with the reason that people are told.
    """

    multigan_api: int
    name: str
    summary: str
    suffixes: tuple[str, ...]
    embedded: tuple[str, ...]
    generators: Mapping[str, Callable[..., nn.Module]]
    discriminators: Mapping[str, Callable[..., nn.Module]]
    objectives: Mapping[str, Objective]
    recipe_for_files: str
    real_range: tuple[float, float] | None
    unsupported: Mapping[str, str]

    def load(self, source: str, **options: Any) -> Data:
        """Read a data set: `source` is an embedded name, a file or a folder. Options are explicit keywords."""
        ...

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """Raw items `(batch, ...)` to D's space `(batch, *spec.shape)`, float32 on the items' device."""
        ...

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """G's output `(batch, *spec.shape)` to what people use: PIL images, strings, `(array, sample_rate_hz)`."""
        ...

    def save(
        self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str], **options: Any
    ) -> list[Path]:
        """Write rendered samples into an existing folder, one file each where that is usual; `label` = provenance.

        Options are explicit keywords; `multigan generate` takes each as a flag (`fade_in_ms` as `--fade-in-ms`).
        """
        ...

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """Write one overview file (grid PNG, list of texts, ...) at `path` plus this modality's suffix; return it."""
        ...

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Download-free features `(batch, dim)` of samples in D's space, for distances between sets."""
        ...


class Augments(Protocol):
    """A modality that also offers augmentations.

    Attributes:
        augmentations: by name.
        augmentation_policy: names of those that a recipe gets when it names none.
    """

    augmentations: Mapping[str, Augmentation]
    augmentation_policy: tuple[str, ...]


class Pictures(Protocol):
    """A modality whose samples can be looked at as pictures, by the convolutions of a classifier."""

    def picture(self, real: Tensor, spec: Spec) -> Tensor:
        """`(batch, *spec.shape)` -> `(batch, channels, height, width)`, values of about 1."""
        ...


def able(modality: object, ability: type[A]) -> "TypeIs[A]":
    """Whether a modality offers an ability: the one way to ask for more than the contract demands.

    It has every member of the protocol, and None is none: so a class can take back what its base offers.

    Args:
        modality: the plugin's object.
        ability: one of `multigan.plugins.abilities.ABILITIES`.
    """
    return all(getattr(modality, member, None) is not None for member in members_of(ability))


def members_of(protocol: type) -> tuple[str, ...]:
    """The public members that a protocol names, values first."""
    methods = [name for name, value in vars(protocol).items() if isfunction(value) and name[0] != "_"]
    return (*get_type_hints(protocol), *methods)

"""What a recipe may say: strict tables, checked without importing torch."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from multigan.core.plain import one_line
from multigan.recipe.numbers import Beta, Count, Finite, Fraction, NonNegative, Positive, Seed, Whole
from multigan.recipe.origin import Origin

__all__ = [
    "DataTable",
    "DiscriminatorTable",
    "GameTable",
    "GuardTable",
    "InputTable",
    "NetTable",
    "OptimTable",
    "PhaseTable",
    "PlayerOptim",
    "Recipe",
    "ReductionTable",
    "TermTable",
    "Train",
    "ViewTable",
]

OptimizerName = Literal["adam", "adamw", "sgd", "rmsprop"]


def _plain(text: str) -> str:
    if one_line(text) != text:
        raise PydanticCustomError("line", "one line of text without control characters")
    return text


Line = Annotated[str, AfterValidator(_plain)]
"""Words that are printed as they are."""
ScheduleName = Literal["constant", "linear", "cosine"]


class Strict(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Open(BaseModel):
    """A table whose further keys are options of what it names; the builder's signature checks them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    options: Mapping[str, Any] = {}

    @classmethod
    def own(cls) -> list[str]:
        """The keys that are no options."""
        return [name for name in cls.model_fields if name != "options"]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, table: Any) -> Any:
        if not isinstance(table, Mapping) or "options" in table:
            return table
        own = {name: value for name, value in table.items() if name in cls.model_fields}
        return {**own, "options": {name: value for name, value in table.items() if name not in own}}


class DataTable(Open):
    """`[data]`: where samples come from; further keys are options of the modality's loader."""

    source: str = Field(min_length=1)
    holdout: NonNegative | Literal["auto"] = "auto"


class ViewTable(Open):
    """One entry of `views`; further keys are options of its builder."""

    name: str


class InputTable(Open):
    """`[input]`: what G is given; further keys are options of the modality's loader that differ from `[data]`.

    With neither `source` nor `degrade`, `data.source` holds both sides. With `pairs = false`, inputs and targets are
    two sets of which no item belongs to any other, and `judged` is false.
    """

    source: Annotated[str, Field(min_length=1)] | None = None
    degrade: tuple[ViewTable, ...] = ()
    pairs: Literal["auto", True, False] = "auto"
    judged: bool = True
    swap: bool = False

    @model_validator(mode="before")
    @classmethod
    def _unjudged(cls, table: Any) -> Any:
        unpaired = isinstance(table, Mapping) and table.get("pairs") is False
        return {"judged": False, **table} if unpaired else table


class NetTable(Open):
    """`[G]` or `[D]`: a net by name; further keys are options of its builder."""

    net: str


class DiscriminatorTable(NetTable):
    """`[D]`: a net as in `[G]`, with what can be done to any D."""

    spectral_norm: bool = False


class ReductionTable(Open):
    """`reduction`: how G's per-sample losses become one number; further keys are its options."""

    name: str = "mean"


class TermTable(Open):
    """One entry of `penalties`, `matching` or `constraints`; further keys are options of the function."""

    name: str
    weight: Finite | Literal["auto"] = 1.0
    every: Count = 1


class GameTable(Open):
    """`[game]`: how players play; further keys are options of the game."""

    name: str = "adversarial"
    loss: str = "relativistic"
    penalties: tuple[TermTable, ...] = ()
    matching: tuple[TermTable, ...] = ()
    constraints: tuple[TermTable, ...] = ()
    label_smoothing: Beta = 0.0
    conditional: bool | Literal["auto"] = False
    views: tuple[ViewTable, ...] = ()
    reduction: ReductionTable = ReductionTable()
    fakes: Literal["fresh", "reused"] = "fresh"


class PlayerOptim(Strict):
    """`[optim.NAME]` of a player, or a phase's settings: what differs from `[optim]`."""

    name: OptimizerName | None = None
    lr: Positive | None = None
    betas: tuple[Beta, Beta] | None = None
    eps: Positive | None = None
    weight_decay: NonNegative | None = None
    momentum: Beta | None = None
    schedule: ScheduleName | None = None
    final_lr_fraction: Fraction | None = None
    clip_norm: Positive | None = None


def _table(value: Any) -> Any:
    if not isinstance(value, Mapping | PlayerOptim):
        raise PydanticKnownError("extra_forbidden")
    return value


FurtherPlayer: TypeAlias = Annotated[PlayerOptim, BeforeValidator(_table)]


class OptimTable(Strict):
    """`[optim]`: how players learn. A table in it is a player's, by the name that the game gives it."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, FurtherPlayer] = Field(init=False)

    name: OptimizerName = "adam"
    lr: Positive = 2e-4
    betas: tuple[Beta, Beta] = (0.0, 0.99)
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.0
    momentum: Beta = 0.0
    schedule: ScheduleName = "cosine"
    final_lr_fraction: Fraction = 0.25
    clip_norm: Positive | None = None
    G: PlayerOptim = PlayerOptim()
    D: PlayerOptim = PlayerOptim()

    def for_player(self, player: str) -> dict[str, Any]:
        """The settings of one player, its own winning over the common ones."""
        own = self.players.get(player, PlayerOptim())
        return {**self.model_dump(exclude={*self.players}), **own.model_dump(exclude_none=True)}

    @property
    def players(self) -> dict[str, PlayerOptim]:
        """The settings of each player by name; `G` and `D` are always there."""
        return {"G": self.G, "D": self.D, **self.__pydantic_extra__}


class PhaseTable(PlayerOptim):
    """One entry of `[[phases]]`: what comes before the adversarial phase. `optimizer` stands for optim's `name`.

    With `patience` it ends after so many measurements in a row without a better likelihood of held-out items.
    """

    name: Annotated[str, Field(min_length=1), AfterValidator(_plain)]  # type: ignore[assignment]
    optimizer: OptimizerName | None = None
    turns: tuple[str, ...] = Field(min_length=1)
    samples: Count
    patience: Annotated[Count, Field(le=1000)] | None = None

    @model_validator(mode="after")
    def _likelihood_alone(self) -> Self:
        if self.patience and set(self.turns) != {"mle"}:
            raise PydanticCustomError("line", 'turns = ["mle"] beside patience, which is for likelihood alone')
        return self

    def optim_overrides(self) -> dict[str, Any]:
        """The optimizer settings that this phase changes."""
        changed = self.model_dump(exclude={"name", "optimizer", "turns", "samples", "patience"}, exclude_none=True)
        return {**changed, **({"name": self.optimizer} if self.optimizer else {})}


class Train(Strict):
    """`[train]`: how long, in real samples seen by D."""

    samples: Count = 200_000
    batch: Count = 64
    accumulate: Count = 1
    n_critic: Annotated[Count, Field(le=10_000)] = 1
    ema_halflife_samples: NonNegative = 10_000
    seed: Seed = 0
    precision: Literal["auto", "fast", "fp32", "bf16"] = "auto"
    device: str = "auto"
    sheets: Whole = 10
    checkpoints: Whole = 10
    vitals: Whole = 20
    tensorboard: bool = False
    report: bool = True
    loggers: tuple[str, ...] = ()


class GuardTable(Strict):
    """`[guard]`: what happens when a run falls ill."""

    action: Literal["stop", "rollback", "none"] = "stop"
    on: tuple[Literal["nan", "diverged", "collapsed"], ...] = ("nan",)
    times: Count = 3
    lr_factor: Annotated[Positive, Field(lt=1)] = 0.5


class Recipe(Strict):
    """A whole recipe."""

    title: Annotated[str, Field(min_length=1), AfterValidator(_plain)]
    summary: Line = ""
    modality: str
    cite: tuple[str, ...] = ()
    data: DataTable
    input: InputTable | None = None
    G: NetTable
    D: DiscriminatorTable
    game: GameTable = GameTable()
    optim: OptimTable = OptimTable()
    phases: tuple[PhaseTable, ...] = ()
    train: Train = Train()
    guard: GuardTable = GuardTable()
    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def unpaired(self) -> bool:
        """Whether inputs and targets are two sets without pairs, so that no output has a target."""
        return self.input is not None and self.input.pairs is False

    @property
    def origin(self) -> Origin:
        """Where each key was said, for messages; no part of what the recipe says."""
        return self._origin

    def said_in(self, origin: Origin) -> "Recipe":
        """This recipe, which was read there."""
        self._origin = origin
        return self

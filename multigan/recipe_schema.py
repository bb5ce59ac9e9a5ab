"""What a recipe may say: strict tables, checked without importing torch."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

__all__ = [
    "DataTable",
    "DiscriminatorTable",
    "GameTable",
    "GuardTable",
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
ScheduleName = Literal["constant", "linear", "cosine"]


class Strict(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Open(BaseModel):
    """A table whose further keys are options of what it names; the builder's signature checks them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    options: Mapping[str, Any] = {}

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
    holdout: Annotated[float, Field(ge=0)] | Literal["auto"] = "auto"


class NetTable(Open):
    """`[G]` or `[D]`: a net by name; further keys are options of its builder."""

    net: str


class DiscriminatorTable(NetTable):
    """`[D]`: a net as in `[G]`, with what can be done to any D."""

    spectral_norm: bool = False


class ViewTable(Open):
    """One entry of `views`; further keys are options of its builder."""

    name: str


class ReductionTable(Open):
    """`reduction`: how G's per-sample losses become one number; further keys are its options."""

    name: str = "mean"


class TermTable(Open):
    """One entry of `penalties`, `matching` or `constraints`; further keys are options of the function."""

    name: str
    weight: float | Literal["auto"] = 1.0
    every: PositiveInt = 1


class GameTable(Open):
    """`[game]`: how players play; further keys are options of the game."""

    name: str = "adversarial"
    loss: str = "relativistic"
    penalties: tuple[TermTable, ...] = ()
    matching: tuple[TermTable, ...] = ()
    constraints: tuple[TermTable, ...] = ()
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    conditional: bool | Literal["auto"] = False
    views: tuple[ViewTable, ...] = ()
    reduction: ReductionTable = ReductionTable()
    fakes: Literal["fresh", "reused"] = "fresh"


class PlayerOptim(Strict):
    """`[optim.G]`, `[optim.D]` or a phase's settings: what differs from `[optim]`."""

    name: OptimizerName | None = None
    lr: PositiveFloat | None = None
    betas: tuple[float, float] | None = None
    eps: PositiveFloat | None = None
    weight_decay: float | None = Field(None, ge=0)
    momentum: float | None = Field(None, ge=0, lt=1)
    schedule: ScheduleName | None = None
    final_lr_fraction: float | None = Field(None, ge=0, le=1)
    clip_norm: PositiveFloat | None = None


class OptimTable(Strict):
    """`[optim]`: how players learn."""

    name: OptimizerName = "adam"
    lr: PositiveFloat = 2e-4
    betas: tuple[float, float] = (0.0, 0.99)
    eps: PositiveFloat = 1e-8
    weight_decay: float = Field(0.0, ge=0)
    momentum: float = Field(0.0, ge=0, lt=1)
    schedule: ScheduleName = "cosine"
    final_lr_fraction: float = Field(0.25, ge=0, le=1)
    clip_norm: PositiveFloat | None = None
    G: PlayerOptim = PlayerOptim()
    D: PlayerOptim = PlayerOptim()

    def for_player(self, player: str) -> dict[str, Any]:
        """The settings of one player, its own winning over the common ones."""
        own = getattr(self, player, PlayerOptim())
        return {**self.model_dump(exclude={"G", "D"}), **own.model_dump(exclude_none=True)}


class PhaseTable(PlayerOptim):
    """One entry of `[[phases]]`: what comes before the adversarial phase. `optimizer` stands for optim's `name`."""

    name: str = Field(min_length=1)  # type: ignore[assignment]
    optimizer: OptimizerName | None = None
    turns: tuple[str, ...] = Field(min_length=1)
    samples: PositiveInt

    def optim_overrides(self) -> dict[str, Any]:
        """The optimizer settings that this phase changes."""
        changed = self.model_dump(exclude={"name", "optimizer", "turns", "samples"}, exclude_none=True)
        return {**changed, **({"name": self.optimizer} if self.optimizer else {})}


class Train(Strict):
    """`[train]`: how long, in real samples seen by D."""

    samples: PositiveInt = 200_000
    batch: PositiveInt = 64
    accumulate: PositiveInt = 1
    n_critic: PositiveInt = 1
    ema_halflife_samples: float = Field(10_000, ge=0)
    seed: int = Field(0, ge=0)
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    device: str = "auto"
    sheets: int = Field(10, ge=0)
    checkpoints: int = Field(10, ge=0)
    vitals: int = Field(20, ge=0)
    tensorboard: bool = False
    report: bool = True
    loggers: tuple[str, ...] = ()


class GuardTable(Strict):
    """`[guard]`: what happens when a run falls ill."""

    action: Literal["stop", "rollback", "none"] = "stop"
    on: tuple[Literal["nan", "diverged", "collapsed"], ...] = ("nan",)
    times: PositiveInt = 3
    lr_factor: float = Field(0.5, gt=0, lt=1)


class Recipe(Strict):
    """A whole recipe."""

    title: str = Field(min_length=1)
    summary: str = ""
    modality: str
    cite: tuple[str, ...] = ()
    data: DataTable
    G: NetTable
    D: DiscriminatorTable
    game: GameTable = GameTable()
    optim: OptimTable = OptimTable()
    phases: tuple[PhaseTable, ...] = ()
    train: Train = Train()
    guard: GuardTable = GuardTable()

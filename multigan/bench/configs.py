"""Losses and penalties that are compared: what each changes in a set's recipe."""

from dataclasses import dataclass

from multigan.core.registry import pick

__all__ = ["CONFIGS", "Config", "config"]

NO_PENALTIES = "game.penalties=[]"
WEAK = 4


@dataclass(frozen=True)
class Config:
    """One row of the table.

    Attributes:
        name: as in `--configs`.
        summary: what it is, in words.
        everywhere: overrides of the recipe.
        points: further overrides on sets of points.
        pictures: further overrides on stacked pictures.
        only_pictures: it needs nets that sets of points lack.
        weak_d: D's width is divided by 4.
    """

    name: str
    summary: str
    everywhere: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    only_pictures: bool = False
    weak_d: bool = False

    def overrides(self, *, pictures: bool, d_width: int) -> list[str]:
        """What it changes in a recipe whose D has `d_width`."""
        weak = [f"D.width={max(1, d_width // WEAK)}"] if self.weak_d else []
        return [*self.everywhere, *(self.pictures if pictures else self.points), *weak]


DCGAN = (
    NO_PENALTIES,
    "game.loss=non-saturating",
    "G.norm=batch",
    "D.norm=batch",
    "D.hidden=0",
    "optim.lr=2e-4",
    "optim.betas=[0.5, 0.999]",
    "optim.schedule=constant",
    "train.ema_halflife_samples=0",
)

_ALL = (
    Config("default", "the recipe as it ships: relativistic pairs, R1 and R2 (Jolicoeur-Martineau 2018, Huang 2024)"),
    Config("relativistic", "the same without penalties", (NO_PENALTIES, "game.loss=relativistic")),
    Config("non-saturating", "Goodfellow et al. 2014, no penalty", (NO_PENALTIES, "game.loss=non-saturating")),
    Config("non-saturating+r1+r2", "the same with the recipe's R1 and R2", ("game.loss=non-saturating",)),
    Config(
        "wasserstein+gp",
        "Gulrajani et al. 2017 with one turn of D for each of G; lambda 10, on points 0.1 as in their toy sets",
        ("game.loss=wasserstein",),
        ('game.penalties=[{name="gradient-penalty", weight=0.1}]',),
        ('game.penalties=[{name="gradient-penalty", weight=10.0}]',),
    ),
    Config("hinge", "Lim & Ye 2017, no penalty", (NO_PENALTIES, "game.loss=hinge")),
    Config("least-squares", "Mao et al. 2017, no penalty", (NO_PENALTIES, "game.loss=least-squares")),
    Config("dcgan", "Radford et al. 2016: BatchNorm, cross-entropy, its Adam", (), (), DCGAN, only_pictures=True),
    Config("dcgan+weak-D", "the same, D of a quarter of the width", (), (), DCGAN, only_pictures=True, weak_d=True),
    Config("default+weak-D", "the recipe, D of a quarter of the width", (), only_pictures=True, weak_d=True),
)

CONFIGS = {entry.name: entry for entry in _ALL}


def config(name: str) -> Config:
    """A configuration by name.

    Raises:
        UnknownNameError: with the nearest name.
    """
    return pick("configuration", CONFIGS, name)

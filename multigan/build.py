"""Recipe -> data, nets, game, phases, trainer: the only file that knows both sides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from inspect import signature
from math import prod
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from multigan import losses
from multigan.augment import views
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, did_you_mean, under
from multigan.core.join import Join
from multigan.core.registry import Registry
from multigan.core.returned import Maker, check_taken
from multigan.core.types import Data, Game, Modality, Reshaping, Spec, View
from multigan.engine.accumulate import refuse_uneven
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import Split, split_items
from multigan.engine.memory import memory_of
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import LAST, Phase
from multigan.engine.precision import choose_device, choose_precision
from multigan.engine.trainer import Trainer
from multigan.games import Build, Cast, Choosy, games, roles_of
from multigan.games.built import check_built, round_of
from multigan.games.rules import Rules, Term
from multigan.inputs.assemble import check_inputs, check_net, check_table, joined, read_data
from multigan.losses.reduction import mean
from multigan.nets.both_ways import BothJudges, BothWays
from multigan.nets.capacity import built, refuse_batch
from multigan.nets.lookup import net_builder, net_options
from multigan.nets.placing import begun, placed
from multigan.nets.spectral import normalise_spectrum
from multigan.plugins import modalities
from multigan.plugins.contract import check_data
from multigan.plugins.pairing import rewards_of
from multigan.recipe.options import bind
from multigan.recipe.origin import called, located
from multigan.recipe.recipe import NetTable, PlayerOptim, Recipe, ReductionTable, TermTable, ViewTable
from multigan.run.loggers import loggers

__all__ = [
    "build_data",
    "build_game",
    "build_nets",
    "build_phases",
    "build_split",
    "build_trainer",
    "check",
]

B = TypeVar("B")
M = TypeVar("M")
T = TypeVar("T", TermTable, ViewTable)

AUTO_STRENGTH_PER_ELEMENT = 1e-3
"""Penalty weight per element of a sample for `weight = "auto"`. Published gammas of zero-centred penalties, divided by
the number of elements, lie between 2e-5 and 8e-4 over sizes of 32 to 256 pixels and very large sets (Huang et al. 2024,
presets of their code); small nets on some thousands of items want more: at 2e-4 D wins on 28 × 28 digits."""


@located
def check(recipe: Recipe) -> None:
    """Find every wrong name and option of a recipe before data is read or time is spent.

    Raises:
        RecipeError, UnknownNameError: with the key, what was expected and the nearest right name.
    """
    modality = _modality(recipe)
    _load_options(recipe, modality)
    for player, table in (("G", recipe.G), ("D", recipe.D)):
        _net_builder(recipe, modality, player, table)
    if recipe.input is not None:
        with under("input"):
            check_table(recipe.input, modality)
    rules = _rules(recipe, modality, Spec(recipe.modality, (1,) * 4))
    _check_game(recipe, rules)
    _check_packs(recipe, rules.views, World())
    for k, name in enumerate(recipe.train.loggers):
        with under("train", "loggers", k):
            loggers.get(name)
    _precision(recipe, _device(recipe))
    with under("train", "batch"):
        refuse_uneven(recipe.train.batch, 1, recipe.train.accumulate)


@located
def build_data(recipe: Recipe) -> Data:
    """Read the recipe's data set."""
    modality = _modality(recipe)
    data = read_data(recipe, modality)
    check_data(modality, data)
    if recipe.game.conditional is True and data.labels is None:
        raise RecipeError(
            "game.conditional = true, but the data has no labels",
            "labelled data (one sub-folder per class)",
            "type --set game.conditional=false",
            key=("game", "conditional"),
        )
    return data


@located
def build_split(recipe: Recipe, data: Data) -> Split:
    """Which items the recipe trains on, and which it holds out."""
    groups, paired = getattr(data.items, "groups", None), data.inputs is not None
    with under("data", "holdout"):
        return split_items(len(data.items), recipe.data.holdout, recipe.train.seed, groups, data.alike, paired=paired)


@located
def build_nets(recipe: Recipe, spec: Spec, source: Spec | None = None) -> tuple[nn.Module, nn.Module]:
    """G for samples like `spec` and D for what views make of them, or both ways of each, by the recipe's seed.

    Args:
        recipe: names the nets.
        spec: of a sample.
        source: of an input, where the recipe has inputs; None = what its degradations make of samples, or like these.
    """
    modality = _modality(recipe)
    both, source = joined(recipe.input, modality, spec, source)
    with under("train", "batch"):
        refuse_batch(recipe.train.batch, spec)
    torch.manual_seed(recipe.train.seed)
    G = _net(recipe, "G", recipe.G, *([spec] if recipe.input is None else [spec, source]))
    D = _net(recipe, "D", recipe.D, _seen(recipe, modality, both))
    if getattr(_game_builder(recipe)[0], "both_ways", False):
        G = BothWays(G, _net(recipe, "G", recipe.G, source, spec), spec, source)
        D = BothJudges(D, _net(recipe, "D", recipe.D, _seen(recipe, modality, source)))
    if recipe.D.spectral_norm:
        normalise_spectrum(D)
    return G, D


@located
def build_game(recipe: Recipe, spec: Spec, G: nn.Module, D: nn.Module, source: Spec | None = None) -> Game:
    """The game that the recipe names, with its rules; it may have players of its own beside G and D."""
    builder, options = _game_builder(recipe)
    rules = _rules(recipe, _modality(recipe), spec, source)
    with under("game"):
        game = builder({"G": G, "D": D}, rules, **options)
    check_built(recipe.game.name, builder, game, G)
    return game


@located
def build_phases(recipe: Recipe, game: Game) -> list[Phase]:
    """The recipe's phases, and the adversarial one that ends every run."""
    base = {player: _optim(recipe, player) for player in game.players}
    phases = []
    for table in recipe.phases:
        given = {name: value for name, value in table.optim_overrides().items() if value is not None}
        optim = {player: replace(settings, **given) for player, settings in base.items()}
        phases.append(Phase(table.name, tuple(table.turns), table.samples, optim, game.uncounted))
    turns = round_of(recipe.game.name, game, recipe.train.n_critic)
    return [*phases, Phase(LAST, turns, recipe.train.samples, base, game.uncounted)]


@located
def build_trainer(recipe: Recipe, data: Data, world: World | None = None) -> Trainer:
    """Everything put together; add handlers and call `fit`."""
    world = world or World()
    device = _device(recipe, world.local_rank)
    source = None if data.inputs is None else data.inputs.spec
    G, D = (placed(net, device) for net in build_nets(recipe, data.spec, source))
    game = build_game(recipe, data.spec, G, D, source)
    players = [placed(net, device) for net in game.players.values()]
    world.copy_from_first([value for net in players for value in net.state_dict().values()])
    split, phases, dtype = build_split(recipe, data), build_phases(recipe, game), _precision(recipe, device)
    _check_packs(recipe, getattr(game, "views", ()), world)
    memory_of(game).to(device)
    with under("train", "batch"):  # it must divide
        batches = Batches(
            data,
            _modality(recipe),
            batch=recipe.train.batch,
            seed=recipe.train.seed,
            device=device,
            world=world,
            conditional=recipe.game.conditional is True,
            split=split,
        )
        return Trainer(
            game,
            batches,
            phases,
            ema_halflife_samples=recipe.train.ema_halflife_samples,
            dtype=dtype,
            accumulate=recipe.train.accumulate,
        )


def _modality(recipe: Recipe) -> Modality:
    with under("modality"):
        return modalities.get(recipe.modality)


def _device(recipe: Recipe, local_rank: int = 0) -> torch.device:
    with under("train", "device"):
        return choose_device(recipe.train.device, local_rank)


def _precision(recipe: Recipe, device: torch.device) -> torch.dtype:
    with under("train", "precision"):
        return choose_precision(recipe.train.precision, device)


def _load_options(recipe: Recipe, modality: Modality) -> dict[str, Any]:
    with under("data"):
        return bind(modality.load, recipe.data.options, "data", beside=recipe.data.own())


def _net_builder(recipe: Recipe, modality: Modality, player: str, table: NetTable) -> Callable[..., nn.Module]:
    """A net's builder with all its options."""
    with under(player):
        with under("net"):
            builder = net_builder(modality, player, table.net)
            if player == "G":
                check_net(recipe.input, modality, table.net)
        options = net_options(builder, table.options, modality, player, table.net, table.own())
    if recipe.game.conditional is True:
        if "conditional" not in signature(builder).parameters:
            given = f"{player}.net = '{table.net}' takes no labels, and game.conditional = true"
            fix = "type --set game.conditional=false"
            raise RecipeError(given, "a net with the option `conditional`", fix, key=("game", "conditional"))
        options["conditional"] = True
    return partial(builder, **options)


def _net(recipe: Recipe, player: str, table: NetTable, *specs: Spec) -> nn.Module:
    build = partial(_net_builder(recipe, _modality(recipe), player, table), *specs)
    with under(player):
        return begun(built(player, table.net, table.options, build))


def _game_builder(recipe: Recipe) -> tuple[Build, dict[str, Any]]:
    with under("game"):
        with under("name"):
            builder = games.get(recipe.game.name)
        return builder, bind(builder, recipe.game.options, "game", beside=recipe.game.own())


def _optim(recipe: Recipe, player: str) -> OptimSettings:
    known = {field.name for field in fields(OptimSettings)}
    values = {name: value for name, value in recipe.optim.for_player(player).items() if name in known}
    return OptimSettings(**values)


def _rules(recipe: Recipe, modality: Modality, spec: Spec, source: Spec | None = None) -> Rules:
    table = recipe.game
    both, given = joined(recipe.input, modality, spec, source or spec)
    seen = (modality, _seen(recipe, modality, both))
    judged = recipe.input is not None and recipe.input.judged
    with under("game"):
        with under("loss"):
            loss = losses.losses.get(table.loss)
        parts: dict[str, Any] = {
            "penalties": _terms(losses.penalties, table.penalties, "penalties", seen),
            "matching": _terms(
                losses.matching, table.matching, "matching", seen if recipe.input is None else (modality, spec)
            ),
            "constraints": _each("constraints", table.constraints, _constraint),
            "views": _views(recipe, modality, both),
            "join": Join(spec, given) if judged else None,
            "objectives": dict(modality.objectives),
            "rewards": rewards_of(modality, spec),
            "reduction": mean if table.reduction == ReductionTable() else _reduction(table.reduction),
        }
        return Rules(loss=loss, label_smoothing=table.label_smoothing, fakes=table.fakes, **parts)


def _check_game(recipe: Recipe, rules: Rules) -> None:
    """The game takes its rules and options, and knows every turn and player that the recipe names."""
    builder, _ = _game_builder(recipe)
    check_inputs(recipe, builder, rules)
    with under("game"):
        _check_views(recipe, rules.views)
        if isinstance(builder, Choosy):
            builder.refuse(rules)
    roles = roles_of(builder)
    phases = [phase.name for phase in recipe.phases]
    for number, phase in enumerate(recipe.phases):
        for k, turn in enumerate(phase.turns):
            given = f"phases.{called(phases, number)}.turns names '{turn}'"
            with under("phases", number, "turns", k):
                _known(given, "a turn", turn, {**roles, **rules.objectives}, recipe)
    mute = "" if isinstance(builder, Cast) else ": its builder says no roles = {TURN: PLAYER, ...}, so D and G play"
    for player, settings in recipe.optim.players.items():
        if settings != PlayerOptim():
            with under("optim", player):
                _known(f"optim.{player} is for nobody{mute}", "a player", player, dict.fromkeys(roles.values()), recipe)


def _known(given: str, what: str, name: str, names: Mapping[str, object], recipe: Recipe) -> None:
    if name not in names:
        raise RecipeError(given, f"{what} of the game '{recipe.game.name}'", did_you_mean(name, names))


def _each(kind: str, tables: Sequence[T], make: Callable[[T, str], M]) -> list[M]:
    """What is made of each entry of a list in `[game]`, by its table and its place in words."""
    made, names = [], [table.name for table in tables]
    for k, table in enumerate(tables):
        with under(kind, k):
            made.append(make(table, f"game.{kind}.{called(names, k)}"))
    return made


def _named(registry: Registry[B], name: str) -> B:
    with under("name"):
        return registry.get(name)


def _terms(
    registry: Registry[Callable[..., Tensor]], tables: Sequence[TermTable], kind: str, made_for: tuple[Modality, Spec]
) -> list[Term]:
    def make(table: TermTable, where: str) -> Term:
        thing = _named(registry, table.name)
        builder = getattr(thing, "build", None)
        options = bind(builder or thing, table.options, where, beside=table.own())
        function = builder(*made_for, **options) if builder else partial(thing, **options)
        automatic = AUTO_STRENGTH_PER_ELEMENT * prod(made_for[1].shape)
        weight = table.weight if isinstance(table.weight, float) else automatic
        return Term(table.name, function, weight, table.every, getattr(thing, "asks_D", False))

    return _each(kind, tables, make)


def _views(recipe: Recipe, modality: Modality, spec: Spec) -> list[View]:
    def make(table: ViewTable, where: str) -> View:
        nonlocal spec
        builder = _named(views, table.name)
        view = builder(modality, spec, **bind(builder, table.options, where, beside=table.own()))
        check_taken(view, ("x", "draw"), Maker("view", table.name, builder))
        spec = view.spec(spec) if isinstance(view, Reshaping) else spec
        return view

    return _each("views", recipe.game.views, make)


def _seen(recipe: Recipe, modality: Modality, spec: Spec) -> Spec:
    """What D sees of samples like `spec`, after all views."""
    with under("game"):
        seen = _views(recipe, modality, spec)
    for view in seen:
        spec = view.spec(spec) if isinstance(view, Reshaping) else spec
    return spec


def _check_views(recipe: Recipe, made: Sequence[View]) -> None:
    """What looks at single samples cannot follow a view that joins them."""
    joining = [table.name for table, view in zip(recipe.game.views, made, strict=True) if isinstance(view, Reshaping)]
    if not joining:
        return
    penalties = [losses.penalties.aliases.get(term.name, term.name) for term in recipe.game.penalties]
    clashes = {
        f"a view after '{joining[0]}'": not isinstance(made[-1], Reshaping) or len(joining) > 1,
        "game.conditional = true": recipe.game.conditional is True,
        "the penalty 'consistency'": "consistency" in penalties,
    }
    for clash, holds in clashes.items():
        if holds:
            raise RecipeError(
                f"game.views has '{joining[0]}', and the recipe has {clash}",
                "single samples with a label each, of which a pack has several",
                "remove one of the two, or put the pack last",
                key=["views"],
            )


def _check_packs(recipe: Recipe, made: Sequence[View], world: World) -> None:
    share = recipe.train.batch // (world.size * recipe.train.accumulate)
    for view in made:
        if isinstance(view, Reshaping) and share % view.samples:
            whole = world.size * recipe.train.accumulate * view.samples
            raise RecipeError(
                f"packs of {view.samples} from {share} samples per process and micro-batch",
                f"train.batch a multiple of {whole}",
                f"type --set train.batch={-(-recipe.train.batch // whole) * whole}",
                key=("train", "batch"),
            )


def _reduction(table: ReductionTable) -> Callable[..., Tensor]:
    with under("reduction"):
        function = _named(losses.reductions, table.name)
        options = bind(function, table.options, "game.reduction", beside=table.own())
        zero = torch.zeros(1)
        function(zero, zero, Draw(0), **options)  # a number out of range is an error now
        return partial(function, **options)


def _constraint(table: TermTable, where: str) -> Callable[..., object]:
    function = _named(losses.constraints, table.name)
    return partial(function, **bind(function, table.options, where, beside=table.own()))

"""Recipe -> data, nets, game, phases, trainer: the only file that knows both sides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from multigan import losses
from multigan.augment import views
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, did_you_mean
from multigan.core.registry import Registry
from multigan.core.types import Data, Game, Modality, Reshaping, Spec, View
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import Split, split_items
from multigan.engine.memory import memory_of
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.precision import choose_device, choose_precision
from multigan.engine.trainer import Trainer
from multigan.games import Choosy, check_built, games, roles_of
from multigan.games.rules import Rules, Term
from multigan.losses.reduction import mean
from multigan.nets.capacity import built, refuse_batch
from multigan.nets.lookup import net_builder
from multigan.nets.spectral import normalise_spectrum
from multigan.plugins import modalities
from multigan.plugins.contract import check_data, guarded
from multigan.recipe.options import bind
from multigan.recipe.recipe import NetTable, PlayerOptim, Recipe, ReductionTable, TermTable
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

AUTO_STRENGTH_PER_ELEMENT = 1e-3
"""Penalty weight per element of a sample for `weight = "auto"`. Published gammas of zero-centred penalties, divided by
the number of elements, lie between 2e-5 and 8e-4 over sizes of 32 to 256 pixels and very large sets (Huang et al. 2024,
presets of their code); small nets on some thousands of items want more: at 2e-4 D wins on 28 × 28 digits."""


def check(recipe: Recipe) -> None:
    """Find every wrong name and option of a recipe before data is read or time is spent.

    Raises:
        RecipeError, UnknownNameError: with the key, what was expected and the nearest right name.
    """
    modality = modalities.get(recipe.modality)
    bind(modality.load, recipe.data.options, "data")
    for player, table in (("G", recipe.G), ("D", recipe.D)):
        bind(net_builder(modality, player, table.net), _with_conditional(recipe, table), player)
    _check_game(recipe, _rules(recipe, modality, Spec(recipe.modality, (1,) * 4)))
    for name in recipe.train.loggers:
        loggers.get(name)
    choose_precision(recipe.train.precision, choose_device(recipe.train.device))


def build_data(recipe: Recipe) -> Data:
    """Read the recipe's data set."""
    modality = modalities.get(recipe.modality)
    options = bind(modality.load, recipe.data.options, "data")
    data: Data = guarded(modality, "load", lambda: modality.load(recipe.data.source, **options))
    check_data(modality, data)
    if recipe.game.conditional is True and data.labels is None:
        raise RecipeError(
            "game.conditional = true, but the data has no labels",
            "labelled data (one sub-folder per class)",
            "type --set game.conditional=false",
        )
    return data


def build_split(recipe: Recipe, data: Data) -> Split:
    """Which items the recipe trains on, and which it holds out."""
    groups = getattr(data.items, "groups", None)
    return split_items(len(data.items), recipe.data.holdout, recipe.train.seed, groups)


def build_nets(recipe: Recipe, spec: Spec) -> tuple[nn.Module, nn.Module]:
    """G for samples like `spec` and D for what the views make of them, initialised from the recipe's seed."""
    modality = modalities.get(recipe.modality)
    refuse_batch(recipe.train.batch, spec)
    torch.manual_seed(recipe.train.seed)
    nets = []
    for player, table, sample in (("G", recipe.G, spec), ("D", recipe.D, _seen(recipe, spec))):
        builder = net_builder(modality, player, table.net)
        options = bind(builder, _with_conditional(recipe, table), player)
        nets.append(built(player, table.net, table.options, partial(builder, sample, **options)))
    if recipe.D.spectral_norm:
        normalise_spectrum(nets[1])
    return nets[0], nets[1]


def build_game(recipe: Recipe, spec: Spec, G: nn.Module, D: nn.Module) -> Game:
    """The game that the recipe names, with its rules; it may have players of its own beside G and D."""
    builder = games.get(recipe.game.name)
    rules = _rules(recipe, modalities.get(recipe.modality), spec)
    game = builder({"G": G, "D": D}, rules, **bind(builder, recipe.game.options, "game"))
    check_built(recipe.game.name, builder, game, G)
    return game


def build_phases(recipe: Recipe, game: Game) -> list[Phase]:
    """The recipe's phases, and the adversarial one that ends every run."""
    base = {player: _optim(recipe, player) for player in game.players}
    phases = []
    for table in recipe.phases:
        given = {name: value for name, value in table.optim_overrides().items() if value is not None}
        optim = {player: replace(settings, **given) for player, settings in base.items()}
        phases.append(Phase(table.name, tuple(table.turns), table.samples, optim, game.uncounted))
    turns = game.round(recipe.train.n_critic)
    return [*phases, Phase("adversarial", turns, recipe.train.samples, base, game.uncounted)]


def build_trainer(recipe: Recipe, data: Data, world: World | None = None) -> Trainer:
    """Everything put together; add handlers and call `fit`."""
    world = world or World()
    device = choose_device(recipe.train.device, world.local_rank)
    G, D = (_place(net, device) for net in build_nets(recipe, data.spec))
    game = build_game(recipe, data.spec, G, D)
    players = [_place(net, device) for net in game.players.values()]
    world.copy_from_first([value for net in players for value in net.state_dict().values()])
    batches = Batches(
        data,
        modalities.get(recipe.modality),
        batch=recipe.train.batch,
        seed=recipe.train.seed,
        device=device,
        world=world,
        conditional=recipe.game.conditional is True,
        split=build_split(recipe, data),
    )
    _check_packs(recipe, game, world)
    memory_of(game).to(device)
    return Trainer(
        game,
        batches,
        build_phases(recipe, game),
        ema_halflife_samples=recipe.train.ema_halflife_samples,
        dtype=choose_precision(recipe.train.precision, device),
        accumulate=recipe.train.accumulate,
    )


def _place(net: nn.Module, device: torch.device) -> nn.Module:
    """Move a net to the device; nets of 2-D convolutions also to the memory layout that is fastest for them."""
    has_conv2d = any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in net.modules())
    net = net.to(device)
    return net.to(memory_format=torch.channels_last) if has_conv2d else net  # type: ignore[call-overload]


def _with_conditional(recipe: Recipe, table: NetTable) -> dict[str, Any]:
    return {**table.options, **({"conditional": True} if recipe.game.conditional is True else {})}


def _optim(recipe: Recipe, player: str) -> OptimSettings:
    known = {field.name for field in fields(OptimSettings)}
    values = {name: value for name, value in recipe.optim.for_player(player).items() if name in known}
    return OptimSettings(**values)


def _rules(recipe: Recipe, modality: Modality, spec: Spec) -> Rules:
    table = recipe.game
    seen = (modality, _seen(recipe, spec))
    return Rules(
        loss=losses.losses.get(table.loss),
        penalties=_terms(losses.penalties, table.penalties, "game.penalties", seen),
        matching=_terms(losses.matching, table.matching, "game.matching", seen),
        constraints=[_constraint(term) for term in table.constraints],
        objectives=dict(modality.objectives),
        label_smoothing=table.label_smoothing,
        views=_views(recipe, modality, spec),
        reduction=mean if table.reduction == ReductionTable() else _reduction(table.reduction),
        fakes=table.fakes,
    )


def _check_game(recipe: Recipe, rules: Rules) -> None:
    """The game takes its rules and options, and knows every turn and player that the recipe names."""
    builder = games.get(recipe.game.name)
    bind(builder, recipe.game.options, "game")
    _check_views(recipe, rules.views)
    if isinstance(builder, Choosy):
        builder.refuse(rules)
    roles = roles_of(builder)
    for number, phase in enumerate(recipe.phases):
        for turn in phase.turns:
            _known(f"phases[{number}].turns names '{turn}'", "a turn", turn, {**roles, **rules.objectives}, recipe)
    for player, settings in recipe.optim.players.items():
        if settings != PlayerOptim():
            _known(f"optim.{player} is for nobody", "a player", player, dict.fromkeys(roles.values()), recipe)


def _known(given: str, what: str, name: str, names: Mapping[str, object], recipe: Recipe) -> None:
    if name not in names:
        raise RecipeError(given, f"{what} of the game '{recipe.game.name}'", did_you_mean(name, names))


def _terms(
    registry: Registry[Callable[..., Tensor]], tables: Sequence[TermTable], where: str, made_for: tuple[Modality, Spec]
) -> list[Term]:
    terms = []
    for table in tables:
        thing = registry.get(table.name)
        builder = getattr(thing, "build", None)
        options = bind(builder or thing, table.options, f"{where}.{table.name}")
        function = builder(*made_for, **options) if builder else partial(thing, **options)
        automatic = AUTO_STRENGTH_PER_ELEMENT * prod(made_for[1].shape)
        weight = table.weight if isinstance(table.weight, float) else automatic
        terms.append(Term(table.name, function, weight, table.every))
    return terms


def _views(recipe: Recipe, modality: Modality, spec: Spec) -> list[View]:
    made = []
    for table in recipe.game.views:
        builder = views.get(table.name)
        view = builder(modality, spec, **bind(builder, table.options, f"game.views.{table.name}"))
        spec = view.spec(spec) if isinstance(view, Reshaping) else spec
        made.append(view)
    return made


def _seen(recipe: Recipe, spec: Spec) -> Spec:
    """What D sees of samples like `spec`, after all views."""
    for view in _views(recipe, modalities.get(recipe.modality), spec):
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
            )


def _check_packs(recipe: Recipe, game: Game, world: World) -> None:
    share = recipe.train.batch // (world.size * recipe.train.accumulate)
    for view in getattr(game, "views", ()):
        if isinstance(view, Reshaping) and share % view.samples:
            whole = world.size * recipe.train.accumulate * view.samples
            raise RecipeError(
                f"packs of {view.samples} from {share} samples per process and micro-batch",
                f"train.batch a multiple of {whole}",
                f"type --set train.batch={-(-recipe.train.batch // whole) * whole}",
            )


def _reduction(table: ReductionTable) -> Callable[..., Tensor]:
    function = losses.reductions.get(table.name)
    options = bind(function, table.options, "game.reduction")
    zero = torch.zeros(1)
    function(zero, zero, Draw(0), **options)  # a number out of range is an error now
    return partial(function, **options)


def _constraint(table: TermTable) -> Callable[..., object]:
    function = losses.constraints.get(table.name)
    return partial(function, **bind(function, table.options, f"game.constraints.{table.name}"))

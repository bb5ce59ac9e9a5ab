"""What a builder made is a game: whole, what the builder said of it, and every name in it is known."""

from collections.abc import Mapping, Sequence

from torch import nn
from torch.nn.parameter import is_lazy

from multigan.core.errors import PluginError, did_you_mean
from multigan.core.plain import words_of
from multigan.core.types import Game, members_of
from multigan.games import Cast, roles_of

__all__ = ["check_built", "round_of"]

WHERE = "see docs/extend.md, Games"


def check_built(name: str, builder: object, game: Game, G: nn.Module) -> None:
    """What a game is must be what its builder said of it, by which recipes were checked.

    Args:
        name: of the game.
        builder: that made it.
        game: what it made.
        G: the net of the recipe's table `[G]`, by which a generator folder is read again.

    Raises:
        PluginError: it is not.
    """
    missing = [member for member in members_of(Game) if not hasattr(game, member)]
    if missing:
        given = f"game '{name}': its builder gives {type(game).__name__}, which has no {', '.join(missing)}"
        raise PluginError(given, "all of multigan.core.types.Game", WHERE)
    _check_players(name, game)
    said, players = {*roles_of(builder).values()}, {*game.players}
    if said != players:
        fix = f"write roles = {{TURN: PLAYER, ...}} in the builder of '{name}'"
        raise PluginError(f"game '{name}' has the players {sorted(players)}", f"{sorted(said)}, of its roles", fix)
    if odd := [player for player in players if not player.isidentifier() or player == "memory"]:
        raise PluginError(f"game '{name}' has a player '{odd[0]}'", "a name that is a word", "name it otherwise")
    if not game.kept or game.players.get(game.kept[0]) is not G:
        raise PluginError(f"game '{name}' keeps {game.kept}", "first the net of [G]", "name its player in kept")
    for player in game.kept:
        _known(f"game '{name}' keeps '{player}'", "a player of its own", player, game.players)
    _check_turns(name, builder, game)


def round_of(name: str, game: Game, n_critic: int) -> tuple[str, ...]:
    """The turns of one iteration, as the game's `round` says.

    Args:
        name: of the game.
        game: whole, as `check_built` says.
        n_critic: the recipe's.

    Raises:
        PluginError: it says something else, or names a turn that the game has not got.
    """
    where = f"game '{name}': round({n_critic})"
    try:
        turns = game.round(n_critic)
    except Exception as error:  # a stranger's program
        raise PluginError(f"{where} fails: {words_of(error)}", "names of turns, in order", WHERE) from error
    if not isinstance(turns, Sequence) or isinstance(turns, str) or not turns:
        given = repr(turns) if isinstance(turns, str | Sequence) else type(turns).__name__
        raise PluginError(f"{where} gives {given}", f"names of turns, such as {tuple(game.turns)}", WHERE)
    for turn in turns:
        _known(f"{where} names {turn!r}", "a turn of its turns", turn, game.turns)
    return tuple(turns)


def _check_players(name: str, game: Game) -> None:
    if not isinstance(game.players, Mapping):
        given = f"game '{name}' has players of {type(game.players).__name__}"
        raise PluginError(given, "nets by name", WHERE)
    for player, net in game.players.items():
        if not isinstance(net, nn.Module):
            raise PluginError(f"game '{name}': player {player!r} is {type(net).__name__}", "a torch.nn.Module", WHERE)
        if lazy := [param for param, value in net.named_parameters() if is_lazy(value)]:
            given = f"game '{name}': player '{player}' leaves the size of {lazy[0]} open"
            raise PluginError(given, "sizes that are known when it is built: no Lazy layers", WHERE)
        if not any(param.requires_grad for param in net.parameters()):
            given = f"game '{name}': player '{player}' has no parameters that learn"
            raise PluginError(given, "a net that descends a loss", "leave it out of players")


def _check_turns(name: str, builder: object, game: Game) -> None:
    """Every turn is of a player that there is, and every turn that was said of the game is there."""
    if not isinstance(game.turns, Mapping):
        raise PluginError(f"game '{name}' has turns of {type(game.turns).__name__}", "{turn: (player, loss)}", WHERE)
    for turn, pair in game.turns.items():
        if not isinstance(pair, tuple) or len(pair) != 2 or not callable(pair[1]):
            given = f"game '{name}': turn '{turn}' is {type(pair).__name__}"
            raise PluginError(given, "(player, loss), where loss(batch, draw) gives a Loss", WHERE)
        _known(f"game '{name}': turn '{turn}' is of player {pair[0]!r}", "a player of its own", pair[0], game.players)
    for turn in game.uncounted:
        _known(f"game '{name}': uncounted names {turn!r}", "a turn of its turns", turn, game.turns)
    if isinstance(builder, Cast):
        for turn, player in builder.roles.items():
            _known(f"game '{name}': its roles name the turn '{turn}'", "a turn of its turns", turn, game.turns)
            if game.turns[turn][0] != player:
                given = f"game '{name}': turn '{turn}' is of player '{game.turns[turn][0]}'"
                raise PluginError(given, f"'{player}', as its roles say", "correct one of the two")


def _known(given: str, what: str, name: object, names: Mapping[str, object]) -> None:
    if name not in names:
        raise PluginError(given, what, did_you_mean(str(name), names))

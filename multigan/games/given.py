"""What views, nets and games of other packages give, checked at every call by type and shape alone."""

from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.returned import Maker, refuse, same_shape, shown
from multigan.core.types import Batch, Critique, Game, Reshaping, View, as_critique

__all__ = ["fakes_of", "judged", "verdict_of", "viewed"]


def viewed(view: View, x: Tensor, draw: Draw) -> Tensor:
    """What a view makes of x `(batch, ...)`: the same shape, or, of one that joins samples, fewer of them.

    Raises:
        PluginError: it gives something else.
    """
    seen: object = view(x, draw)
    if not isinstance(view, Reshaping):
        return same_shape(seen, x, Maker("view", "", view))
    if isinstance(seen, Tensor) and seen.shape[:1] == (len(x) // view.samples,):
        return seen
    raise refuse(Maker("view", "", view), f"gives {shown(seen)}", f"a tensor ({len(x) // view.samples}, ...)")


def judged(said: object, count: int, maker: Maker) -> Critique:
    """What D, or a game's `judge`, says of `count` samples.

    Raises:
        PluginError: it is neither logits `(count, *patch)` nor a `Critique` of such.
    """
    critique = as_critique(said)  # type: ignore[arg-type]
    heads = critique.logits
    if (
        isinstance(heads, tuple)
        and heads
        and all(isinstance(one, Tensor) and one.shape[:1] == (count,) for one in heads)
    ):
        return critique
    given = ", ".join(map(shown, heads)) if isinstance(heads, tuple) and heads else f"logits of {shown(heads)}"
    expected = f"logits, a tensor ({count}, ...), or multigan.core.types.Critique of a tuple of such"
    raise refuse(maker, f"gives {given}", expected)


def fakes_of(game: Game, batch: Batch, draw: Draw) -> Tensor:
    """A game's fakes, of the shape of the batch's reals.

    Raises:
        PluginError: it gives something else.
    """
    return same_shape(game.fake(batch, draw), batch.real, Maker("game", f"{type(game).__name__}.fake", game))


def verdict_of(game: Game, batch: Batch, draw: Draw) -> Critique:
    """What a game's D says of a batch's samples.

    Raises:
        PluginError: it gives no verdict of every sample.
    """
    said: object = game.judge(batch.real, batch, draw)
    maker = Maker("game", f"{type(game).__name__}.judge", game)
    if not isinstance(said, Critique):
        raise refuse(maker, f"gives {shown(said)}", "a multigan.core.types.Critique")
    return judged(said, len(said.logits[0]) if _of_tensors(said) else len(batch.real), maker)


def _of_tensors(said: Critique) -> bool:
    """A view that joins samples makes fewer verdicts than samples: then any number is right, if all have it."""
    return (
        isinstance(said.logits, tuple)
        and bool(said.logits)
        and isinstance(said.logits[0], Tensor)
        and said.logits[0].ndim > 0
    )

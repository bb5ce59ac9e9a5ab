"""One measurement of a run's nets, on copies: training never notices."""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Batch, Critique, Game
from multigan.doctor.reference import FAKES, Features, Reference, chunks, strengths
from multigan.engine.trainer import Trainer
from multigan.games.given import fakes_of, verdict_of
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.metrics.memorisation import nearest, outranks
from multigan.metrics.neighbours import prdc
from multigan.metrics.vendi import vendi_score

__all__ = ["averaged_fakes", "flat_weights", "measure"]

JUDGED = 128
NEIGHBOURED, K = 64, 5


def measure(
    trainer: Trainer, reference: Reference, features: Features, keep: Callable[[Tensor], object] = lambda fakes: None
) -> dict[str, float]:
    """All vitals of the nets as they are now, see docs/metrics-keys.md for their meaning.

    Nets, their buffers and the terms' memories are copied first; the same latents and items are used at every call, so
    that changes between calls are changes of the nets.

    Args:
        trainer: whose nets.
        reference: the reals to compare with.
        features: D's space `(batch, ...)` to `(batch, dim)`.
        keep: gets the fakes `(256, ...)` that were looked at, for who looks at them again.
    """
    game: Game = deepcopy(trainer.game)
    progress = trainer.state.progress(trainer.phase, trainer.batches.batch)
    draw = Draw(trainer.batches.seed, 0, "vitals/", progress=progress, device=str(trainer.batches.device))
    found = {"items": float(len(trainer.batches.split.train)), "heldout_items": float(len(reference.unseen_items))}
    playing = [turn for turn in dict.fromkeys(game.round(1)) if turn in trainer.phase.turns]
    with torch.no_grad():
        if any(game.turns[turn][0] not in game.kept for turn in playing):
            found |= _judged(game, trainer, reference, draw)
    for turn in playing:
        if game.turns[turn][0] == game.kept[0]:
            found["G_gradient"] = _slope(game, turn, next(chunks(trainer.batches, reference.items)), draw.child("g"))
    with torch.no_grad():
        fakes, wanted = _fakes(game, trainer, reference)
        keep(fakes)
        found |= _compared(fakes, wanted, game, trainer, reference, features)
    return {f"vitals/{name}": value for name, value in found.items()}


def flat_weights(net: nn.Module) -> Tensor:
    """All parameters of a net in one vector, copied."""
    return torch.cat([param.detach().flatten().float() for param in net.parameters()] or [torch.zeros(1)])


def _judged(game: Game, trainer: Trainer, reference: Reference, draw: Draw) -> dict[str, float]:
    """D on trained reals, held-out reals and fakes, with the nets in the mode they train in."""
    batches = trainer.batches
    reals = list(chunks(batches, _whole(reference.items, batches.local_batch)))
    logits = {
        "real": _logits(game, reals, draw),
        "fake": _logits(game, [batch._replace(real=fakes_of(game, batch, draw)) for batch in reals], draw),
    }
    unseen = _whole(reference.unseen_items, batches.local_batch)
    if len(unseen):
        logits["heldout"] = _logits(game, list(chunks(batches, unseen)), draw)
    found = {}
    for name, values in logits.items():
        found[f"logits_{name}"] = values.mean().item()
        found[f"sign_{name}"] = values.sign().mean().item()
    found["D_accuracy"] = outranks(logits["real"], logits["fake"])
    if "heldout" in logits:
        found["D_accuracy_heldout"] = outranks(logits["heldout"], logits["fake"])
        found["D_memory"] = outranks(logits["real"], logits["heldout"])
    return found


def _logits(game: Game, parts: Sequence[Batch], draw: Draw) -> Tensor:
    scores = [_scores(verdict_of(game, batch, draw.child(f"judge-{k}"))) for k, batch in enumerate(parts)]
    return torch.cat(scores).double().cpu()


def _scores(critique: Critique) -> Tensor:
    """One number a sample: the mean over patches and heads."""
    return torch.stack([logits.reshape(len(logits), -1).mean(1) for logits in critique.logits]).mean(0)


def _slope(game: Game, turn: str, batch: Batch, draw: Draw) -> float:
    """The norm of G's gradient in a turn of its over the norm of its parameters."""
    player, loss_of = game.turns[turn]
    for name, net in game.players.items():
        net.requires_grad_(name == player)
    params = list(game.players[player].parameters())
    with torch.enable_grad():
        total = loss_of(batch, draw).total
        if not total.requires_grad:  # nothing of G reaches its loss
            return 0.0
        grads = torch.autograd.grad(total, params, allow_unused=True)
    size = torch.cat([grad.flatten() for grad in grads if grad is not None] or [torch.zeros(1)]).norm()
    return float(size / flat_weights(game.players[player]).norm().clamp_min(1e-12))


def _compared(
    fakes: Tensor, wanted: Tensor | None, game: Game, trainer: Trainer, reference: Reference, features: Features
) -> dict[str, float]:
    """Fakes of the averaged G, and the labels that were asked for, against reals, in feature space."""
    finite = torch.isfinite(fakes.flatten(1)).all(1)
    if not finite.all():
        return {"fake_finite": finite.double().mean().item()}
    x = torch.cat([features(part).double().flatten(1).cpu() for part in fakes.split(trainer.batches.local_batch)])
    if not x.isfinite().all():
        return {"fake_finite": 1.0, "distance": math.nan}
    found = {"fake_finite": 1.0, "strength": strengths(fakes).median().item() / max(reference.strength, 1e-12)}
    if reference.gauge is not None:
        found |= {name: float(value) for name, value in reference.gauge(game.players[game.kept[0]], fakes).items()}
    if reference.same:
        return found | {"reals_same": 1.0}
    near, which = nearest(x, reference.trained)
    found |= {
        "distance": mmd(x, reference.target, Distance(reference.spread)),
        "distance_floor": reference.floor,
        "distance_floor_deviation": reference.floor_deviation,
        "distance_trivial": reference.trivial,
        "spread": mean_distance(x) / reference.spread,
        "variety": (vendi_score(x[: len(reference.target)], reference.kernel) - 1) / max(reference.variety - 1, 1e-12),
        "nearest": near.median().item() / max(reference.own_nearest.median().item(), 1e-12),
        "nearer": outranks(reference.own_nearest, near),
    }
    found |= _reached(reference, x)
    return found | (_labels(reference, which, wanted) if wanted is not None else {})


def _reached(reference: Reference, x: Tensor) -> dict[str, float]:
    """Precision and coverage of fakes, and of as many other reals in their place."""
    real = reference.target
    others = reference.trained if len(reference.unseen_items) else reference.trained[len(real) :]
    if len(others) < NEIGHBOURED:  # a small set, nothing held out: of one half, by fakes or by the other
        real, others = reference.trained.tensor_split(2)
    n = min(len(x), len(real), len(others))
    if n < NEIGHBOURED:
        return {}
    fake, floor = prdc(real, x[:n], K), prdc(real, others[:n], K)
    return {
        "precision": fake.precision,
        "precision_floor": floor.precision,
        "coverage": fake.coverage,
        "coverage_floor": floor.coverage,
        "coverage_items": float(len(real)),
        "coverage_fakes": float(n),
    }


def averaged_fakes(trainer: Trainer, reference: Reference, items: Tensor, n: int) -> Tensor:
    """`n` samples of the averaged G in D's space, drawn as those that all vitals look at.

    Args:
        trainer: whose G.
        reference: its items say which labels are asked for.
        items: whose inputs a G is given that takes some.
        n: how many.
    """
    items = items if trainer.batches.data.inputs is not None else reference.items
    with torch.no_grad():
        return _drawn(deepcopy(trainer.game), trainer, items, n)[0]


def _fakes(game: Game, trainer: Trainer, reference: Reference) -> tuple[Tensor, Tensor | None]:
    # What is given an input is judged on inputs that it was not trained on.
    given = trainer.batches.data.inputs is not None and len(reference.unseen_items)
    items = reference.unseen_items if given else reference.items
    return _drawn(game, trainer, items, FAKES)


def _drawn(game: Game, trainer: Trainer, items: Tensor, n: int) -> tuple[Tensor, Tensor | None]:
    """`n` fakes, one for each of the items and round again, and the labels that were asked for."""
    items = items.repeat(-(-n // len(items)))[:n]
    net = game.players[game.kept[0]]
    net.load_state_dict(trainer.ema.net.state_dict())
    net.eval()
    device = str(trainer.batches.device)
    fakes, labels = [], []
    for number, batch in enumerate(chunks(trainer.batches, items)):
        draw = Draw(trainer.batches.seed, number, "vitals/fake/", device=device)
        fakes.append(fakes_of(game, batch, draw).float())
        labels += [] if batch.cond is None else [batch.cond.cpu()]
    return torch.cat(fakes), torch.cat(labels) if labels else None


def _labels(reference: Reference, which: Tensor, wanted: Tensor) -> dict[str, float]:
    """Whether labels tell anything of the reals, and whether fakes obey them."""
    labels = reference.labels
    if labels is None or len(labels) < 2:
        return {}
    neighbour = nearest(reference.trained, reference.trained, leave_one_out=True)[1]
    shares = torch.bincount(labels).double() / len(labels)
    return {
        "labels_chance": shares.square().sum().item(),
        "labels_real": (labels[neighbour] == labels).double().mean().item(),
        "labels_fake": (labels[which] == wanted).double().mean().item(),
    }


def _whole(items: Tensor, batch: int) -> Tensor:
    """At most 128 items, in whole batches where they suffice for one: packing and the like need round numbers."""
    n = min(len(items), max(JUDGED, batch))
    return items[: n // batch * batch if n >= batch else n // 4 * 4 or n]

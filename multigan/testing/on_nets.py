"""Checks of a modality's nets and training: the engine's side."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from multigan.build import build_nets, check
from multigan.core.draw import Draw
from multigan.core.generators import latent_of
from multigan.core.types import Critique, as_critique
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet, Trainer
from multigan.generator.generator import Generator
from multigan.testing.case import BATCH, STEPS, Case
from multigan.testing.nets import check_nets
from multigan.testing.rules import Skip, rule

__all__ = ["CHECKS", "THOROUGH"]


def nets(case: Case) -> None:
    """Nets with wrong shapes, noise of their own, dead parameters, or no way with batches of one and three."""
    for g, d in _pairs(case):
        check_nets(case.build("G", g), case.build("D", d), case.spec.shape)


def nets_on_reals(case: Case) -> None:
    """A D that cannot judge reals, or judges them all alike; one that has no gradient in its input."""
    real = case.real.requires_grad_(True)
    for name in case.judges:
        D = case.build("D", name)
        logits = _logits(D(real, None, Draw(0)))
        rule(bool(torch.isfinite(logits).all()), f"D '{name}' gives logits that are not finite", "finite logits")
        (gradient,) = torch.autograd.grad(logits.sum(), real, allow_unused=True)
        rule(gradient is not None and bool(gradient.any()), f"D '{name}' has no gradient in samples", "G learns by it")


def nets_move(case: Case) -> None:
    """Tensors in nets that are no parameters or buffers, and nets that work on the CPU only."""
    where = "cuda" if torch.cuda.is_available() else "meta"
    for player, name in _named(case):
        net = case.build(player, name)
        for path, module in net.named_modules():
            loose = [key for key, value in vars(module).items() if isinstance(value, Tensor)]
            rule(not loose, f"{player}.{path}{loose} would stay behind on a move", "self.register_buffer")
        net.to(where)
        draw = Draw(0, device=where)
        try:
            x = latent_of(net).sample(2, draw) if player == "G" else torch.zeros(2, *case.spec.shape, device=where)
            net(x, None, draw)
        except (RuntimeError, NotImplementedError) as error:
            rule(False, f"{player} '{name}' fails on {where}: {str(error).splitlines()[0]}", "tensors made on x.device")


def objectives(case: Case) -> None:
    """Objectives without D that are no `(batch,)` or do not reach G."""
    if not case.modality.objectives:
        raise Skip("it has none")
    trainer = case.trainer()
    G, batch = trainer.game.players["G"], trainer.batches.take("trial", 0)
    for name, objective in case.modality.objectives.items():
        values = objective(G, batch, Draw(0))
        rule(values.shape == (BATCH,), f"objective '{name}' gives {tuple(values.shape)}", f"({BATCH},)")
        grads = torch.autograd.grad(values.sum(), [*G.parameters()], allow_unused=True)
        rule(any(grad is not None for grad in grads), f"objective '{name}' does not reach G", "a gradient in G")


def seeds(case: Case) -> None:
    """Weights that differ between builds from one seed, or samples between draws from one seed."""
    first, second = (build_nets(case.recipe, case.spec) for _ in range(2))
    for player, one, other in zip("GD", first, second, strict=True):
        rule(_equal(one, other), f"{player} is initialised in another way each time", "all from torch's seed")
    generator = case.generator()
    samples = generator.tensors(3, seed=7)
    rule(torch.equal(samples, generator.tensors(3, seed=7)), "one seed gives different samples", "the same samples")
    rule(torch.equal(samples[:2], generator.tensors(2, seed=7)), "sample 0 depends on how many are drawn", "not so")
    rule(not torch.equal(samples, generator.tensors(3, seed=8)), "all seeds give the same samples", "other samples")


def save_load(case: Case) -> None:
    """Generators that differ after they were saved and loaded."""
    generator, folder = case.generator(), case.new_folder("generator")
    generator.save_pretrained(folder / "generator")
    again = Generator.from_pretrained(folder / "generator")
    rule(again.spec == generator.spec, "the spec differs after save and load", "the same spec")
    same = torch.equal(generator.tensors(3), again.tensors(3))
    rule(same, "samples differ after save and load", "all state in parameters and buffers, built from options")


def recipe(case: Case) -> None:
    """A `recipe_for_files` that does not exist, is invalid or of another modality."""
    name = case.modality.recipe_for_files
    if not name and not case.modality.suffixes:
        raise Skip("it reads no files and names no recipe")
    rule(bool(name), "recipe_for_files is empty", "the recipe that multigan train FILES picks")
    rule(case.recipe.modality == case.modality.name, f"{name} is for '{case.recipe.modality}'", case.modality.name)
    check(case.recipe)


def one_step(case: Case) -> None:
    """Training that does not move a player, or makes weights that are not finite."""
    trainer = case.trainer()
    before = {name: [p.detach().clone() for p in net.parameters()] for name, net in trainer.game.players.items()}
    trainer.fit()
    playing = {trainer.game.turns[turn][0] for phase in trainer.phases for turn in phase.turns}
    for name, net in trainer.game.players.items():
        finite = all(bool(torch.isfinite(p).all()) for p in net.parameters())
        rule(finite, f"{name} is not finite after {STEPS} steps", "finite weights")
        moved = any(not torch.equal(a, b) for a, b in zip(before[name], net.parameters(), strict=True))
        rule(moved or name not in playing, f"{name} does not move in {STEPS} steps", "weights that learn")


def resume(case: Case) -> None:
    """A resumed run that differs from the unbroken one: state outside parameters, buffers and draws."""
    whole, halted, resumed = (case.trainer() for _ in range(3))
    whole.fit()
    halted.handlers = [_Stop()]
    halted.fit()
    folder = case.new_folder("checkpoints")
    save_checkpoint(halted, folder, "trial")
    restore_latest(resumed, folder, "trial")
    resumed.fit()
    for name, net in whole.game.players.items():
        rule(_equal(net, resumed.game.players[name]), f"{name} differs after stop and resume", "the same weights")


def export(case: Case) -> None:
    """A G that `torch.export` cannot capture, or that gives other samples afterwards."""
    if reason := case.modality.unsupported.get("export"):
        raise Skip(f"it declares: {reason}")
    G = case.generator().net
    z = latent_of(G).sample(2, Draw(0))
    try:
        program = torch.export.export(G, (z,))
    except Exception as error:
        rule(False, f"G cannot be exported: {str(error).strip().splitlines()[0]}", "or unsupported = {'export': ...}")
        raise
    same = torch.allclose(program.module()(z), G(z), atol=1e-5)
    rule(same, "the exported G gives other samples", "the same within 1e-5")


class _Stop(Quiet):
    """Stops a run half way."""

    def stepped(self, trainer: Trainer, parts: object) -> None:
        trainer.stopping = trainer.state.step >= STEPS // 2


def _pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Every G with a D, and every D with a G."""
    g, d = case.makers, case.judges
    for number in range(max(len(g), len(d))):
        yield g[number % len(g)], d[number % len(d)]


def _named(case: Case) -> Iterator[tuple[str, str]]:
    yield from (("G", name) for name in case.makers)
    yield from (("D", name) for name in case.judges)


def _logits(out: Tensor | Critique) -> Tensor:
    return torch.cat([logits.flatten() for logits in as_critique(out).logits])


def _equal(one: nn.Module, other: nn.Module) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[key]) for key, value in one.state_dict().items())


CHECKS = (nets, nets_on_reals, nets_move, objectives, seeds, save_load, recipe, one_step, resume)
THOROUGH = (export,)

import pytest
import torch

from multigan.build import build_data, build_trainer
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.engine.precision import autocast, choose_device, choose_precision, has_bf16, precision_lines
from multigan.recipe.recipe import load_recipe


def test_cpu_stays_in_float32():
    assert choose_precision("auto", torch.device("cpu")) == torch.float32
    with autocast(torch.device("cpu"), torch.float32):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


@pytest.mark.parametrize(("known", "fast"), [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({}, False)])
def test_bf16_on_a_cpu_wants_instructions_for_it_and_to_be_asked_for(monkeypatch, known, fast):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    cpu = torch.device("cpu")
    assert has_bf16(cpu) is fast
    assert choose_precision("auto", cpu) == torch.float32
    assert choose_precision("fast", cpu) == (torch.bfloat16 if fast else torch.float32)
    if fast:
        assert choose_precision("bf16", cpu) == torch.bfloat16
    else:
        with pytest.raises(RecipeError, match="no fast hardware"):
            choose_precision("bf16", cpu)


def test_a_step_in_bf16_moves_like_one_in_float32_and_its_penalties_are_float32():
    moved = {}
    for dtype in (torch.float32, torch.bfloat16):
        recipe = load_recipe("image/digits", ["train.seed=3", "G.width=4", "D.width=4"])
        trainer = build_trainer(recipe, build_data(recipe))
        trainer.dtype, D = dtype, trainer.game.players["D"]
        before = torch.cat([p.detach().flatten() for p in D.parameters()])
        parts = trainer.turn("d", trainer.batches.take("adversarial", 0), Draw(3))
        moved[dtype] = torch.cat([p.detach().flatten() for p in D.parameters()]) - before
        assert parts["penalty/r1"].dtype == torch.float32
    cosine = torch.nn.functional.cosine_similarity(moved[torch.float32], moved[torch.bfloat16], dim=0)
    assert 0.8 < cosine < 1 - 1e-7


def test_a_device_that_is_not_there_is_named():
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(RecipeError, match=r"train\.device = 'tpu'"):
        choose_device("tpu")


def test_bf16_on_a_cpu_is_said_and_on_a_gpu_it_goes_without_saying():
    assert "train.precision=fp32" in precision_lines(torch.device("cpu"), torch.bfloat16)[0]
    assert precision_lines(torch.device("cpu"), torch.float32) == []
    assert precision_lines(torch.device("cuda"), torch.bfloat16) == []

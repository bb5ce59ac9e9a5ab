"""Weights that are none."""

import torch
from safetensors.torch import save_file

from multigan.doctor.weights import spoilt_weights


def test_weights_that_are_not_finite_and_files_that_are_none_are_named(tmp_path):
    for kept, value in (("generator", 1.0), ("generator-best", float("nan")), ("generator-mle", float("inf"))):
        (tmp_path / kept).mkdir()
        tensors = {"a": torch.ones(2), "b": torch.full((2,), value), "n": torch.ones(1, dtype=torch.int64)}
        save_file(tensors, tmp_path / kept / "generator.safetensors")
    assert spoilt_weights(tmp_path) == [
        f"{tmp_path}/generator-best/generator.safetensors: b holds NaN or infinity",
        f"{tmp_path}/generator-mle/generator.safetensors: b holds NaN or infinity",
    ]
    (tmp_path / "generator" / "generator.safetensors").write_bytes(b"no tensors")
    assert "generator/generator.safetensors: it cannot be read (" in spoilt_weights(tmp_path)[0]

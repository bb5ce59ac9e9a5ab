import os

import pytest
import torch
from safetensors.torch import load_file

from multigan.core.tensor_file import save_tensors, write_tensors

TENSORS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.zeros(1)}


@pytest.mark.parametrize("write", [write_tensors, save_tensors])
@pytest.mark.parametrize("metadata", [None, {"z": "1", "a": "2"}])
def test_rights_are_those_that_other_files_get(tmp_path, write, metadata):
    before = os.umask(0o027)
    try:
        write(TENSORS, tmp_path / "t.safetensors", metadata)
    finally:
        os.umask(before)
    assert (tmp_path / "t.safetensors").stat().st_mode & 0o777 == 0o640
    read = load_file(tmp_path / "t.safetensors")
    assert all(torch.equal(read[name], value) for name, value in TENSORS.items())
    (tmp_path / "t.safetensors").chmod(0o600)  # somebody's own choice
    write(TENSORS, tmp_path / "t.safetensors", metadata)
    assert (tmp_path / "t.safetensors").stat().st_mode & 0o777 == 0o600


def test_no_file_of_a_run_is_its_owners_alone(tiny_runs):
    mask = os.umask(0)
    os.umask(mask)
    files = [path for path in tiny_runs("points/ring").rglob("*") if path.is_file()]
    assert any(path.suffix == ".safetensors" for path in files)
    assert [path.name for path in files if path.stat().st_mode & 0o777 != 0o666 & ~mask] == []

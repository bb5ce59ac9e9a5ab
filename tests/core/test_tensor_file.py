import os

import pytest
import torch
from safetensors.torch import load_file

from multigan.core.tensor_file import load_tensors, open_tensors, save_tensors, sha256_of_tensors, write_tensors
from multigan.generator.generator import weights_sha256

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


ODD = os.fsdecode(b"a\xff")


@pytest.mark.parametrize("write", [write_tensors, save_tensors])
@pytest.mark.parametrize("metadata", [None, {"z": "1", "a": "2"}])
def test_a_folder_whose_name_is_no_text_holds_the_same_file(tmp_path, write, metadata):
    (tmp_path / ODD).mkdir()
    path = tmp_path / ODD / "t.safetensors"
    for place in (path, tmp_path / "t"):
        write(TENSORS, place, metadata)
    assert load_file(tmp_path / "t").keys() == TENSORS.keys()
    if write is save_tensors:  # the library's order of metadata is by chance
        assert path.read_bytes() == (tmp_path / "t").read_bytes()
    read = load_tensors(path)
    assert all(torch.equal(read[name], value) for name, value in TENSORS.items())
    with open_tensors(path) as opened:
        assert (opened.metadata(), sorted(opened.keys())) == (metadata, sorted(TENSORS))


def test_what_is_missing_there_is_said_by_its_own_name(tmp_path):
    with pytest.raises(FileNotFoundError) as found:
        load_tensors(tmp_path / ODD / "t.safetensors")
    assert found.value.filename == str(tmp_path / ODD / "t.safetensors")


def test_the_checksum_of_a_file_is_that_of_the_net_it_holds(tmp_path):
    net = torch.nn.BatchNorm1d(3)
    write_tensors(net.state_dict(), tmp_path / "t.safetensors")
    read = load_tensors(tmp_path / "t.safetensors")
    assert sha256_of_tensors(sorted(read.items())) == weights_sha256(net)
    read["weight"] = read["weight"] + 1
    assert sha256_of_tensors(sorted(read.items())) != weights_sha256(net)

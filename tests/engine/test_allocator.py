import platform
import resource

import pytest
import torch

from multigan.engine.allocator import OWN_SETTINGS, keep_freed_memory

MIB = 2**20


@pytest.fixture
def glibc(monkeypatch):
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc has mallopt")
    for name in OWN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    yield
    keep_freed_memory(False)


def faults_of(bytes_each, times):
    """Pages that the system had to hand out while tensors of one size were made and dropped."""
    for _ in range(10):  # the heap takes some rounds to find a place that stays
        torch.ones(bytes_each // 4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        torch.ones(bytes_each // 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_memory_is_not_fetched_again(glibc):
    keep_freed_memory(False)
    fetched = faults_of(100 * MIB, 5)
    assert keep_freed_memory()
    kept = faults_of(100 * MIB, 5)
    assert kept * 10 < fetched


@pytest.mark.parametrize("name", OWN_SETTINGS)
def test_settings_of_the_environment_win(glibc, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert not keep_freed_memory()


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_freed_memory()

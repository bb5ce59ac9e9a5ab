import pytest


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path_factory):
    """One folder for all tests: the classifier of the digits is trained once."""
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path_factory.getbasetemp() / "classifiers"))

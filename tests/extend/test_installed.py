from multigan.core.registry import Registry
from multigan.extend.installed import REGISTRIES, installed, registry_of
from multigan.losses import penalties


def test_every_registry_is_where_it_is_said_to_be():
    found = {kind: registry_of(kind) for kind in REGISTRIES}
    assert all(isinstance(one, Registry) for kind, one in found.items() if kind != "extractor")
    groups = [one.group for one in found.values() if one is not None]
    assert len(groups) == len(set(groups))


def test_plugins_of_every_kind_are_listed_with_their_faults(install, monkeypatch):
    install(
        "tiny-good",
        {"multigan.penalties": {"mine": "tiny_good:thing", "r1": "tiny_good:thing"}},
        tiny_good="thing = len",
    )
    monkeypatch.setattr(penalties, "_points", None)
    monkeypatch.setattr(penalties, "broken", {})
    found = {thing.name: thing for thing in installed("penalty")}
    assert (found["mine"].fault, found["mine"].origin.distribution) == ("", "tiny-good")
    assert found["r1"].fault == "its name belongs to a built-in"
    monkeypatch.setattr(penalties, "_points", None)
    penalties._loaded.pop("mine")

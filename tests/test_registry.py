import sys

import pytest

from multigan.errors import PluginError, UnknownNameError
from multigan.registry import Registry


def registry(**options):
    return Registry("loss", "multigan.losses", {"hinge": "math:sqrt"}, {"h": "hinge"}, **options)


def test_builtins_load_when_asked_and_aliases_lead_there():
    r = registry()
    assert r.get("hinge")(4) == 2
    assert r.get("h") is r.get("hinge")
    assert "h" in r
    assert r.names() == ["hinge"]


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match=r"there is no loss 'hing'; did you mean 'hinge'\?"):
        registry().get("hing")


def test_a_taken_name_is_refused():
    r = registry()
    r.register("mine", 1)
    for name in ("mine", "hinge", "h"):
        with pytest.raises(PluginError, match="exists already"):
            r.register(name, 2)


PLUGINS = {
    "raises": "raise RuntimeError('boom')",
    "missing": "import a_package_that_is_not_there",
    "syntax": "def broken(:",
    "exits": "raise SystemExit(3)",
    "circular": "from plugin_circular import thing",
}


@pytest.mark.parametrize("fault", PLUGINS)
def test_a_broken_plugin_is_named_and_skipped(fault, tmp_path, monkeypatch):
    (tmp_path / f"plugin_{fault}.py").write_text(PLUGINS[fault])
    (tmp_path / "plugin_good.py").write_text("thing = 42")
    monkeypatch.syspath_prepend(tmp_path)
    entries = (
        f"multigan.losses:{fault}=plugin_{fault}:thing,multigan.losses:good=plugin_good:thing,multigan.other:x=y:z"
    )
    monkeypatch.setenv("MULTIGAN_PLUGINS", entries)
    r = registry()
    assert dict(r.items())["good"] == 42
    assert list(r.broken) == [fault]
    assert r.names() == ["good", "hinge"]
    with pytest.raises(PluginError, match=f"plugin_{fault}"):
        r.get(fault)
    sys.modules.pop(f"plugin_{fault}", None)
    sys.modules.pop("plugin_good", None)


def test_a_plugin_cannot_take_a_builtin_name(monkeypatch):
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.losses:hinge=plugin_bad:thing")
    r = registry()
    assert r.get("hinge")(9) == 3
    assert r.names() == ["hinge"]
    assert [broken.reason for broken in r.broken.values()] == ["its name belongs to a built-in"]

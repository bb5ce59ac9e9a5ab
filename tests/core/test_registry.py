import sys

import pytest

from multigan.core.errors import PluginError, UnknownNameError
from multigan.core.registry import Origin, Registry, callable_only, pick, unread_entries


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


def test_a_plugin_that_hangs_is_left_behind_in_a_listing(tmp_path, monkeypatch, capsys):
    (tmp_path / "plugin_hangs.py").write_text("print('so far')\nimport threading\nthreading.Event().wait()")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.losses:hangs=plugin_hangs:thing")
    monkeypatch.setattr("multigan.core.registry.PATIENCE_S", 0.5)
    r = registry()
    assert [name for name, _ in r.items()] == ["hinge"]
    assert "did not answer within 0.5 s" in r.broken["hangs"].reason
    sys.stdout.write("a result")
    assert capsys.readouterr() == ("a result", "so far\n")


def test_an_interrupt_is_no_fault_of_a_plugin(tmp_path, monkeypatch):
    (tmp_path / "plugin_stopped.py").write_text("raise KeyboardInterrupt")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.losses:stopped=plugin_stopped:thing")
    with pytest.raises(KeyboardInterrupt):
        registry().get("stopped")


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
    "base": "raise BaseException('odd')",
    "mute": "class E(BaseException):\n    def __str__(self): raise E\n    __repr__ = __str__\nraise E",
    "steers": "raise ValueError('a\\nb\\x1b[2J')",
    "deep": "def f(): f()\nf()",
    "attribute": "class T:\n    def __getattr__(self, name): raise SystemExit\nthing = T()",
    "equal": (
        "class V:\n    def __eq__(self, other): raise KeyError\n    __ne__ = __eq__\n"
        "class T:\n    multigan_api = V()\nthing = T()"
    ),
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


GOOD = "thing = len\n"


def plugins(**options):
    return Registry("loss", "multigan.losses", {"hinge": "math:sqrt"}, **options)


def test_an_installed_package_is_known_with_its_version(install):
    install("tiny-good", {"multigan.losses": {"mine": "tiny_good:thing"}}, "2.3", tiny_good=GOOD)
    r = plugins()
    assert r.get("mine") is len
    assert r.origin("mine") == Origin("tiny_good:thing", "tiny-good", "2.3")
    assert str(r.origin("mine")) == "tiny-good 2.3, tiny_good:thing"
    assert r.is_plugin("mine")
    assert not r.is_plugin("hinge")


FAULTS = {
    "raises": ("raise RuntimeError('boom')", "RuntimeError: boom"),
    "missing": ("import a_package_that_is_not_there", "ModuleNotFoundError"),
    "exits": ("raise SystemExit(3)", "SystemExit"),
    "no such name": ("", "AttributeError"),
    "wrong type": ("thing = 3", "'bad' is int; expected something that can be called"),
    "newer contract": ("multigan_api = 3\nthing = len", "made for multigan_api = 3; expected multigan_api = 2"),
    "older contract": ("multigan_api = 1\nthing = len", "= 1; expected multigan_api = 2; write own_scores in place of"),
    "moved module": ("from multigan.errors import DataError", "made for multigan_api = 1: ModuleNotFoundError"),
    "no such name of ours": (
        "from multigan import LossPair\nmultigan_api = 2",
        "there is no 'LossPair' in multigan; expected a name that it has; correct the import",
    ),
    "no such module of ours": ("import multigan.loses", "there is no module 'multigan.loses'; expected a module of"),
    "newer contract of the thing": (
        "def thing(): ...\nthing.multigan_api = 7",
        "made for multigan_api = 7; expected multigan_api = 2",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_package_is_isolated_with_its_reason(fault, install):
    source, reason = FAULTS[fault]
    install("tiny-bad", {"multigan.losses": {"bad": "tiny_bad:thing"}}, tiny_bad=source)
    install("tiny-good", {"multigan.losses": {"good": "tiny_good:thing"}}, tiny_good=GOOD)
    r = plugins(check=callable_only)
    assert [name for name, _ in r.items()] == ["good", "hinge"]
    assert reason in r.broken["bad"].reason
    assert r.broken["bad"].origin.distribution == "tiny-bad"
    with pytest.raises(PluginError, match=r"tiny-bad 1\.0, tiny_bad:thing"):
        r.get("bad")


def test_where_the_contract_must_be_named_its_absence_is_a_fault(install):
    install("tiny-good", {"multigan.losses": {"good": "tiny_good:thing"}}, tiny_good=GOOD)
    r = plugins(declares=True)
    assert "good" not in dict(r.items())
    assert "multigan_api = 2" in r.broken["good"].reason


def test_of_two_packages_with_one_name_the_first_has_it_and_the_other_is_named(install):
    install("tiny-b", {"multigan.losses": {"mine": "tiny_b:thing"}}, tiny_b="thing = max")
    install("tiny-a", {"multigan.losses": {"mine": "tiny_a:thing"}}, tiny_a="thing = min")
    r = plugins()
    assert r.get("mine") is min
    (broken,) = r.broken.values()
    assert broken.origin.distribution == "tiny-b"
    assert broken.reason == "its name belongs to tiny-a 1.0, tiny_a:thing"


def test_what_is_under_development_goes_before_what_is_installed(install, monkeypatch):
    install("tiny-a", {"multigan.losses": {"mine": "tiny_a:thing"}}, tiny_a="thing = min", tiny_dev="thing = max")
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.losses:mine=tiny_dev:thing")
    assert plugins().get("mine") is max


@pytest.mark.parametrize(
    "text", ["[multigan.losses]\nbad = \n", "[multigan.losses]\nbad = a b c\n", "\0\0[", "[multigan"]
)
def test_damaged_metadata_is_no_reason_to_fail(text, install):
    site = install("tiny-bad", {})
    (site / "tiny_bad-1.0.dist-info" / "entry_points.txt").write_text(text)
    (site / "tiny_bad-1.0.dist-info" / "METADATA").write_text("")
    r = plugins()
    assert [name for name, _ in r.items()] == ["hinge"]


def test_a_name_is_lent_and_given_back():
    r = plugins()
    with r.lend("hinge", 1), r.lend("other", 2):
        assert (r.get("hinge"), r.get("other")) == (1, 2)
    assert r.get("hinge")(9) == 3
    assert "other" not in r


def test_a_closed_set_suggests_the_nearest():
    sizes = {"small": 1, "large": 2}
    assert pick("size", sizes, "large") == 2
    with pytest.raises(UnknownNameError, match=r"there is no size 'smal'.*'small'"):
        pick("size", sizes, "smal")


def test_an_interrupt_that_a_plugin_raises_is_its_own_fault_and_said_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "plugin_keys.py").write_text("raise KeyboardInterrupt('mine')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MULTIGAN_PLUGINS", "multigan.losses:keys=plugin_keys:thing")
    r = registry()
    assert [name for name, _ in r.items()] == ["hinge"]
    assert "KeyboardInterrupt" in r.broken["keys"].reason
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("target", ["json", "json:", ":loads", "a b:c", "json:loads:more"])
def test_an_entry_that_leads_nowhere_is_told_in_words(monkeypatch, target):
    monkeypatch.setenv("MULTIGAN_PLUGINS", f"multigan.losses:x={target}")
    with pytest.raises(PluginError, match=r"its entry leads to '.*'; expected module:attribute"):
        registry().get("x")


def test_entries_that_nothing_reads_are_told(monkeypatch):
    entries = "garbage, multigan.lossses:a=b:c,multigan.losses:,multigan.losses:fine=json:loads,=,"
    monkeypatch.setenv("MULTIGAN_PLUGINS", entries)
    said = unread_entries({"multigan.losses"})
    assert said == [
        "'garbage' is no group:name=module:object",
        "'multigan.lossses:a=b:c': there is no group 'multigan.lossses'; did you mean 'multigan.losses'?",
        "'multigan.losses:' is no group:name=module:object",
        "'=' is no group:name=module:object",
    ]
    assert registry().names() == ["fine", "hinge"]

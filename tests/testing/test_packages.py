import pytest

from multigan.core.errors import UnknownNameError
from multigan.losses import losses, penalties
from multigan.testing.packages import check_target

LOSS = """
from multigan.losses import LossPair
def flat(x):
    return x.reshape(len(x), -1).mean(1)
good = LossPair("good", lambda r, f: flat(f - r), lambda f, r: -flat(f), False)
bad = LossPair("bad", lambda r, f: (f - r).mean(), lambda f, r: -f, False)
def penalty(D, real, fake, cond, draw):
    return D(real).square()
"""


@pytest.fixture
def fresh(monkeypatch):
    for registry in (losses, penalties):
        monkeypatch.setattr(registry, "_points", None)
        monkeypatch.setattr(registry, "broken", {})
        monkeypatch.setattr(registry, "_loaded", {})


def test_all_that_a_package_offers_is_checked(install, fresh):
    points = {name: f"tiny_losses:{name}" for name in ("good", "bad", "absent")}
    groups = {"multigan.losses": points, "multigan.penalties": {"p": "tiny_losses:penalty"}}
    install("tiny-losses", groups, tiny_losses=LOSS)
    found = dict(check_target("tiny-losses"))
    assert found["loss good"].state == "passed"
    assert "bad.d returns ()" in found["loss bad"].message
    assert "AttributeError" in found["loss absent"].message
    assert found["penalty p"].state == "passed"


def test_an_object_is_checked_by_its_place(install):
    install("tiny-losses", {}, tiny_losses=LOSS)
    assert [result.state for _, result in check_target("tiny_losses:good")] == ["passed"]
    assert [result.state for _, result in check_target("tiny_losses:bad")] == ["failed"]
    assert [result.state for _, result in check_target("tiny_losses:penalty")] == ["passed"]
    states = {result.state for _, result in check_target("multigan.plugins.points:modality")}
    assert states <= {"passed", "skipped"}
    with pytest.raises(UnknownNameError, match="is nowhere"):
        list(check_target("tiny_losses:none"))


@pytest.mark.parametrize(("source", "said"), [("def build(:", "SyntaxError"), ("1 / 0", "ZeroDivisionError")])
def test_a_module_that_raises_does_not_load(install, source, said):
    install("tiny-ill", {}, tiny_ill=source)
    ((_, result),) = check_target("tiny_ill:build")
    assert result.state == "failed"
    assert result.name == "loads"
    assert said in result.message


@pytest.mark.parametrize("said", ["1", "9", "'2'"])
def test_an_object_of_another_contract_is_refused_as_training_refuses_it(install, said):
    install("tiny-old", {}, tiny_old=f"multigan_api = {said}\n{LOSS}")
    ((_, result),) = check_target("tiny_old:good")
    assert result.state == "failed"
    assert f"made for multigan_api = {said}; expected multigan_api = 2" in result.message

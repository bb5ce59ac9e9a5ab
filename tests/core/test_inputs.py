from multigan.core.inputs import Halves, Inputs, Sets, Translates
from multigan.core.types import Spec, able
from multigan.inputs.degraded import Degraded
from multigan.plugins import modalities


def test_what_offers_inputs_is_known_by_its_members():
    assert isinstance(Degraded([], Spec("image", (1, 4, 4))), Inputs)
    assert not isinstance(object(), Inputs)
    assert able(modalities.get("image"), Translates)
    assert able(modalities.get("image"), Halves)
    assert able(modalities.get("image"), Sets)
    assert able(modalities.get("text"), Translates)
    assert not able(modalities.get("text"), Halves)
    assert not able(modalities.get("points"), Translates)

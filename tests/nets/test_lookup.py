import pytest

from multigan.core.errors import RecipeError
from multigan.nets.lookup import net_builder, net_options
from multigan.plugins import modalities


def options(player, name, **given):
    modality = modalities.get("text")
    return net_options(net_builder(modality, player, name), given, modality, player, name, ())


def test_options_of_a_net_are_checked():
    assert options("G", "gru-reader", width=16) == {"width": 16}
    with pytest.raises(RecipeError, match=r"G\.widht is no option here"):
        options("G", "gru-reader", widht=16)


def test_an_option_of_another_net_says_whose_it_is():
    with pytest.raises(RecipeError) as said:
        options("G", "gru-reader", weights="t5", kind="bart")
    assert said.value.given == "G.weights is no option of the net 'gru-reader'"
    assert said.value.fix == "seq2seq has it: type --set G.net=seq2seq"


def test_a_net_without_an_input_is_no_cure_for_one_that_is_given_one():
    audio = modalities.get("audio")
    with pytest.raises(RecipeError, match=r"G\.hiss is no option of the net 'wavegan'; fourier has it"):
        net_options(audio.generators["wavegan"], {"hiss": "bands"}, audio, "G", "wavegan", ())
    with pytest.raises(RecipeError, match=r"G\.hiss is no option here; choose from"):
        net_options(audio.translators["mask-gru"], {"hiss": "bands"}, audio, "G", "mask-gru", ())


def test_options_that_no_net_has_together_are_no_others():
    with pytest.raises(RecipeError, match="is no option here"):
        options("G", "gru-reader", weights="t5", nothing=1)

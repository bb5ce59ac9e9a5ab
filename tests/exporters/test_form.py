import pytest

from multigan.exporters import Form, forms


@pytest.mark.parametrize("name", ["onnx", "safetensors", "torch-export", "torchscript"])
def test_what_ships_keeps_the_contract(name):
    form = forms.get(name)
    assert isinstance(form, Form)
    assert form.suffix.startswith(".")
    assert form.runtime


def test_a_format_without_a_writer_is_none():
    assert not isinstance(object(), Form)

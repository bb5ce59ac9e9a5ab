import json

import torch
from safetensors import safe_open

import multigan


def test_the_file_holds_all_weights_and_how_to_rebuild_the_net(tiny, tmp_path):
    generator = tiny("wavegan-batch")
    done = multigan.export(generator, "safetensors", tmp_path)
    assert done.difference == 0
    with safe_open(done.path, "pt") as file:
        about = json.loads(file.metadata()["multigan"])
        state = generator.net.state_dict()
        assert set(file.keys()) == set(state)
        assert all(torch.equal(file.get_tensor(name), state[name]) for name in state)
    assert about["net"] == generator.config["net"]
    assert about["classes"] == ["low", "mid", "high"]

import json

import torch

from multigan.exporters.about import describe
from multigan.exporters.explicit import make_explicit


def test_everything_that_decoding_needs_is_said(tiny):
    generator = tiny("lstm")
    net = make_explicit(generator.net, generator.modality, generator.spec, conditional=False)
    about = describe(generator, net, net(*net.sample(2)))
    assert json.loads(json.dumps(about)) == about
    assert about["inputs"] == [
        {"name": "noise_tokens", "shape": ["batch", 5], "dtype": "float32", "kind": "uniform", "low": 0.0, "high": 1.0}
    ]
    assert (about["output"]["name"], about["output"]["dtype"], about["output"]["shape"]) == (
        "tokens",
        "int64",
        ["batch", 5],
    )
    assert about["meta"]["vocabulary"]["entries"][2] == "a"
    label = about["label"]
    assert label["weights_sha256"] == generator.config["weights_sha256"]
    assert label["digital_source_type"].endswith("trainedAlgorithmicMedia")
    assert "seed" not in label


def test_a_modality_without_output_words_gets_plain_ones(tiny):
    generator = tiny("mlp")
    net = make_explicit(generator.net, object(), generator.spec, conditional=False)
    about = describe(generator, net, torch.zeros(2, 2))
    assert about["output"]["name"] == "samples"

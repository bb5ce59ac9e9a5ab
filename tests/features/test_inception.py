import pytest
import torch
from safetensors.torch import save_file

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.features import make_extractor
from multigan.features.inception import pool_like_the_fid
from multigan.plugins import modalities

models = pytest.importorskip("torchvision.models", reason="the net is torchvision's")
GREY = Spec("image", (1, 16, 16))


def save(path, outputs):
    net = models.inception_v3(weights=None, init_weights=False, aux_logits=False, num_classes=outputs)
    save_file(net.state_dict(), path)


@pytest.mark.parametrize(("outputs", "is_inception"), [(1008, True), (1000, False)])
def test_weights_decide_what_it_may_be_called(tmp_path, outputs, is_inception):
    path = tmp_path / "inception.safetensors"
    save(path, outputs)
    extractor = make_extractor(f"inception:{path}", GREY, modalities.get("image"))
    assert extractor.is_inception is is_inception
    found = extractor(torch.rand(1, 1, 16, 16) * 2 - 1)
    assert found.shape == (1, 2048)
    assert torch.isfinite(found).all()
    assert len(extractor.sha256) == 64


def test_pooling_equals_the_reference_net():
    reference = pytest.importorskip(
        "torch_fidelity.feature_extractor_inceptionv3", reason="torch-fidelity has the net to compare with"
    )
    net = models.inception_v3(weights=None, init_weights=False, aux_logits=False).eval()
    pool_like_the_fid(net)
    blocks = {
        "Mixed_5b": reference.InceptionA(192, pool_features=32),
        "Mixed_6b": reference.InceptionC(768, channels_7x7=128),
        "Mixed_7b": reference.InceptionE_1(1280),
        "Mixed_7c": reference.InceptionE_2(2048),
    }
    for name, theirs in blocks.items():
        ours = getattr(net, name)
        theirs.load_state_dict(ours.state_dict())
        x = torch.randn(1, theirs.branch1x1.conv.in_channels, 9, 9)
        with torch.no_grad():
            torch.testing.assert_close(ours(x), theirs.eval()(x), rtol=1e-4, atol=1e-4)


def test_what_cannot_be_read(tmp_path):
    image = modalities.get("image")
    with pytest.raises(DataError, match="a file on this machine"):
        make_extractor("inception:weights.pth", GREY, image)
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"broken")
    with pytest.raises(DataError, match="no whole safetensors"):
        make_extractor(f"inception:{path}", GREY, image)
    save_file({"fc.weight": torch.zeros(1008, 2048)}, path)
    with pytest.raises(DataError, match="does not fit"):
        make_extractor(f"inception:{path}", GREY, image)
    with pytest.raises(DataError, match="on audio"):
        make_extractor(f"inception:{path}", GREY, modalities.get("audio"))

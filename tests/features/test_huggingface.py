import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.features import make_extractor
from multigan.plugins import modalities

transformers = pytest.importorskip("transformers", reason="the extractor hf: reads models with transformers")

SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
SETS = {"image": "digits", "audio": "drums", "text": "surnames"}


def samples(name, n=5):
    modality = modalities.get(name)
    data = modality.load(SETS[name])
    return modality, data.spec, modality.to_real(data.items.take(torch.arange(n), Draw(0)), data.spec)


def dinov2(folder):
    config = transformers.Dinov2Config(**{**SMALL, "mlp_ratio": 1}, image_size=28, patch_size=14)
    transformers.Dinov2Model(config).save_pretrained(folder)
    size = {"height": 28, "width": 28}
    transformers.ViTImageProcessor(size=size, do_convert_rgb=True).save_pretrained(folder)
    return 16


def clip(folder):
    text = {**SMALL, "vocab_size": 50, "max_position_embeddings": 8}
    vision = {**SMALL, "image_size": 28, "patch_size": 14}
    config = transformers.CLIPConfig(text_config=text, vision_config=vision, projection_dim=12)
    transformers.CLIPModel(config).save_pretrained(folder)
    size = {"height": 28, "width": 28}
    transformers.CLIPImageProcessor(size={"shortest_edge": 28}, crop_size=size).save_pretrained(folder)
    return 12


def wav2vec2(folder):
    config = transformers.Wav2Vec2Config(
        **SMALL, conv_dim=(8, 8), conv_stride=(5, 4), conv_kernel=(10, 8), num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2, num_feat_extract_layers=2,
    )  # fmt: skip
    transformers.Wav2Vec2Model(config).save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor(sampling_rate=8000).save_pretrained(folder)
    return 16


def clap(folder):
    audio = {
        "patch_embeds_hidden_size": 8, "hidden_size": 16, "depths": [1, 1], "num_attention_heads": [1, 2],
        "num_mel_bins": 16, "spec_size": 64, "window_size": 4, "patch_size": 4, "patch_stride": [4, 4],
    }  # fmt: skip
    config = transformers.ClapConfig(text_config={**SMALL, "vocab_size": 50}, audio_config=audio, projection_dim=12)
    transformers.ClapModel(config).save_pretrained(folder)
    reader = transformers.ClapFeatureExtractor(
        feature_size=16, sampling_rate=16_000, max_length_s=1, truncation="rand_trunc", padding="repeatpad"
    )
    reader.save_pretrained(folder)
    return 12


def bert(folder):
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    config = transformers.BertConfig(**SMALL, vocab_size=len(words), max_position_embeddings=40)
    transformers.BertModel(config).save_pretrained(folder)
    transformers.BertTokenizer(str(folder / "vocab.txt"), model_max_length=40).save_pretrained(folder)
    return 16


MODELS = [("image", dinov2), ("image", clip), ("audio", wav2vec2), ("audio", clap), ("text", bert)]


@pytest.mark.filterwarnings("default")  # the package's own, about its own
@pytest.mark.parametrize(("name", "save"), MODELS)
def test_tiny_models_of_every_kind(name, save, tmp_path):
    dim = save(tmp_path)
    modality, spec, real = samples(name)
    extractor = make_extractor(f"hf:{tmp_path}", spec, modality)
    found = extractor(real)
    assert found.shape == (5, dim)
    assert extractor.dim == dim
    assert torch.isfinite(found).all()
    assert found.std(0).max() > 1e-4  # it looks at the samples
    # Each row is its sample's alone, whatever it is padded beside.
    torch.testing.assert_close(extractor(real[2:3]), found[2:3], rtol=1e-3, atol=1e-4)


@pytest.mark.filterwarnings("default")
def test_the_hash_is_that_of_the_files(tmp_path):
    bert(tmp_path)
    modality, spec, _ = samples("text")
    first = make_extractor(f"hf:{tmp_path}", spec, modality).sha256
    assert make_extractor(f"hf:{tmp_path}", spec, modality).sha256 == first
    bert(tmp_path)  # other random weights
    assert make_extractor(f"hf:{tmp_path}", spec, modality).sha256 != first


@pytest.mark.filterwarnings("default")
def test_what_cannot_be_read(tmp_path):
    modality, spec, _ = samples("image")
    with pytest.raises(DataError, match="hf download nobody/nothing"):
        make_extractor("hf:nobody/nothing", spec, modality)
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(DataError, match=r"no \.safetensors"):
        make_extractor(f"hf:{tmp_path}", spec, modality)
    bert(tmp_path)
    with pytest.raises(DataError, match="cannot be read as a model of image"):
        make_extractor(f"hf:{tmp_path}", spec, modality)
    points = modalities.get("points")
    with pytest.raises(DataError, match="hf: on points"):
        make_extractor(f"hf:{tmp_path}", points.load("ring", n=8).spec, points)

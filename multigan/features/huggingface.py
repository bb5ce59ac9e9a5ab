"""Any Hugging Face model on this machine as an extractor: `hf:PATH_OR_ID`.

Weights are read from safetensors only, no code of a model's author is run, and nothing is downloaded here.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.errors import DataError, PluginError
from multigan.features import Setting

__all__ = ["HuggingFace", "build", "find_folder", "hash_folder"]

CODE_VERSION = 1
READ_WITH_WEIGHTS = (".safetensors", ".json", ".txt", ".model")


def build(argument: str, setting: Setting) -> "HuggingFace":
    """`hf:PATH_OR_ID`: a folder, or the id of a model that was downloaded before.

    Raises:
        DataError: it is not on this machine, has no safetensors, or cannot be read as a model of this modality.
        PluginError: the package transformers is not installed.
    """
    try:
        import transformers  # noqa: F401
    except ImportError as error:
        raise PluginError(
            "hf: needs the package transformers", "an installed one", "type: pip install transformers"
        ) from error
    if setting.modality.name not in _READERS:
        raise DataError(f"hf: on {setting.modality.name}", "image, audio or text", "use 'default'")
    return HuggingFace(argument, find_folder(argument), setting)


def find_folder(where: str) -> Path:
    """The folder of a model given by path, or by the id of one in the Hugging Face cache; never downloads.

    Raises:
        DataError: neither is there, or there are no safetensors in it.
    """
    folder = Path(where).expanduser()
    if not where or not folder.is_dir():
        folder = _downloaded(where)
    if not any(folder.glob("*.safetensors")):
        raise DataError(f"{where} has no .safetensors", "safetensors weights (pickled ones are not read)", "convert it")
    return folder


def hash_folder(folder: Path) -> str:
    """SHA-256 over names and contents of weights, configuration and vocabulary."""
    digest = hashlib.sha256(f"hf/{CODE_VERSION}".encode())
    for path in sorted(folder.iterdir()):
        if path.suffix in READ_WITH_WEIGHTS:
            digest.update(f"\0{path.name}\0".encode())
            with path.open("rb") as opened:
                while block := opened.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


class HuggingFace:
    """A model and its preprocessing.

    Pictures go through the model's image processor, sounds are mixed to mono and resampled to the model's rate, texts
    are written out and tokenised. A model with a projection into a joint space (CLIP, CLAP) gives that embedding; one
    with a pooled output on pictures (DINOv2) gives that; others the mean of the last hidden states, padding left out.

    Args:
        argument: as it was asked for.
        folder: where the model lies.
        setting: spec, modality and device.
    """

    def __init__(self, argument: str, folder: Path, setting: Setting) -> None:
        from transformers import AutoModel

        self.name, self.setting = f"hf:{argument}", setting
        self._prepare, self._method = _READERS[setting.modality.name]
        options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self.reader = _reader(setting.modality.name, folder, options)
            model = AutoModel.from_pretrained(folder, use_safetensors=True, **options)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise DataError(
                f"{folder} cannot be read as a model of {setting.modality.name}: {reason}",
                "a model with its preprocessor's files",
                "download the whole folder",
            ) from error
        self.model = model.eval().requires_grad_(False).to(setting.device)
        self.sha256 = hash_folder(folder)
        self.dim: int | None = None

    @torch.no_grad()
    def __call__(self, real: Tensor) -> Tensor:
        """`(batch, *spec.shape)` -> `(batch, dim)`."""
        inputs = {k: v.to(self.setting.device) for k, v in self._prepare(self.reader, real, self.setting).items()}
        joint = getattr(self.model, self._method, None)
        found = self._pooled(joint(**inputs)) if joint else self._one_per_sample(inputs)
        self.dim = found.shape[1]
        return found.float()

    def _one_per_sample(self, inputs: dict[str, Tensor]) -> Tensor:
        out = self.model(**inputs)
        if self.setting.modality.name == "image" and getattr(out, "pooler_output", None) is not None:
            return self._pooled(out)
        hidden: Tensor = out.last_hidden_state
        if hidden.ndim == 4:  # a convolutional net: (B, C, H, W)
            return hidden.mean((2, 3))
        mask = inputs.get("attention_mask")
        if mask is None or mask.shape != hidden.shape[:2]:
            return hidden.mean(1)
        weight = mask[..., None].to(hidden)
        return (hidden * weight).sum(1) / weight.sum(1).clamp_min(1)

    def _pooled(self, out: Any) -> Tensor:
        found: Tensor = out if isinstance(out, Tensor) else out.pooler_output
        return found.flatten(1)


def _reader(modality: str, folder: Path, options: dict[str, Any]) -> Any:
    import transformers

    kind = {"image": "AutoImageProcessor", "audio": "AutoFeatureExtractor", "text": "AutoTokenizer"}[modality]
    return getattr(transformers, kind).from_pretrained(folder, **options)


def _pictures(reader: Any, real: Tensor, setting: Setting) -> dict[str, Tensor]:
    pictures = [picture.convert("RGB") for picture in setting.modality.render(real.cpu(), setting.spec)]
    return dict(reader(images=pictures, return_tensors="pt"))


def _sounds(reader: Any, real: Tensor, setting: Setting) -> dict[str, Tensor]:
    from torchaudio.functional import resample

    rate = int(reader.sampling_rate)
    mono = resample(real.float().cpu().mean(1), int(setting.spec.meta["sample_rate_hz"]), rate)
    # CLAP's reader cuts longer sounds at a random place and calls one sound of a batch longer at random.
    mono = mono[:, : getattr(reader, "nb_max_samples", mono.shape[1])]
    inputs = dict(reader(list(mono.numpy()), sampling_rate=rate, return_tensors="pt", padding=True))
    if "is_longer" in inputs:
        inputs["is_longer"] = torch.zeros_like(torch.as_tensor(inputs["is_longer"]))
    return inputs


def _texts(reader: Any, real: Tensor, setting: Setting) -> dict[str, Tensor]:
    lines = setting.modality.render(real.cpu(), setting.spec)
    # Models of this kind read at most 512 tokens; a tokenizer that knows no limit says so by a huge number.
    most = min(int(reader.model_max_length), 512)
    return dict(reader(lines, return_tensors="pt", padding=True, truncation=True, max_length=most))


_Prepare = Callable[[Any, Tensor, Setting], dict[str, Tensor]]
_READERS: dict[str, tuple[_Prepare, str]] = {
    "image": (_pictures, "get_image_features"),
    "audio": (_sounds, "get_audio_features"),
    "text": (_texts, "get_text_features"),
}


def _downloaded(where: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(where, local_files_only=True))
    except (OSError, ValueError) as error:
        raise DataError(
            f"there is no folder '{where}', and no model of that name was downloaded",
            "hf:FOLDER, or hf:ID of a downloaded model",
            f"type: hf download {where}",
        ) from error

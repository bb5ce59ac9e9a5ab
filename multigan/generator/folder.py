"""A generator's folder: found, read, and checked whole before anything in it is believed or memory is given for it."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite, prod
from pathlib import Path
from typing import Annotated, Any

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from torch import nn

from multigan.core.atomic import OLD
from multigan.core.counted import counted
from multigan.core.errors import CheckpointError, DataError, MultiGANError, UnknownNameError, did_you_mean
from multigan.core.later import by_later
from multigan.core.plain import words_of
from multigan.core.tensor_file import load_tensors, open_tensors
from multigan.core.types import Spec
from multigan.files.listing import beside
from multigan.nets.both_ways import BothWays
from multigan.nets.capacity import built
from multigan.nets.lookup import net_builder
from multigan.nets.programs import offer, refuse_unpinned, text_of
from multigan.plugins import modalities
from multigan.plugins.abilities import Decodes, able
from multigan.recipe.options import bind

__all__ = ["AGAIN", "CONFIG", "KEPT", "WEIGHTS", "find_folder", "input_spec", "read_config", "read_net"]

CONFIG, WEIGHTS = "config.json", "generator.safetensors"
KEPT = {"last": "generator", "best": "generator-best", "mle": "generator-mle", "fit": "generator-fit"}
CONFIG_BYTES = 2**26
SAMPLE_VALUES = 2**28
"""More values in one sample are no generator's of this kind: 1 GiB of float32."""
WHOLE, AGAIN = "the file as it was written", "copy it again"

Size = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Net(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    options: dict[str, Any]


class _Spec(_Strict):
    modality: str
    shape: Annotated[list[Size], Field(min_length=1, max_length=8)]
    classes: list[Annotated[str, Field(min_length=1)]] = []
    meta: dict[str, Any] = {}
    channel_axis: Annotated[int, Field(ge=0, le=7)] = 0


class _Input(_Strict):
    spec: _Spec
    # How inputs were made of targets, for people.
    degrade: list[dict[str, Any]] = []
    # Whether the weights are of both ways, there and back.
    both_ways: bool = False


class _Config(_Strict):
    # What a run notes beside these is for people; programs of others may note more.
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    name: str
    recipe: str
    net: _Net
    spec: _Spec
    weights_sha256: Annotated[str, Field(pattern=re.compile(r"^[0-9a-f]{64}$"))]
    created: str | None = None
    multigan_version: str | None = None
    seed: int | None = None
    samples_seen: Annotated[int, Field(ge=0)] | None = None
    input: _Input | None = None
    # The file that builds a net of one's own.
    program: str | None = None


def find_folder(path: str | Path, which: str | None) -> tuple[Path, str]:
    """Where the two files of a generator are, and which of a run's generators that is ("" where it is no run's).

    Args:
        path: a run directory, a generator folder or a hub id.
        which: of a run, one of `KEPT`; None = the best where the run kept it, else the last.

    Raises:
        CheckpointError: there is none, or one of its two files is missing: another is not taken in its place.
        UnknownNameError: `which` is no generator of a run.
    """
    here = Path(path)
    if which is not None and which not in KEPT:
        raise UnknownNameError(f"a run has no '{which}' generator", "", did_you_mean(which, KEPT))
    if _whole(here):
        return here, ""
    for name in (which,) if which is not None else ("best", "last"):
        # The second is what a kill between two renames leaves; see `replace_folder`.
        for folder in (here / KEPT[name], here / f"{OLD}{KEPT[name]}"):
            if _whole(folder):
                return folder, name
        _refuse_torn(here / KEPT[name])
    _refuse_torn(here)
    if kept := [name for name, folder in KEPT.items() if _whole(here / folder)]:
        given = f"{path} kept no '{which or 'last'}' generator"
        raise CheckpointError(given, f"one of {', '.join(kept)}", f"type --which {kept[0]}")
    if here.exists() or str(path).count("/") != 1 or str(path).startswith((".", "/")):
        near = beside(here)
        hint = did_you_mean(here.name, near) if near and not here.exists() else "train one: multigan train image/digits"
        raise CheckpointError(f"no generator in {path}", f"a run directory or a folder with {CONFIG}", hint)
    return _download(str(path)), ""


def version(folder: Path) -> list[tuple[int, int] | None]:
    """What tells one writing of a generator folder from the next: inode and time of its files, None where absent."""
    seen: list[tuple[int, int] | None] = []
    for name in (CONFIG, WEIGHTS):
        try:
            stat = (folder / name).stat()
            seen.append((stat.st_ino, stat.st_mtime_ns))
        except OSError:
            seen.append(None)
    return seen


def read_config(path: Path) -> tuple[dict[str, Any], Spec]:
    """The JSON beside the weights, without its `spec`, and the spec.

    Raises:
        CheckpointError: it is not what `Generator.save_pretrained` writes; the key is named.
    """
    with by_later(path):
        try:
            if path.stat().st_size > CONFIG_BYTES:
                raise CheckpointError(
                    f"{path} has {counted(path.stat().st_size, 'byte')}", f"at most {CONFIG_BYTES:,}", AGAIN
                )
            config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
            checked = _Config.model_validate(config)
        except ValidationError as error:
            raise _damaged(path, error) from error
        except (OSError, ValueError, RecursionError) as error:
            raise CheckpointError(f"{path} is damaged: {words_of(error)}", WHOLE, AGAIN) from error
        _check_time(path, checked.created)
        del config["spec"]
        if checked.input is not None:
            _spec_of(path, checked.input.spec)
        return config, _spec_of(path, checked.spec)


def input_spec(config: Mapping[str, Any]) -> Spec | None:
    """What an input of the generator is, by a config that `read_config` found whole; None where it takes none."""
    return _plain_spec(_Spec(**config["input"]["spec"])) if "input" in config else None


def read_net(folder: Path, config: Mapping[str, Any], spec: Spec) -> nn.Module:
    """The net that the config describes, with its weights; the file of weights is compared with it before it is built.

    Raises:
        CheckpointError: options, sizes and weights do not go together, or weights are not finite.
    """
    with by_later(folder / CONFIG):
        return _net(folder, config, spec)


def _net(folder: Path, config: Mapping[str, Any], spec: Spec) -> nn.Module:
    name, options = config["net"]["name"], config["net"]["options"]
    with _as_damage(folder / CONFIG):
        refuse_unpinned(name)  # before anything is run
    if "program" in config:
        offer(config["program"])
        text_of(name)  # whether it may be run is no question of damage
    with _as_damage(folder / CONFIG):
        builder = net_builder(modalities.get(spec.modality), "G", name)
        bound, source = bind(builder, options, "net.options"), input_spec(config)
        build = _builder(config, builder, bound, spec, source)
        _compare(folder / WEIGHTS, build)
        net = built("G", name, bound, build)
    try:
        net.load_state_dict(load_tensors(folder / WEIGHTS))
    except (RuntimeError, SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise _of_another_net(folder / WEIGHTS, words_of(error)) from error
    for key, value in net.state_dict().items():
        if value.is_floating_point() and not isfinite(value.sum(dtype=torch.float64).item()):
            raise CheckpointError(f"{folder / WEIGHTS}: {key} holds NaN or infinity", "finite weights", AGAIN)
    return net


def _builder(
    config: Mapping[str, Any],
    builder: Callable[..., nn.Module],
    bound: Mapping[str, Any],
    spec: Spec,
    source: Spec | None,
) -> Callable[[], nn.Module]:
    """What builds the net of a config: of noise, of an input, or of both ways."""
    if source is None:
        return lambda: builder(spec, **bound)
    if not config["input"].get("both_ways"):
        return lambda: builder(spec, source, **bound)
    return lambda: BothWays(builder(spec, source, **bound), builder(source, spec, **bound), spec, source)


def _whole(folder: Path) -> bool:
    return (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()


def _refuse_torn(folder: Path) -> None:
    """Nothing where nothing lies; what a run keeps and holds one of the files, or none, was copied in part."""
    held = [(folder / name).exists() for name in (CONFIG, WEIGHTS)]
    if folder.name in KEPT.values() and folder.exists() and not any(held):
        raise CheckpointError(f"{folder} holds no generator: neither {CONFIG} nor {WEIGHTS}", "both files", AGAIN)
    for there, missing in ((CONFIG, WEIGHTS), (WEIGHTS, CONFIG)):
        if (folder / there).is_file():
            raise CheckpointError(f"{folder} has {there}, and no {missing} beside it", "both files", AGAIN)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, whose keys stand in it once: of two values, which one is meant is anyone's guess."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is there twice")
    return found


def _damaged(path: Path, error: ValidationError, within: str = "") -> CheckpointError:
    fault = error.errors()[0]
    key = ".".join([*filter(None, [within]), *(str(part) for part in fault["loc"])]) or "the whole"
    return CheckpointError(f"{path} is damaged: {key}: {fault['msg']}", WHOLE, AGAIN)


def _spec_of(path: Path, plain: _Spec) -> Spec:
    """A spec that can be believed, and decoded."""
    if prod(plain.shape) > SAMPLE_VALUES or plain.channel_axis >= len(plain.shape):
        given = f"{path} is damaged: samples of {plain.shape}, joined along axis {plain.channel_axis}"
        raise CheckpointError(given, WHOLE, AGAIN)
    spec = _plain_spec(plain)
    _check_spec(path, spec)
    return spec


def _plain_spec(plain: _Spec) -> Spec:
    return Spec(plain.modality, tuple(plain.shape), tuple(plain.classes), plain.meta, plain.channel_axis)


def _check_spec(path: Path, spec: Spec) -> None:
    """What the modality itself has to say of a spec that is to be decoded."""
    modality = modalities.get(spec.modality)
    if not able(modality, Decodes):
        return
    try:
        modality.check_spec(spec)
    except ValidationError as error:
        raise _damaged(path, error, "spec.meta") from error
    except (DataError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged: spec.meta: {words_of(error)}", WHOLE, AGAIN) from error


def _check_time(path: Path, text: str | None) -> None:
    try:
        made = datetime.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise CheckpointError(f"{path} is damaged: created: {words_of(error)}", WHOLE, AGAIN) from error
    if made is not None and made.tzinfo is None:
        raise CheckpointError(f"{path} is damaged: created: {text} has no time zone", WHOLE, AGAIN)


class _as_damage:
    """Whatever the building blocks say to what stands in a file is damage of that file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        known = isinstance(error, MultiGANError) and not isinstance(error, CheckpointError)
        if error is not None and (known or isinstance(error, TypeError | ValueError | ArithmeticError | LookupError)):
            words = str(error).rstrip(".")
            raise CheckpointError(f"{self.path} does not describe a net: {words}", WHOLE, AGAIN) from error


def _compare(weights: Path, build: Callable[[], nn.Module]) -> None:
    """Names and shapes of a file against those of a net, without memory for either."""
    try:
        with open_tensors(weights) as opened:
            kept = {key: tuple(opened.get_slice(key).get_shape()) for key in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"{weights} is damaged: {words_of(error)}", WHOLE, AGAIN) from error
    try:
        # Tensors of the device "meta" have a shape and no memory.
        with torch.device("meta"):
            wanted = {key: tuple(value.shape) for key, value in build().state_dict().items()}
    except MultiGANError:
        raise
    except Exception:  # a net that cannot be built without memory; what is wrong with it shows with
        return
    if kept != wanted:
        key = next(key for key in [*wanted, *kept] if kept.get(key) != wanted.get(key))
        raise _of_another_net(weights, f"{key} is {kept.get(key, 'missing')}, the config wants {wanted.get(key)}")


def _of_another_net(weights: Path, why: str) -> CheckpointError:
    return CheckpointError(f"{weights} is damaged or of another net: {why}", WHOLE, AGAIN)


def _download(repo_id: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo_id, allow_patterns=[CONFIG, WEIGHTS, "README.md"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointError(
            f"'{repo_id}' is neither a folder nor a repository that can be fetched", "a run directory", "check the path"
        ) from error

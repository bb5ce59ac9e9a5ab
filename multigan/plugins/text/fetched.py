"""A model of the package transformers that lies in a folder, or is fetched from the hub where that is asked for."""

from collections.abc import Callable
from pathlib import Path

from multigan.core.errors import MultiGANError
from multigan.core.plain import one_line
from multigan.files.findings import shown

__all__ = ["HUB", "place_of"]

HUB = "hf:"
"""Before the name of a repository: nothing is ever fetched for a path that does not exist."""
FILES = ("config.json", "tokenizer.json", "model.safetensors", "model.safetensors.index.json", "model-*.safetensors")
SECONDS = 10


def place_of(given: str, refuse: Callable[[str, str, str], MultiGANError], key: str) -> Path:
    """The folder that is meant, which need not exist; for `hf:OWNER/NAME` the one that it was fetched into.

    What was fetched before is taken from the cache of huggingface_hub, also without a network. Only JSON and
    safetensors are fetched.

    Args:
        given: a path, or `hf:` and a repository, with `@REVISION` behind it where another than the newest is meant.
        refuse: makes the error of what was given, what was expected and what to type.
        key: of the recipe.

    Raises:
        MultiGANError: it cannot be fetched.
    """
    if not given.startswith(HUB):
        return Path(given).expanduser()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils._validators import validate_repo_id

    name, at, revision = given.removeprefix(HUB).partition("@")
    try:
        validate_repo_id(name)
        if at and not revision:
            raise HFValidationError("the revision after @ is missing")
    except HFValidationError as error:
        said = f"{key} = '{shown(given)}' names no repository of the hub"
        fix = f"type --set {key}={HUB}OWNER/NAME, or a folder without {HUB}"
        raise refuse(said, f"{HUB}OWNER/NAME, or {HUB}OWNER/NAME@REVISION", fix) from error
    try:
        return Path(
            snapshot_download(name, revision=revision or None, allow_patterns=list(FILES), etag_timeout=SECONDS)
        )
    except (HfHubHTTPError, OSError, ValueError, RuntimeError) as error:
        why = one_line(" ".join(str(error).split()))[:200]
        said = f"{key} = '{shown(given)}' cannot be fetched from the hub ({type(error).__name__}: {why})"
        fetch = f"hf download {shown(name)} --local-dir FOLDER"
        fix = f"fetch it where there is a network ({fetch}), then type --set {key}=FOLDER"
        raise refuse(said, "a repository of the hub that can be reached", fix) from error

"""The way to a Hugging Face repository."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from multigan.core.errors import RunError
from multigan.generator.generator import Generator
from multigan.publish.card import CardOptions
from multigan.publish.facts import RunFiles
from multigan.publish.folder import write_folder

if TYPE_CHECKING:
    from huggingface_hub import HfApi

__all__ = ["push_to_hub", "upload"]


def push_to_hub(
    generator: Generator,
    repo_id: str,
    *,
    private: bool = False,
    token: str | None = None,
    licence: str = "unknown",
    facts: RunFiles | None = None,
    api: "HfApi | None" = None,
) -> str:
    """Write a generator folder in a temporary place and upload it as one commit.

    Args:
        generator: what to publish.
        repo_id: `"owner/name"`; made where it does not exist.
        private: of a new repository.
        token: of the hub; None = the one that `hf auth login` left.
        licence: identifier of a licence of the hub.
        facts: of the run, for the card.
        api: another client, for other hubs and for tests.

    Returns:
        The address of the commit.

    Raises:
        RunError: the name is no repository's, or the hub refused or could not be reached; nothing is half there,
            because all files come in one commit.
    """
    with TemporaryDirectory() as place:
        folder = write_folder(generator, Path(place) / "folder", facts=facts, options=CardOptions(repo_id, licence))
        return upload(folder, repo_id, private=private, token=token, api=api)


def upload(
    folder: Path, repo_id: str, *, private: bool = False, token: str | None = None, api: "HfApi | None" = None
) -> str:
    """Upload a folder as it is; see `push_to_hub`."""
    from huggingface_hub import HfApi

    if repo_id.count("/") != 1 or not all(repo_id.split("/")):
        raise RunError(f"'{repo_id}' is no repository", "owner/name", "type --to OWNER/NAME")
    client = api if api is not None else HfApi(token=token)
    try:
        client.create_repo(repo_id, private=private, exist_ok=True, token=token)
        commit = client.upload_folder(
            repo_id=repo_id, folder_path=folder, commit_message="Upload a MultiGAN generator", token=token
        )
    except Exception as error:  # what a dead network raises depends on the client's version and its HTTP library
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RunError(
            f"'{repo_id}' was not published: {reason}",
            "a hub that can be reached and a token that may write",
            "run hf auth login, or write a folder with --folder DIR",
        ) from error
    return str(getattr(commit, "commit_url", commit))

"""C2PA: a signed manifest inside a file, for those who have a certificate. Optional, and never done unasked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multigan.core import strict_json
from multigan.core.atomic import staged
from multigan.core.errors import DataError, RunError, did_you_mean
from multigan.core.version import __version__
from multigan.provenance.labels import SOURCE_TYPE, read

__all__ = ["ALGORITHMS", "manifest", "sign", "verify"]

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
ASSERTION = "org.multigan.label"
_TYPES = {".png": "image/png", ".wav": "audio/wav", ".gif": "image/gif"}


def sign(path: Path, chain: Path, key: Path, algorithm: str = "es256") -> None:
    """Put a signed C2PA manifest into a labelled file, in place; pixels and samples are untouched.

    The manifest says that a trained algorithm made the file, and repeats the label. Nothing is sent anywhere: there is
    no time stamp of an authority.

    Args:
        path: a PNG, GIF or WAV that MultiGAN wrote.
        chain: the signer's certificate and those above it, PEM. Validators show the signer as unknown unless the
            last one is on a trust list.
        key: the private key, PEM, without a password.
        algorithm: of the key, one of `ALGORITHMS`.

    Raises:
        DataError: the file has no label, or is of a type that is not signed here.
        RunError: the package is missing, or certificate and key do not fit.
    """
    if algorithm not in ALGORITHMS:
        raise DataError(f"there is no signature algorithm '{algorithm}'", "", did_you_mean(algorithm, ALGORITHMS))
    kind = _kind(path)
    label = read(path)
    c2pa = _import_c2pa()
    try:
        info = c2pa.C2paSignerInfo(algorithm.encode(), chain.read_bytes(), key.read_bytes(), None)
        signer = c2pa.Signer.from_info(info)
        builder = c2pa.Builder(strict_json.dumps(manifest(path.name, label)))
        with staged(path) as signed, path.open("rb") as source, signed.open("w+b") as target:
            builder.sign(signer, kind, source, target)
    except (c2pa.C2paError, OSError) as error:
        raise RunError(
            f"cannot sign {path}: {error}",
            "a certificate chain and its key in PEM files",
            "check --chain, --key and --algorithm",
        ) from error


def verify(path: Path) -> dict[str, str] | None:
    """What the manifest of a file says: `state`, `signer` and `problems`; None where there is no manifest.

    `state` is "Valid" where nothing was changed after signing; `problems` then names what validators will still say,
    such as `signingCredential.untrusted`.

    Raises:
        RunError: the package is missing.
    """
    c2pa = _import_c2pa()
    try:
        with Path(path).open("rb") as source:
            found: dict[str, Any] = json.loads(c2pa.Reader(_kind(path), source).json())
    except c2pa.C2paError:
        return None
    signature = found["manifests"][found["active_manifest"]].get("signature_info", {})
    problems = [problem["code"] for problem in found.get("validation_status", [])]
    return {
        "state": str(found.get("validation_state")),
        "signer": str(signature.get("common_name") or signature.get("issuer")),
        "problems": ", ".join(problems),
    }


def manifest(title: str, label: Mapping[str, str]) -> dict[str, Any]:
    """A C2PA manifest: one action, `c2pa.created` by a trained algorithm, and the label as an assertion of its own."""
    created = {
        "action": "c2pa.created",
        "digitalSourceType": label.get("digital_source_type", SOURCE_TYPE),
        "softwareAgent": {"name": "MultiGAN", "version": __version__},
    }
    return {
        "claim_generator_info": [{"name": "MultiGAN", "version": __version__}],
        "title": title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": ASSERTION, "data": dict(label)},
        ],
    }


def _kind(path: Path) -> str:
    kind = _TYPES.get(Path(path).suffix.lower())
    if kind is None:
        raise DataError(f"{path} cannot hold a manifest here", "a PNG, GIF or WAV", "sign those")
    return kind


def _import_c2pa() -> Any:
    try:
        import c2pa
    except ImportError as error:
        raise RunError("signing needs c2pa-python", "the package", "pip install 'multigan[c2pa]'") from error
    return c2pa

"""What every output says about itself: synthetic, by which generator, from which recipe and seed, when.

The fields follow the IPTC photo metadata standard (digital source type `trainedAlgorithmicMedia`), written where each
format keeps such things: XMP and text chunks in PNG, a comment and XMP in GIF, LIST/INFO and `_PMX` chunks in WAV,
a field of every line in JSONL, a JSON file beside a text, and the metadata of exported generators. China's field `AIGC`
goes into the XMP of pictures and sounds, and the JSON beside texts, where a producer is named (see `aigc.py`).
"""

import errno
import json
import os
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from glob import escape as escape_glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from xml.sax.saxutils import escape

from multigan.core import strict_json
from multigan.core.errors import DataError, WriteError, unwritten
from multigan.core.version import __version__
from multigan.files.keeping import keeps, refuse, write_whole
from multigan.provenance import aigc
from multigan.provenance.models import read_model
from multigan.provenance.wav import wav_bytes

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngInfo

__all__ = [
    "COMPOSITE",
    "SOURCE_TYPE",
    "label",
    "label_beside",
    "label_of",
    "label_of_sidecar",
    "label_of_sound",
    "make_folder",
    "read",
    "refuse_others",
    "seal_wav",
    "write_gif",
    "write_json",
    "write_jsonl",
    "write_label_beside",
    "write_png",
    "write_text",
    "write_wav",
]

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's name for what is partly captured and partly generated."""
_KEY = "multigan"
_LABEL_BYTES = 2**20
"""Many times what a label takes: nobody's file of gigabytes is read to look for one."""
_CHUNKS = 1000
_SOUNDS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"{space}>
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
<xmp:CreatorTool>{tool}</xmp:CreatorTool><xmp:CreateDate>{created}</xmp:CreateDate>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:description>{aigc}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_GIF_XMP = b"\x21\xff\x0bXMP DataXMP"
# Readers that do not know XMP take its bytes for block lengths; this ramp brings each of them to the block's end.
_GIF_XMP_END = bytes([1, *range(255, -1, -1), 0])


def label(generator: str, weights_sha256: str, recipe: str, seed: int, when: datetime | None = None) -> dict[str, str]:
    """The fields that go into a file.

    Args:
        generator: its name.
        weights_sha256: which weights made the file.
        recipe: name of the recipe.
        seed: of the samples.
        when: time of making; default now, or the environment's SOURCE_DATE_EPOCH for files equal to the byte.

    Returns:
        String fields, `digital_source_type` first; `aigc_producer` only where the environment names one.
    """
    if when is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        when = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return {
        "digital_source_type": SOURCE_TYPE,
        "software": f"MultiGAN {__version__}",
        "generator": _sayable(generator),
        "weights_sha256": weights_sha256,
        "recipe": _sayable(recipe),
        "seed": str(seed),
        "created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({aigc.PRODUCER: name} if (name := aigc.producer()) else {}),
    }


def _sayable(name: str) -> str:
    """A name that may be of a folder whose bytes are no text, as text."""
    return name.encode("utf-8", "backslashreplace").decode()


def label_of(config: Mapping[str, Any], seed: int) -> dict[str, str]:
    """The fields of a generator's files. Their time is that of the generator: the same seed gives the same bytes.

    Args:
        config: of the generator; `created` is its time in ISO form, and without it the time is now.
        seed: of the samples.
    """
    when = config.get("created")
    made = datetime.fromisoformat(when) if when and not os.environ.get("SOURCE_DATE_EPOCH") else None
    return label(config["name"], config["weights_sha256"], config["recipe"], seed, made)


class Saves(Protocol):
    """A picture, Pillow's or one that is saved like them."""

    def save(self, path: Path, *, format: str, pnginfo: "PngInfo") -> None:
        """Write it as a PNG with these chunks."""


def write_png(image: "Image | Saves", path: Path, label: Mapping[str, str]) -> None:
    """Write a PNG with the label as XMP and as a readable text chunk; pixels are untouched."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", _xmp(label, path))
    info.add_itxt(_KEY, strict_json.dumps(dict(label), ensure_ascii=False))
    info.add_text("Software", label.get("software", "MultiGAN"))
    write_whole(path, lambda temporary: image.save(temporary, format="PNG", pnginfo=info))


def write_gif(frames: "Sequence[Image]", path: Path, label: Mapping[str, str], frame_ms: int = 80) -> None:
    """Write an endless GIF with the label as a comment (JSON) and as an XMP application block.

    Args:
        frames: pictures of one size.
        path: the file.
        label: fields of `label`.
        frame_ms: how long each picture stays, in milliseconds.
    """
    comment = strict_json.dumps(dict(label)).encode("ascii")  # a comment has no declared encoding

    def write(temporary: Path) -> None:
        frames[0].save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=list(frames[1:]),
            duration=frame_ms,
            loop=0,
            comment=comment,
        )
        body = temporary.read_bytes()
        temporary.write_bytes(body[:-1] + _GIF_XMP + _xmp(label, path).encode() + _GIF_XMP_END + body[-1:])

    write_whole(path, write)


def write_wav(
    path: Path, wave: "np.ndarray[Any, Any]", sample_rate_hz: int, label: Mapping[str, str], subtype: str = "PCM_16"
) -> None:
    """Write a WAV with the label in a LIST/INFO and an XMP chunk.

    Args:
        path: the file.
        wave: `(samples,)` or `(samples, channels)` in [-1, 1].
        sample_rate_hz: sampling rate.
        label: fields of `label`.
        subtype: sample format of libsndfile: `"PCM_16"`, `"PCM_24"`, `"FLOAT"`.
    """

    def write(temporary: Path) -> None:
        temporary.write_bytes(wav_bytes(wave, sample_rate_hz, subtype))
        seal_wav(temporary, label, path)

    write_whole(path, write)


def seal_wav(file: Path, label: Mapping[str, str], path: Path) -> None:
    """Add the label to a finished WAV, which is to be named `path`, in a LIST/INFO and an XMP chunk."""
    chunks = _info_chunk(label) + _chunk(b"_PMX", _xmp(label, path).encode())
    with file.open("r+b") as opened:
        opened.seek(0, os.SEEK_END)
        end = opened.tell() + opened.tell() % 2
        opened.truncate(end)
        opened.seek(end)
        opened.write(chunks)
        opened.seek(4)
        opened.write(struct.pack("<I", end + len(chunks) - 8))


def write_label_beside(path: Path, label: Mapping[str, str]) -> Path:
    """Write the label as JSON beside a file whose format has no place for it (`sound.mp3.json`)."""
    text = strict_json.dumps(_with_field(label, path), indent=1, ensure_ascii=False) + "\n"
    write_whole(_sidecar(path), lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return _sidecar(path)


def write_text(path: Path, text: str, label: Mapping[str, str]) -> None:
    """Write UTF-8 text, and the label as JSON beside it (`poem.txt.json`)."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    write_label_beside(path, label)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON whose key `label` holds the label."""
    text = strict_json.dumps(dict(content), indent=1, ensure_ascii=False) + "\n"
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]], label: Mapping[str, str]) -> None:
    """Write one JSON object a line, each with the label under `provenance`."""
    lines = [strict_json.dumps({**row, "provenance": _with_field(label, path)}, ensure_ascii=False) for row in rows]
    write_whole(path, lambda temporary: temporary.write_text("\n".join(lines) + "\n", encoding="utf-8"))


def refuse_others(path: Path, label: Mapping[str, str]) -> None:
    """Before time is spent: refuse where files of this name are to be kept and say other things than `label`.

    Args:
        path: without suffix.
        label: what the new files will say; their time may differ.

    Raises:
        RunError: there is such a file.
    """
    for there in sorted(path.parent.glob(f"{escape_glob(path.name)}.*")) if keeps() else ():
        if there.suffix == ".json" and there.with_suffix("").is_file():
            continue  # says what the text beside it is
        try:
            found = read(there)
        except (DataError, OSError, ValueError):
            found = {}
        if any(found.get(name) != value for name, value in label.items() if name != "created"):
            refuse(there)


def read(path: Path) -> dict[str, str]:
    """The label of a file that MultiGAN wrote.

    Raises:
        DataError: the file is missing or has no label.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path} is no file", "a file that MultiGAN wrote", "check the path")
    found = (
        label_beside(path)
        or _read_json(path)
        or _read_sidecar(path)
        or _read_picture(path)
        or label_of_sound(path)
        or read_model(path)
    )
    if not found:
        raise DataError(
            f"{path} carries no label", "a file that MultiGAN wrote", "labels are lost when files are converted"
        )
    return found


def label_beside(path: Path) -> dict[str, str]:
    """What the file beside a text says, or {}."""
    return label_of_sidecar(_sidecar(path))


def label_of_sidecar(path: Path) -> dict[str, str]:
    """The fields of a file such as `poem.txt.json`; {} of another, and where there is none."""
    if path.suffix != ".json" or not path.is_file() or path.stat().st_size > _LABEL_BYTES:
        return {}
    return _fields(path.read_bytes())


def label_of_sound(path: Path) -> dict[str, str]:
    """The label of a WAV, or the one that stands as a comment in a sound that was made from it; {} of any other."""
    return _read_wav(path) or _read_comment(path)


def make_folder(folder: Path) -> None:
    """Make a folder for outputs.

    Raises:
        WriteError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        long = error.errno == errno.ENAMETOOLONG
        expected, fix = unwritten(error) if long else ("a writable folder", "type --out FOLDER")
        raise WriteError(f"cannot make {folder}: {error.strerror}", expected, fix) from error


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _with_field(label: Mapping[str, str], path: Path) -> dict[str, str]:
    field = aigc.field(label, path)
    return {**label, **({aigc.FIELD: field} if field else {})}


def _xmp(label: Mapping[str, str], path: Path) -> str:
    field = aigc.field(label, path)
    return _XMP.format(
        source=escape(label.get("digital_source_type", SOURCE_TYPE)),
        tool=escape(label.get("software", "MultiGAN")),
        created=escape(label.get("created", "")),
        text=escape(_sayable("; ".join(f"{name}: {value}" for name, value in label.items()))),
        space=f'\n xmlns:TC260="{aigc.NAMESPACE}"' if field else "",
        aigc=f"\n<TC260:{aigc.FIELD}>{escape(field)}</TC260:{aigc.FIELD}>" if field else "",
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _info_chunk(label: Mapping[str, str]) -> bytes:
    """A RIFF LIST chunk of type INFO: software, creation date and a comment with all fields as JSON."""
    fields = {
        b"ISFT": label.get("software", "MultiGAN"),
        b"ICRD": label.get("created", ""),
        b"ICMT": strict_json.dumps(dict(label), ensure_ascii=False),
    }
    return _chunk(b"LIST", b"INFO" + b"".join(_chunk(name, text.encode() + b"\0") for name, text in fields.items()))


def _fields(text: str | bytes, *below: str) -> dict[str, str]:
    """The label that JSON holds, under the first of the keys `below` that is there; {} of what is someone else's."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, dict) and below:
        found = next((found[key] for key in below if found.get(key)), {})
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _read_json(path: Path) -> dict[str, str]:
    """The label of a JSON file, or of the first line of a JSONL file."""
    if path.suffix not in (".json", ".jsonl"):
        return {}
    with path.open("rb") as file:
        return _fields(file.read() if path.suffix == ".json" else file.readline(), "label", "provenance")


def _read_sidecar(path: Path) -> dict[str, str]:
    """The label in the file beside a text or a modality's own file, asked for itself; {} of someone else's JSON."""
    found = label_of_sidecar(path)
    return found if "digital_source_type" in found else {}


def _read_picture(path: Path) -> dict[str, str]:
    from PIL import Image

    try:
        with Image.open(path) as image:
            return _fields(image.info.get(_KEY, image.info.get("comment", b"{}")))
    # Decoders raise errors of their own kinds; what they cannot open has no label.
    except Exception:
        return {}


def _read_wav(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        if file.read(12)[:4] != b"RIFF":
            return {}
        for _ in range(_CHUNKS):
            if len(head := file.read(8)) < 8:
                break
            name, size = head[:4], struct.unpack("<I", head[4:])[0]
            if name == b"LIST":
                body = file.read(min(size, _LABEL_BYTES))
                if (at := body.find(b"ICMT")) >= 0:
                    length = int.from_bytes(body[at + 4 : at + 8], "little")
                    return _fields(body[at + 8 : at + 8 + length].rstrip(b"\0"))
                file.seek(-len(body), os.SEEK_CUR)
            file.seek(size + size % 2, os.SEEK_CUR)
    return {}


def _read_comment(path: Path) -> dict[str, str]:
    """Of sounds in other formats: what programs that convert make of the comment in a WAV."""
    if path.suffix.lower() not in _SOUNDS:
        return {}
    import soundfile

    try:
        with soundfile.SoundFile(os.fsencode(path)) as sound:
            return _fields(sound.comment or "{}")
    # Decoders raise errors of their own kinds; what they cannot open has no label.
    except Exception:
        return {}

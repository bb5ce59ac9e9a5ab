"""China's metadata field for generated content, for those who must write it: off until a producer is named."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from multigan.core import strict_json
from multigan.core.errors import DataError

__all__ = ["FIELD", "NAMESPACE", "PRODUCER", "VARIABLE", "field", "producer"]

FIELD = "AIGC"
PRODUCER = "aigc_producer"  # of a label
VARIABLE = "MULTIGAN_AIGC_PRODUCER"
NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
GENERATED = "1"  # 2 = perhaps, 3 = suspected
LONGEST = 128


def producer() -> str:
    """Name or code of the service, from the environment's MULTIGAN_AIGC_PRODUCER; `""` = no field is written.

    Raises:
        DataError: it is too long or not printable.
    """
    name = os.environ.get(VARIABLE, "").strip()
    if len(name) > LONGEST or not name.isprintable():
        raise DataError(f"{VARIABLE} = {name[:20]!r}...", f"at most {LONGEST} printable characters", "set the code")
    return name


def field(label: Mapping[str, str], path: Path) -> str:
    """The field's value as JSON for one file, or `""` where the label names no producer.

    The file's number is made of the label and the file's name: the same sample of the same seed and time has the same.

    Args:
        label: fields of `provenance.label`.
        path: the file; only its name counts.

    Source: GB 45438-2025, appendix E (seven fields, as strings).
    Departures: the fields of whoever passes the file on, and both reserved ones (for signatures), are left empty.
    """
    if not label.get(PRODUCER):
        return ""
    text = strict_json.dumps([*sorted(label.items()), path.name], ensure_ascii=False)
    number = hashlib.sha256(text.encode()).hexdigest()[:32]
    values = {"Label": GENERATED, "ContentProducer": label[PRODUCER], "ProduceID": number, "ReservedCode1": ""}
    values |= {"ContentPropagator": "", "PropagateID": "", "ReservedCode2": ""}
    return strict_json.dumps(values, ensure_ascii=False)

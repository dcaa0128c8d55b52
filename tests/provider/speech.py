"""What the provider hears: a sentence every two seconds that says when it is said."""

import io
import re
import wave
from typing import Any

from tests.provider.directives import Behaviour
from tests.provider.http import Request
from tests.provider.record import Record

EACH_SECONDS = 2


def read_form(request: Request) -> dict[str, Any]:
    """The fields of a form; of the file how many seconds it plays, and of how many bytes it is."""
    fields: dict[str, Any] = {}
    boundary = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = part[2:-2].partition(b"\r\n\r\n")
        (name,) = re.findall(rb'[; ]name="([^"]*)"', head)
        fields[name.decode()] = _played(content) if b"filename" in head else content.decode()
    return fields


def said(record: Record, behaviour: Behaviour) -> dict[str, object]:
    """The answer in the form that was asked for."""
    seconds = record.body["file"]["seconds"]
    lines = [] if behaviour.empty else [_line(begins) for begins in range(0, max(int(seconds), 1), EACH_SECONDS)]
    text = " ".join(lines)
    if record.body["response_format"] == "json":
        return {"text": text}
    segments = [
        {"id": number, "start": float(EACH_SECONDS * number), "end": min(EACH_SECONDS * (number + 1.0), seconds),
         "text": f" {line}"}
        for number, line in enumerate(lines)
    ]  # fmt: skip
    return {"task": "transcribe", "language": "english", "duration": seconds, "text": text, "segments": segments}


def _line(begins: int) -> str:
    return f"At second {begins} of this piece owls are talked about."


def _played(content: bytes) -> dict[str, float]:
    with wave.open(io.BytesIO(content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        return {"seconds": sound.getnframes() / sound.getframerate(), "bytes": len(content)}

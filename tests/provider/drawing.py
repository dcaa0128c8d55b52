"""Pictures that the provider makes: one colour, which depends on the words."""

import base64
import hashlib
import io

from PIL import Image

from tests.provider.directives import Behaviour
from tests.provider.record import Record

SIDE = 512
USAGE = {"input_tokens": 60, "output_tokens": 1_000, "total_tokens": 1_060}


def drawn(record: Record, behaviour: Behaviour) -> dict[str, object]:
    """An answer with a picture; with `formless`, as those that know one form only, with its use."""
    if behaviour.garbage:
        return {"data": [{"url": "http://localhost/picture.png"}]}
    colour = tuple(hashlib.sha256(record.body["prompt"].encode()).digest()[:3])
    file = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), colour).save(file, "PNG")
    data = b"no picture" if behaviour.empty else file.getvalue()
    answered: dict[str, object] = {"created": 0, "data": [{"b64_json": base64.b64encode(data).decode()}]}
    return answered | ({"usage": USAGE} if behaviour.formless else {})

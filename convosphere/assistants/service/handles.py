"""What an assistant is mentioned by, made from its name; and the mentions in a text."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
MOST_MENTIONS: Final = 5
_MENTION: Final = re.compile(r"(?:^|(?<=[\s(„“\"']))@([\w-]{1,60})")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def handle_of(name: str) -> str:
    """Small letters, digits and hyphens: "Träge Übersetzer" is `traege-uebersetzer`."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_GERMAN)
    words = re.findall(r"[^\W_]+", "".join(_bare(plain)))
    return "-".join(words)[:LONGEST].strip("-") or "assistant"


def mentions(text: str) -> list[str]:
    """The handles that a text names with an @ before them, in their order; addresses of mail are none."""
    found = (match[1].casefold().strip("-_") for match in _MENTION.finditer(text))
    return list(dict.fromkeys(filter(None, found)))[:MOST_MENTIONS]


def _bare(text: str) -> list[str]:
    """Letters without their accents."""
    return [sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)]

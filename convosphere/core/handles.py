"""What a thing is called by in a text, made from its name."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def handle_of(name: str) -> str:
    """Small letters, digits and hyphens: "Träge Übersetzer" is `traege-uebersetzer`; empty if nothing is left."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_GERMAN)
    words = re.findall(r"[^\W_]+", "".join(_bare(plain)))
    return "-".join(words)[:LONGEST].strip("-")


def _bare(text: str) -> list[str]:
    """Letters without their accents."""
    return [sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)]

"""What an assistant is mentioned by, made from its name; and the mentions in a text."""

import re
from typing import Final

from convosphere.core import handles

MOST_MENTIONS: Final = 5
_MENTION: Final = re.compile(r"(?:^|(?<=[\s(„“\"']))@([\w-]{1,60})")


def handle_of(name: str) -> str:
    """The name in small letters, digits and hyphens."""
    return handles.handle_of(name) or "assistant"


def mentions(text: str) -> list[str]:
    """The handles that a text names with an @ before them, in their order; addresses of mail are none."""
    found = (match[1].casefold().strip("-_") for match in _MENTION.finditer(text))
    return list(dict.fromkeys(filter(None, found)))[:MOST_MENTIONS]

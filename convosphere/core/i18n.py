"""Words on screen, from the server's side: marked when written, translated when shown or sent.

Pages use `ui.t`, which translates in the browser. The English text is the key in both; Babel extracts both.
"""

import gettext
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

LOCALES = ("en", "de")
LOCALE_NAMES = {"en": "English", "de": "Deutsch"}
_PARAMETER = re.compile(r"\{(\w+)\}")
CATALOGUES = Path(__file__).resolve().parents[2] / "locales"

Value = str | int | float


@dataclass(frozen=True)
class Message:
    """An English text with named parameters, not yet in anybody's language."""

    text: str
    values: dict[str, Value] = field(default_factory=dict)

    def in_locale(self, locale: str) -> str:
        """The text in a language of `LOCALES`, with its parameters filled in."""
        return _fill(_catalogue(locale).gettext(self.text), self.values)

    def as_dict(self) -> dict[str, str | dict[str, Value]]:
        """What a page needs to translate it in the browser, see `ui.t_message`."""
        return {"text": self.text, "values": self.values}

    def __str__(self) -> str:
        return _fill(self.text, self.values)


def t(text: str, **values: Value) -> Message:
    """Mark a text for translation; `{name}` in it is replaced by the parameter of that name."""
    return Message(text, values)


def negotiate_locale(accept_language: str, default: str) -> str:
    """The best language of `LOCALES` for an Accept-Language header (RFC 9110, section 12.5.4)."""
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((float(quality or 1), tag.strip().lower()[:2]))
        except ValueError:
            continue
    wishes.sort(key=lambda wish: -wish[0])
    return next((tag for quality, tag in wishes if quality > 0 and tag in LOCALES), default)


def _fill(text: str, values: dict[str, Value]) -> str:
    """In one go, as the browser does it: a value that names another parameter is a stranger's text and says no more."""
    return _PARAMETER.sub(lambda found: str(values.get(found[1], found[0])), text)


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> gettext.NullTranslations:
    return gettext.translation("messages", CATALOGUES, languages=[locale], fallback=True)

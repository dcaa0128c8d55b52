"""What a file says of itself, in one form: who wrote it, when, in which language. Pure arithmetic of texts.

Programs write dates in five ways and put their own names where an author belongs.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from convosphere.knowledge.parsing.cleaning import clean_line

LONGEST_AUTHOR: Final = 200
UNKNOWN_LANGUAGE: Final = "und"
OLDEST: Final = date(1900, 1, 1)
_NOBODY: Final = frozenset({
    "(unspecified)", "(anonymous)", "anonymous", "unknown", "untitled", "author", "user", "windows user", "admin",
    "administrator", "owner", "microsoft office user", "microsoft word", "python-docx", "python-pptx", "openpyxl",
})  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_PDF = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_ADDRESS = re.compile(r"\S+@\S+")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_LONGEST_DATE = 80


def in_one_form(metadata: Mapping[str, str]) -> dict[str, str]:
    """The same with the author as a name and dates as days (ISO 8601); what cannot be understood is left out."""
    found = dict(metadata)
    for name, told in (
        ("author", author_of(metadata)), ("created", _iso(day_of(metadata.get("created", "")))),
        ("modified", _iso(day_of(metadata.get("modified", "")))),
    ):  # fmt: skip
        found.pop(name, None)
        if told:
            found[name] = told
    return found


def author_of(metadata: Mapping[str, str]) -> str:
    """Who wrote a file; of "Ada Lovelace <ada@example.org>" the name. Empty where a program names itself or nobody."""
    told = clean_line(metadata.get("author", ""))[: 2 * LONGEST_AUTHOR]
    if _ADDRESS.search(told) and told.count("@") == 1:
        name, address = parseaddr(told)
        told = name or address or told
    return "" if told.lower() in _NOBODY else told[:LONGEST_AUTHOR].strip()


def dated_on(metadata: Mapping[str, str]) -> date | None:
    """The day of a file by its own word: when it was changed last, or else written."""
    return day_of(metadata.get("modified", "")) or day_of(metadata.get("created", ""))


def day_of(told: str) -> date | None:
    """A day as files write it (ISO 8601, PDF, RFC 5322); None for what is no day, before 1900 or to come."""
    day = _day_of(told.strip()[:_LONGEST_DATE])
    latest = datetime.now(UTC).date() + timedelta(days=1)
    return day if day and OLDEST <= day <= latest else None


def language_of(told: str) -> str:
    """The ISO 639-1 code of what a file calls its language, such as "de-DE"; empty if it is none."""
    match = _LANGUAGE.fullmatch(told.strip()[:40])
    return match[1].lower() if match else ""


def is_language(code: str) -> bool:
    """Whether something is the code of a language, or of none ("und")."""
    return code == UNKNOWN_LANGUAGE or (len(code) == 2 and code.isascii() and code.isalpha() and code.islower())


def pages_of(told: str) -> int | None:
    """A number of pages that a program counted; None for what cannot be one."""
    count = int(told) if told.isdecimal() and len(told) <= 5 else 0
    return count or None


def _day_of(told: str) -> date | None:
    try:
        if match := _ISO.match(told) or _PDF.match(told):
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        return parsedate_to_datetime(told).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

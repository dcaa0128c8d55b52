"""What somebody looks for in conversations, as they type it: words, "phrases", -words and filters such as `tag:law`.

Filters have an English and a German name, and both always count.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

Filter = Literal["tag", "folder", "from", "before", "after", "has", "is"]

FILTERS: Final[dict[str, Filter]] = {
    "tag": "tag", "schlagwort": "tag", "folder": "folder", "ordner": "folder", "from": "from", "von": "from",
    "before": "before", "vor": "before", "after": "after", "nach": "after", "seit": "after", "has": "has", "mit": "has",
    "is": "is", "ist": "is",
}  # fmt: skip
HOLDINGS: Final = {
    "code": "code", "link": "link", "table": "table", "tabelle": "table", "file": "file", "datei": "file",
    "image": "image", "bild": "image", "source": "source", "quelle": "source",
}  # fmt: skip
"""What a message can hold; all but sources are marks of `message_entry`."""
PLACES: Final = {"pinned": "pinned", "angeheftet": "pinned", "archived": "archived", "archiviert": "archived"}
AUTHORS: Final = {
    "me": "user", "mir": "user", "ich": "user", "assistant": "assistant", "assistent": "assistant", "ki": "assistant",
    "ai": "assistant",
}  # fmt: skip
LONGEST: Final = 300
MOST_WORDS: Final = 12
LEAST_PREFIX: Final = 3
"""Letters of a word that is still being typed from which on words that begin with it count."""

_PART = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_DAYS: Final = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1}
_SPAN = re.compile(r"(\d{1,4})([dwmy])")
_SPAN_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True)
class Word:
    """A word or a phrase that must stand in a message, or must not; of the last one perhaps only the beginning."""

    text: str
    is_phrase: bool = False
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `unknown` are filters with a value that means nothing; with any, nothing is found."""

    words: tuple[Word, ...] = ()
    tags: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """`user`, `assistant`, or a part of an assistant's name."""
    holdings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Wanted()

    @property
    def asks_messages(self) -> bool:
        """Whether messages can answer it; what is only about conversations lists those."""
        return bool([word for word in self.words if not word.is_excluded] or self.authors or self.holdings)


@dataclass
class _Draft:
    words: list[Word] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    holdings: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    after: datetime | None = None
    before: datetime | None = None


def parse_search(text: str, zone: str = "", now: datetime | None = None) -> Wanted:
    """Read what somebody typed; days are those of their time zone (IANA)."""
    text = text.replace("\x00", "")[:LONGEST]
    today = (now or datetime.now(UTC)).astimezone(_zone(zone)).date()
    draft = _Draft()
    for match in _PART.finditer(text):
        minus, name, quoted, plain = match.groups()
        known = FILTERS.get((name or "").casefold())
        value = quoted if quoted is not None else plain
        if known and not minus:
            _take_filter(draft, known, value.strip(), today, zone)
        elif word := _word(f"{name}:{value}" if name else value):
            is_last = match.end() == len(text) and quoted is None
            draft.words.append(Word(word, quoted is not None, is_last and len(word) >= LEAST_PREFIX, bool(minus)))
    return Wanted(
        tuple(draft.words[:MOST_WORDS]), tuple(draft.tags), tuple(draft.folders), tuple(draft.authors),
        tuple(draft.holdings), tuple(draft.places), draft.after, draft.before, tuple(draft.unknown),
    )  # fmt: skip


def first_id_at(moment: datetime) -> UUID:
    """The lowest id (UUIDv7) that a message of a moment can have: ids are in the order of time."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def _word(text: str) -> str:
    return text.strip() if any(sign.isalnum() for sign in text) else ""


def _take_filter(draft: _Draft, name: Filter, value: str, today: date, zone: str) -> None:
    """One filter; an empty value is one that is still being typed."""
    if not value:
        return
    folded = value.casefold()
    match name:
        case "tag":
            draft.tags.append(folded.lstrip("#"))
        case "folder":
            draft.folders.append(folded)
        case "from":
            draft.authors.append(AUTHORS.get(folded, folded))
        case "has":
            _take(draft, draft.holdings, HOLDINGS.get(folded), f"has:{value}")
        case "is":
            _take(draft, draft.places, PLACES.get(folded), f"is:{value}")
        case _:
            _take_day(draft, name, value, today, zone)


def _take_day(draft: _Draft, name: Filter, value: str, today: date, zone: str) -> None:
    day = _day(value.casefold(), today)
    if day is None:
        draft.unknown.append(f"{name}:{value}")
    elif name == "before":
        draft.before = _start(day, zone)
    else:
        draft.after = _start(day, zone)


def _take(draft: _Draft, values: list[str], value: str | None, written: str) -> None:
    if value is None:
        draft.unknown.append(written)
    else:
        values.append(value)


def _day(value: str, today: date) -> date | None:
    """A day as `2026-11-20`, `20.11.2026`, `today`, or so many days, weeks, months or years ago as `7d`."""
    if value in _DAYS:
        return today - timedelta(days=_DAYS[value])
    if span := _SPAN.fullmatch(value):
        return today - timedelta(days=min(int(span[1]) * _SPAN_DAYS[span[2]], 36_500))
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _start(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_zone(zone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

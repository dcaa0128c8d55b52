"""The text that tells a model who it is: variables filled in, personality put into words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from convosphere.assistants.schemas import Definition, Personality
from convosphere.core.i18n import LOCALE_NAMES
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor

VARIABLE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGES = {"en": "English", "de": "German"}
_LONGEST_PERSON = 100

BASE: Final = "Answer in the language of the question, in Markdown."
TONES: Final[Mapping[str, str]] = {
    "friendly": "Write in a friendly, warm tone.",
    "factual": "Write in a factual, neutral tone.",
    "formal": "Write in a formal tone.",
    "encouraging": "Write in an encouraging tone.",
    "humorous": "Write with light humour where it fits.",
}
LENGTHS: Final[Mapping[str, str]] = {
    "short": "Keep answers short: a few sentences, unless more is asked for.",
    "medium": "Answer in a few paragraphs at most, unless more is asked for.",
    "long": "Answer in detail.",
}
ADDRESSES: Final[Mapping[str, str]] = {
    "informal": "Where the language tells them apart, use the familiar form of address (German: du).",
    "formal": "Where the language tells them apart, use the polite form of address (German: Sie).",
}


@dataclass(frozen=True)
class Moment:
    """Who asks, and when it is for them."""

    name: str
    locale: str
    now: datetime


def moment_of(actor: Actor, time_zone: str) -> Moment:
    """What variables are filled with for somebody, in their time zone as far as it is known."""
    try:
        now = utc_now().astimezone(ZoneInfo(time_zone)) if time_zone else utc_now()
    except (ZoneInfoNotFoundError, ValueError):
        now = utc_now()
    return Moment(" ".join(actor.name.split())[:_LONGEST_PERSON], actor.locale, now)


VARIABLES: Final[Mapping[str, Callable[[Definition, Moment], str]]] = {
    "date": lambda _, moment: moment.now.date().isoformat(),
    "time": lambda _, moment: moment.now.strftime("%H:%M"),
    "weekday": lambda _, moment: _WEEKDAYS[moment.now.weekday()],
    "user_name": lambda _, moment: moment.name,
    "language": lambda _, moment: _LANGUAGES.get(moment.locale, LOCALE_NAMES.get(moment.locale, moment.locale)),
    "assistant_name": lambda definition, _: definition.name,
}
"""What may stand in instructions as `{{name}}`."""


def unknown_variables(text: str) -> list[str]:
    """Names in double braces that nothing is known for."""
    return [name for name in dict.fromkeys(VARIABLE.findall(text)) if name not in VARIABLES]


def write_instructions(definition: Definition, moment: Moment) -> str:
    """The final text for the model: who it is, what it is to do, how it speaks."""

    def fill(match: re.Match[str]) -> str:
        known = VARIABLES.get(match[1])
        return known(definition, moment) if known else match[0]

    own = VARIABLE.sub(fill, definition.instructions).strip()
    parts = [f"You are “{definition.name}”. {definition.description}".strip(), own, BASE]
    return "\n\n".join(filter(None, [*parts, *_manners(definition.personality)]))


def _manners(personality: Personality) -> list[str]:
    ways = (TONES.get(personality.tone), LENGTHS.get(personality.length), ADDRESSES.get(personality.address))
    examples = [f"Question: {each.question}\nAnswer: {each.answer}" for each in personality.examples]
    shown = ["Examples of how to answer:", *examples] if examples else []
    return [" ".join(way for way in ways if way), *shown]

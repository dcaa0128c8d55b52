"""What states, fields and choices are called."""

from typing import cast

import reflex as rx

from convosphere.ui.feedback import status_word
from convosphere.ui.i18n import t
from convosphere.ui.theme import Tone

STATES: dict[str, tuple[rx.Var[str], Tone]] = {
    "draft": (t("Draft"), "attention"),
    "active": (t("Active"), "good"),
    "inactive": (t("Switched off"), "neutral"),
    "retired": (t("Retired"), "neutral"),
}
FIELDS: dict[str, rx.Var[str]] = {
    "name": t("Name"),
    "description": t("Description"),
    "picture": t("Picture"),
    "category": t("Category"),
    "instructions": t("Instructions"),
    "tone": t("Tone"),
    "length": t("Length"),
    "address": t("Form of address"),
    "examples": t("Examples"),
    "model": t("Model"),
    "settings": t("Settings of the model"),
    "fallback": t("Model that steps in"),
    "when_full": t("When a conversation gets too long"),
    "knowledge": t("Documents"),
    "amount": t("How much of them"),
    "citations": t("Citing"),
    "starters": t("Questions to begin with"),
    "follow_ups": t("Questions that may follow"),
}
CATEGORY_WORDS: dict[str, rx.Var[str]] = {
    "writing": t("Writing"),
    "languages": t("Languages"),
    "meetings": t("Meetings"),
    "software": t("Software"),
    "law": t("Law and contracts"),
    "data": t("Figures and data"),
    "people": t("People and teams"),
    "service": t("Customers and service"),
    "learning": t("Learning"),
    "planning": t("Planning"),
    "knowledge": t("Knowledge"),
    "ideas": t("Ideas"),
}
WHEN_FULL: dict[str, rx.Var[str]] = {
    "": t("As the workspace says"),
    "drop": t("Leave out what is oldest"),
    "summarise": t("Sum up what is oldest in a note"),
    "ask": t("Stop and ask"),
}
TONES: dict[str, rx.Var[str]] = {
    "": t("As the model does"),
    "friendly": t("Friendly"),
    "factual": t("Factual"),
    "formal": t("Formal"),
    "encouraging": t("Encouraging"),
    "humorous": t("With humour"),
}
LENGTHS: dict[str, rx.Var[str]] = {
    "": t("As the model does"),
    "short": t("Short"),
    "medium": t("Medium"),
    "long": t("Detailed"),
}
ADDRESSES: dict[str, rx.Var[str]] = {
    "": t("As the model does"),
    "informal": t("Informal (du)"),
    "formal": t("Formal (Sie)"),
}
EFFORTS: dict[str, rx.Var[str]] = {
    "": t("As the model does"),
    "low": t("Little"),
    "medium": t("Medium"),
    "high": t("Much"),
}
SCOPES: dict[str, rx.Var[str]] = {
    "all": t("All documents that the asker may see"),
    "chosen": t("Only chosen folders, tags, collections and documents"),
    "none": t("No documents"),
}
AMOUNTS: dict[str, rx.Var[str]] = {
    "little": t("Little: up to 4 passages"),
    "normal": t("Normal: up to 8 passages"),
    "much": t("Much: up to 16 passages"),
}
POLICIES: dict[str, rx.Var[str]] = {
    "must_cite": t("Only what stands in the documents"),
    "prefer": t("Documents first, then what the model knows"),
    "free": t("Freely, citing what helped"),
}
VARIABLES: dict[str, rx.Var[str]] = {
    "date": t("Today's date"),
    "weekday": t("Weekday"),
    "time": t("Time"),
    "user_name": t("Name of whoever asks"),
    "language": t("Language of whoever asks"),
    "assistant_name": t("Name of the assistant"),
}
CHOICES = {
    "category": CATEGORY_WORDS,
    "tone": TONES,
    "length": LENGTHS,
    "address": ADDRESSES,
    "when_full": WHEN_FULL,
    "knowledge": SCOPES,
    "amount": AMOUNTS,
    "citations": POLICIES,
    "follow_ups": {"on": t("On"), "off": t("Off")},
}
"""The words of fields of which one chooses; all others hold what people wrote."""
STATE_WORDS: dict[str, rx.Var[str]] = {key: label for key, (label, _) in STATES.items()}
STATE_TONES: dict[str, rx.Var[str]] = {key: rx.Var.create(tone) for key, (_, tone) in STATES.items()}


def word(words: dict[str, rx.Var[str]], key: rx.Var[str]) -> rx.Var[str]:
    """What something is called; the key itself where it has no name."""
    return cast("rx.Var[str]", rx.match(key, *words.items(), key))


def state_word(state: rx.Var[str]) -> rx.Component:
    """A state as a word with a dot."""
    return status_word(word(STATE_WORDS, state), word(STATE_TONES, state))


def value_word(field: rx.Var[str], value: rx.Var[str]) -> rx.Var[str]:
    """What stands in a field, as people read it."""
    cases = ((name, word(words, value)) for name, words in CHOICES.items())
    return cast("rx.Var[str]", rx.match(field, *cases, value))

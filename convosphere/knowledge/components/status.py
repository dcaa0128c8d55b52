"""How far a document is, in a word, and who sees it."""

from typing import cast

import reflex as rx

from convosphere.knowledge.state.items import DocumentItem
from convosphere.ui.feedback import progress_bar, status_word
from convosphere.ui.i18n import t, t_message
from convosphere.ui.theme import Tone

LANGUAGES = (
    ("de", t("German")), ("en", t("English")), ("fr", t("French")), ("es", t("Spanish")), ("it", t("Italian")),
    ("nl", t("Dutch")), ("pl", t("Polish")), ("pt", t("Portuguese")), ("tr", t("Turkish")), ("uk", t("Ukrainian")),
    ("ru", t("Russian")), ("ar", t("Arabic")), ("zh", t("Chinese")), ("ja", t("Japanese")),
)  # fmt: skip
"""Codes of ISO 639-1 with what they are called here."""
Item = rx.vars.ObjectVar[DocumentItem]


def document_status(item: Item) -> rx.Component:
    """The stage as a word with a dot; while it goes on, a thin bar with what is done."""
    tones: dict[str, Tone] = {"ready": "neutral", "failed": "bad"}
    tone = words(item.status, *tones.items(), ("", "accent"))
    return rx.el.div(
        status_word(stage_word(item.status), tone, is_busy=is_working(item)),
        rx.cond(item.is_renewing, rx.el.span(t("A new version is being read"), class_name="quiet")),
        rx.cond(
            item.total.to(int) > 0,
            rx.el.div(
                progress_bar(item.done, t("Progress"), total=item.total),
                rx.el.span(t("{done} of {total}", done=item.done, total=item.total), class_name="quiet tabular"),
                class_name="document-progress",
            ),
        ),
        class_name="document-status",
    )


def stage_word(status: rx.Var[str]) -> rx.Var[str]:
    """The name of a stage."""
    return words(
        status,
        ("stored", t("Waiting to be read")),
        ("parsed", t("Read")),
        ("chunked", t("Cut into passages")),
        ("indexed", t("Indexed")),
        ("ready", t("Ready")),
        ("failed", t("Not readable")),
    )


def words(code: rx.Var[str], *choices: tuple[str, rx.Var[str] | str]) -> rx.Var[str]:
    """The words for a code; the code itself where there are none, or what "" stands for."""
    named = dict(choices)
    return cast("rx.Var[str]", rx.match(code, *choices, named.get("", code)))


def is_working(item: Item) -> rx.Var[bool]:
    """Whether something still goes on."""
    return (item.status != "ready") & (item.status != "failed")


def failure(item: Item) -> rx.Component:
    """Why a document could not be read."""
    return rx.cond(
        item.status == "failed",
        rx.el.p(t_message(item.error), class_name="document-error"),
    )


def visibility(item: Item) -> rx.Component:
    """Who sees it, as an icon with words."""
    return rx.el.span(
        rx.cond(
            item.is_shared,
            rx.icon("users", size=16, aria_hidden="true"),
            rx.cond(
                item.is_shared_with_some,
                rx.icon("user-check", size=16, aria_hidden="true"),
                rx.icon("lock", size=16, aria_hidden="true"),
            ),
        ),
        rx.cond(item.is_shared, t("Everyone"), rx.cond(item.is_shared_with_some, t("Some people"), t("Only me"))),
        class_name="document-visibility quiet",
        data_shared=item.is_shared,
    )


def language_words(code: rx.Var[str]) -> rx.Var[str]:
    """What a language is called; one without a name here by its code."""
    return words(code, *LANGUAGES, ("und", t("Not recognised")))


def state_words(state: rx.Var[str]) -> rx.Var[str]:
    """What people tell apart of documents."""
    return words(state, ("ready", t("Ready")), ("working", t("At work")), ("failed", t("Not readable")))


def size_words(size: rx.Var[str]) -> rx.Var[str]:
    """A class of sizes."""
    return words(
        size, ("tiny", t("Under 100 KB")), ("small", t("100 KB to 1 MB")), ("medium", t("1 to 10 MB")),
        ("large", t("10 to 100 MB")), ("huge", t("Over 100 MB")),
    )  # fmt: skip


def age_words(age: rx.Var[str]) -> rx.Var[str]:
    """A class of ages."""
    return words(
        age, ("week", t("Under a week old")), ("month", t("1 to 4 weeks old")), ("quarter", t("1 to 3 months old")),
        ("year", t("3 to 12 months old")), ("older", t("Over a year old")),
    )  # fmt: skip

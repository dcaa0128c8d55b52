"""Answers as they are heard, see `assets/read_aloud.js`."""

import reflex as rx

from convosphere.ui.i18n import t


class _ReadAloud(rx.Component):
    library = "$/public/read_aloud.js"
    tag = "ReadAloud"
    message: rx.Var[str]
    text: rx.Var[str]
    labels: rx.Var[dict[str, str]]


class _RateSelect(rx.Component):
    library = "$/public/speech_rate.js"
    tag = "RateSelect"
    words: rx.Var[list[str]]
    test_id: rx.Var[str]


def read_aloud(message_id: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    """Reads a text by a voice of the browser, rests, and stops."""
    labels = {
        "read": t("Read aloud"),
        "pause": t("Pause reading"),
        "goOn": t("Read on"),
        "stop": t("Stop reading"),
        "voiceless": t(
            "This browser has no voice of its own for {language}. The settings of your system may offer some.",
            language="{language}",
        ),
        "broken": t("This browser could not read it aloud."),
    }
    return _ReadAloud.create(message=message_id, text=text, labels=labels)


def rate_select(name: str, testid: str) -> rx.Component:
    """How fast answers are read aloud in this browser."""
    words = [t("Slowly"), t("As the voice does"), t("A bit faster"), t("Fast"), t("Twice as fast")]
    return _RateSelect.create(id=name, words=words, test_id=testid)

"""Words of the composer: of its files, of what its signs offer, and of prompts."""

import reflex as rx

from convosphere.core.page_routes import CHAT, PROMPTS, TEMPLATES, TEMPORARY_CHAT
from convosphere.prompts.components.editor import gap_labels
from convosphere.ui.i18n import t

Words = dict[str, rx.Var[str]]


def kinds_of_offers() -> Words:
    """What a line of an offer is."""
    return {
        "prompt": t("Prompt"),
        "template": t("Template"),
        "command": t("Command"),
        "assistant": t("Assistant"),
        "model": t("Model"),
        **words_of_places(),
        "document": t("Document"),
        "person": t("Person"),
    }


def words_of_places() -> Words:
    """What stands for many documents."""
    return {"folder": t("Folder"), "tag": t("Tag"), "collection": t("Collection")}


def too_long() -> rx.Var[str]:
    """Beside a text that is longer than a message may be; `{count}` is filled in while it is written."""
    return t("{count} characters too many. Shorten it, or put a part of it into a file.")


def commands() -> list[dict[str, str | rx.Var[str]]]:
    """What a slash offers beside prompts; `id` is an act of the composer, or a page."""
    return [
        {"kind": "command", "id": CHAT, "name": t("New chat"), "note": "/new"},
        {"kind": "command", "id": TEMPORARY_CHAT, "name": t("Temporary chat"), "note": "/temporary"},
        {"kind": "command", "id": "attach", "name": t("Attach files"), "note": "/attach"},
        {"kind": "command", "id": PROMPTS, "name": t("Library of prompts"), "note": "/prompts"},
        {"kind": "command", "id": TEMPLATES, "name": t("Templates"), "note": "/templates"},
    ]


def words_of_prompts() -> Words:
    """The form that asks for what a prompt lacks."""
    return {"insert": t("Insert"), "cancel": t("Cancel"), "offer": t("What can be inserted"), **gap_labels()}


def words_of_files() -> Words:
    """Files above the text."""
    return {
        "attach": t("Attach files"),
        "photo": t("Take a photo"),
        "files": t("Attached files"),
        "sending": t("Being sent …"),
        "reading": t("Being read …"),
        "failed": t("It could not be sent. Remove it and try again."),
        "tooLarge": t("This file is too large."),
        "unsupported": t("Files of this type ({found}) can neither be read nor shown."),
        "tooMany": t("A message has at most 20 files."),
        "empty": t("This file is empty."),
        "use": t("How it is read"),
        "whole": t("Whole"),
        "search": t("Searched"),
        "remove": t("Remove"),
        **words_of_places(),
        "blind": t("This model cannot see images; it is only told their names."),
        "useModel": t("Use {model}"),
        "pasted": t("Pasted text"),
        "pasteTooLarge": t(
            "What you pasted is larger than 10 MB. Save it as a file and upload it under Knowledge instead."
        ),
    }

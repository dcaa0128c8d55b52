"""The editor of a prompt, and the panel of what it was."""

from typing import Any

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.creations.components.versions import restore_button, version_panel, version_row
from convosphere.prompts.state.editor_state import PromptState
from convosphere.prompts.state.items import VersionItem
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.fields import LEAVING
from convosphere.ui.i18n import t


def _on_save(written: rx.Var[dict[str, Any]], why: rx.Var[str]) -> tuple[rx.Var[dict[str, Any]], rx.Var[str]]:
    return (written, why)


class PromptEditor(rx.Component):
    """Fields, variables and a preview, see `assets/prompt_editor.js`."""

    library = "$/public/prompt_editor.js"
    tag = "PromptEditor"
    value: rx.Var[Any]
    problems: rx.Var[dict[str, Any]]
    saved: rx.Var[int]
    read_only: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    kinds: rx.Var[dict[str, str]]
    leaving: rx.Var[str]
    on_save: rx.EventHandler[_on_save]


def gap_labels() -> dict[str, rx.Var[str]]:
    """Words of the form that asks for variables."""
    return {"optional": t("optional"), "choose": t("Choose")}


def editor() -> rx.Component:
    """All of a prompt."""
    may_change = PromptState.shown.can_edit | (PromptState.shown.id == "")
    labels = {
        "name": t("Name"),
        "command": t("Slash command"),
        "command_help": t("What it is called by in a chat, after a slash. Empty: made from the name."),
        "command_placeholder": "/",
        "description": t("Description"),
        "description_help": t("One sentence for lists."),
        "text": t("Prompt"),
        "text_help": t("Two braces make a gap, such as {example}: whoever uses the prompt is asked for it.",
                       example="{{topic}}"),
        "variables": t("Variables"),
        "label": t("Label"),
        "kind": t("Kind"),
        "options": t("Choices"),
        "options_help": t("One to a line."),
        "default": t("Begins with"),
        "required": t("Must be filled in"),
        "why": t("What changed"),
        "why_help": t("Optional, for the list of versions."),
        "preview": t("Preview"),
        "nothing": t("The finished prompt appears here."),
        **gap_labels(),
    }  # fmt: skip
    kinds = {
        "text": t("Text"),
        "long_text": t("Long text"),
        "number": t("Number"),
        "date": t("Date"),
        "choice": t("Choice"),
    }
    return PromptEditor.create(
        button(t("Save"), weight="primary", type="submit", data_testid="prompt-save"),
        key=PromptState.place,
        value=PromptState.was,
        problems=PromptState.problems,
        saved=PromptState.saved,
        read_only=~(may_change & person_may(Permission.PROMPT_WRITE)),
        labels=labels,
        kinds=kinds,
        leaving=LEAVING,
        on_save=PromptState.save,
        class_name="prompt-editor",
    )


def history_panel() -> rx.Component:
    """What each version said, and the way back to it."""
    return version_panel(
        rx.foreach(PromptState.versions, _version),
        is_open=PromptState.is_history_open,
        on_close=PromptState.close_history,
    )


def _version(item: rx.vars.ObjectVar[VersionItem]) -> rx.Component:
    restore = rx.el.div(restore_button(PromptState.restore_version(item.number)), class_name="acts")
    return version_row(
        item,
        rx.el.pre(item.text, class_name="prompt-version-text", dir="auto"),
        rx.cond(item.is_current, rx.fragment(), restore),
    )

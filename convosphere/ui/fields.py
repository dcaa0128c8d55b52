"""Places to write: label above, help below in gray, an error in place of the help."""

from typing import Any

import reflex as rx

from convosphere.ui.buttons import Text
from convosphere.ui.i18n import t
from convosphere.ui.layout import FRAME_MODULE

LEAVING_MODULE = "$/public/leaving.js"
LONGEST_SEARCH = 300
"""What somebody pastes by mistake goes to the server no further."""
LEAVING = t("What you wrote is not saved yet. Leave this page all the same?")
"""What is asked before something written is lost."""


class _CopyField(rx.Component):
    library = FRAME_MODULE
    tag = "CopyField"
    value: rx.Var[str]
    label: rx.Var[str]
    copy_label: rx.Var[str]
    done_label: rx.Var[str]
    test_id: rx.Var[str]


class _Staying(rx.Component):
    """See `assets/leaving.js`."""

    library = LEAVING_MODULE
    tag = "Staying"
    saved: rx.Var[str]
    is_changed: rx.Var[bool]
    words: rx.Var[str]


def text_field(
    label: Text, *, name: str, help_text: Text = "", error: Text = "", control: rx.Component | None = None, **props: Any
) -> rx.Component:
    """A field of one line, or any `control` that takes `name` as its id. Props go to the input."""
    hint_id = f"{name}-hint"
    entry = control or rx.input(
        id=name,
        name=name,
        aria_describedby=hint_id,
        aria_invalid=rx.cond(error, "true", "false"),
        **{"size": "3", "class_name": "field-input", **props},
    )
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        entry,
        rx.el.p(
            rx.cond(error, rx.el.span(error, role="alert", class_name="field-error"), rx.el.span(help_text)),
            id=hint_id,
            class_name="field-hint",
        ),
        class_name="field",
    )


def copy_field(value: Text, label: Text, testid: str) -> rx.Component:
    """A text to be taken along, with a button that copies it."""
    return _CopyField.create(value=value, label=label, copy_label=t("Copy"), done_label=t("Copied"), test_id=testid)


def form_column(*children: rx.Component, **props: Any) -> rx.Component:
    """A form of one column, 560 px wide. With `on_submit` it is a form, else a plain column."""
    container = rx.el.form if "on_submit" in props or "action" in props else rx.el.div
    return container(*children, **{"class_name": "form-column", **props})


def staying(form: rx.Component, saved: rx.Var[str], **props: Any) -> rx.Component:
    """A form that asks before what is written in it is lost; `saved` is another whenever it was kept.

    With `is_changed` among the props it asks too while that holds.
    """
    return _Staying.create(form, saved=saved, words=LEAVING, **props)


def form_section(title: Text, *children: rx.Component, note: Text = "") -> rx.Component:
    """A group of a form under a heading."""
    return rx.el.section(
        rx.el.h2(title, class_name="section-title"),
        rx.el.p(note, class_name="quiet"),
        *children,
        class_name="form-section",
    )


def search_field(placeholder: Text, **props: Any) -> rx.Component:
    """A search field with its icon; the placeholder is also its name."""
    return rx.input(
        rx.input.slot(rx.icon("search", size=16, aria_hidden="true")),
        placeholder=placeholder,
        aria_label=placeholder,
        type="search",
        **{"size": "2", "max_length": LONGEST_SEARCH, **props},
    )

"""The dialog that adds a source or changes one: its kind, what that needs, and what would come."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.knowledge.components.status import words
from convosphere.knowledge.sources.kinds import KINDS
from convosphere.knowledge.sources.kinds.base import Kind
from convosphere.knowledge.state.source_form_state import SourceFormState
from convosphere.knowledge.state.source_items import FieldItem
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice, spinner
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, t_message

Form = SourceFormState


def source_dialog() -> rx.Component:
    """All steps, opened by `SourceFormState`."""
    return dialog(
        words(
            Form.step,
            ("kind", t("Where do the documents come from?")),
            ("found", t("This would come")),
            ("", rx.cond(Form.is_new, t("New source"), t("Edit source"))),
        ),
        rx.cond(
            Form.step == "kind",
            rx.el.div(*map(_kind, KINDS.values()), class_name="choice-lines source-kinds"),
            rx.cond(Form.step == "found", _found(), _form()),
        ),
        open=Form.step != "",
        on_open_change=Form.close,
    )


def _kind(kind: Kind) -> rx.Component:
    line = rx.el.button(
        rx.icon(kind.icon, size=18, aria_hidden="true"),
        rx.el.span(
            rx.el.span(t_message(rx.Var.create(kind.label.as_dict())), class_name="choice-name"),
            rx.el.span(t_message(rx.Var.create(kind.description.as_dict())), class_name="quiet"),
            class_name="choice-words",
        ),
        type="button",
        class_name="choice-line",
        on_click=Form.choose(kind.key),
        data_testid="source-kind",
        custom_attrs={"data-kind": kind.key},
    )
    return line if kind.permission is Permission.SOURCE_WRITE else rx.cond(person_may(kind.permission), line)


def _form() -> rx.Component:
    return rx.el.form(
        rx.foreach(Form.fields, _field),
        text_field(
            t("Name"), name="source-name", default_value=Form.name, max_length=80, data_testid="source-name",
            help_text=t("Its documents lie in a folder of this name. Empty: named by its address."),
        ),
        text_field(t("How often it is read"), name="source-schedule", control=_schedules()),
        rx.cond(
            Form.error.contains("text"),
            notice(t_message(Form.error), tone="bad", role="alert", data_testid="source-error"),
        ),
        rx.el.div(
            rx.cond(Form.is_busy, spinner(t("Trying the connection"))),
            rx.cond(Form.is_new, button(t("Back"), on_click=Form.back)),
            button(
                rx.cond(Form.is_new, t("Test connection"), t("Save")), weight="primary", type="submit",
                disabled=Form.is_busy, data_testid="source-submit",
            ),
            class_name="dialog-acts",
        ),
        on_submit=Form.submit,
        class_name="tag-fields",
        key=Form.kind,
    )  # fmt: skip


def _field(field: rx.vars.ObjectVar[FieldItem]) -> rx.Component:
    name = f"source-{field.key}"
    label, help_text = t_message(field.label), rx.cond(field.help.contains("text"), t_message(field.help), "")
    switch = rx.el.label(
        rx.checkbox(name=name, default_checked=field.value != "", data_testid=name), label, class_name="bulk-only"
    )
    entry = rx.input(
        id=name,
        name=name,
        type=words(field.input, ("number", "number"), ("secret", "password"), ("", "text")),  # pyright: ignore[reportArgumentType]  # Names of types.
        default_value=field.value,
        required=field.is_required,
        max_length=4000,
        auto_complete=rx.cond(field.input == "secret", "new-password", "off"),
        size="3",
        class_name="field-input",
        data_testid=name,
    )
    return rx.cond(field.input == "switch", switch, text_field(label, name=name, help_text=help_text, control=entry))


def _schedules() -> rx.Component:
    return rx.el.select(
        rx.el.option(t("Every hour"), value="hourly"),
        rx.el.option(t("Every day"), value="daily"),
        rx.el.option(t("Every week"), value="weekly"),
        rx.el.option(t("Only when I say so"), value="manual"),
        id="source-schedule",
        name="source-schedule",
        default_value=Form.schedule,
        class_name="select",
        data_testid="source-schedule",
    )


def _found() -> rx.Component:
    return rx.fragment(
        rx.cond(
            Form.names.length() > 0,
            rx.el.ul(
                rx.foreach(Form.names, lambda name: rx.el.li(name, dir="auto", data_testid="source-found")),
                class_name="source-names",
            ),
            rx.el.p(
                rx.cond(
                    Form.has_more,
                    t("Listing takes longer than you should wait for here. Add it, and its report tells what came."),
                    t("The connection works, but there is nothing to take at present."),
                ),
                class_name="dialog-text",
            ),
        ),
        rx.cond(Form.has_more & (Form.names.length() > 0), rx.el.p(t("… and more."), class_name="quiet")),
        rx.foreach(Form.problems, lambda problem: notice(t_message(problem))),
        rx.el.div(
            button(t("Back"), on_click=Form.back),
            button(t("Add and read now"), weight="primary", on_click=Form.keep, data_testid="source-keep"),
            class_name="dialog-acts",
        ),
    )

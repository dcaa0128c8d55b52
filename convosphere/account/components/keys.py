"""One's keys for programs."""

import reflex as rx

from convosphere.account.state.keys_state import SCOPE_FIELD, KeysState
from convosphere.ui import t, t_message
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import form_section, text_field
from convosphere.ui.i18n import exact_time, format_date, tn
from convosphere.ui.once import once_dialog

_DAYS = (30, 90, 365)
_USUAL_DAYS = "90"


def keys_section() -> rx.Component:
    """All keys, and a dialog that makes another; nothing where one may have none."""
    return rx.cond(
        KeysState.choices.length() > 0,
        form_section(
            t("Keys for programs"),
            rx.el.ul(rx.foreach(KeysState.rows, lambda row: _row(row.to(dict))), class_name="account-rows"),
            rx.el.div(button(t("New key"), icon="key-round", on_click=KeysState.show(True), data_testid="key-new")),
            _dialog(),
            once_dialog(
                t("New key"),
                t("This is the only time that the key is shown. Keep it where nobody else reads it."),
                name="key-value",
                label=t("Key"),
                value=KeysState.value,
                on_taken=KeysState.forget_value,
            ),
            note=t("A program with a key acts in your name, and may do what the key and your role both allow."),
        ),
    )


def _row(row: rx.vars.ObjectVar) -> rx.Component:
    scopes = rx.foreach(row["scopes"].to(list[dict]), lambda scope: rx.el.span(t_message(scope["label"])))
    last_used = rx.cond(
        row["last_used"].to(str) != "",
        rx.el.span(t("Last used"), " ", exact_time(row["last_used"].to(str)), " · ", row["address"].to(str)),
        rx.el.span(t("Never used")),
    )
    ends = rx.cond(
        row["expires"].to(str) != "",
        rx.el.span(t("Works until {date}", date=format_date(row["expires"].to(str), "date"))),
        rx.el.span(t("Works until it is revoked")),
    )
    return rx.el.li(
        rx.icon("key-round", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.span(row["name"].to(str), rx.el.code(row["prefix"].to(str), "…"), class_name="account-row-name"),
            rx.el.span(scopes, class_name="account-row-facts"),
            rx.el.span(ends, last_used, class_name="account-row-facts"),
            class_name="account-row-text",
        ),
        confirm_dialog(
            t("Revoke this key?"),
            t("Programs that use “{name}” stop working at once.", name=row["name"].to(str)),
            confirm_label=t("Revoke"),
            on_confirm=KeysState.revoke(row["id"].to(str)),
            trigger=button(t("Revoke"), data_testid="key-revoke"),
            confirm_testid="key-revoke-confirm",
        ),
        class_name="account-row",
        data_testid="key-row",
    )


def _dialog() -> rx.Component:
    return dialog(t("New key"), _form(), open=KeysState.is_open, on_open_change=KeysState.show)


def _form() -> rx.Component:
    return rx.form(
        text_field(t("Name"), name="key_name", required=True, max_length=100, data_testid="key-name"),
        text_field(t("Works for"), name="days", control=_days()),
        rx.el.fieldset(
            rx.el.legend(t("May"), class_name="field-label"),
            rx.foreach(KeysState.choices, lambda choice: _scope(choice.to(dict))),
            class_name="key-scopes",
        ),
        rx.el.p(t_message(KeysState.error), class_name="field-error", role="alert"),
        button(t("Create key"), weight="primary", type="submit", data_testid="key-create"),
        on_submit=KeysState.create,
        class_name="form-column",
    )


def _scope(choice: rx.vars.ObjectVar) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=rx.Var.create(SCOPE_FIELD) + choice["scope"].to(str),
            custom_attrs={"data-testid": "key-scope", "data-scope": choice["scope"].to(str)},
        ),
        t_message(choice["label"]),
        class_name="check-line",
    )


def _days() -> rx.Component:
    options = [rx.el.option(tn("{count} day", "{count} days", days), value=str(days)) for days in _DAYS]
    return rx.el.select(
        *options,
        rx.el.option(t("Until it is revoked"), value=""),
        id="days",
        name="days",
        default_value=_USUAL_DAYS,
        class_name="select",
        data_testid="key-days",
    )

"""Where one is signed in, and signing out there."""

import reflex as rx

from convosphere.account.state.devices_state import DevicesState
from convosphere.ui import t
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.fields import form_section
from convosphere.ui.i18n import exact_time


def devices_section() -> rx.Component:
    """Every browser with a button that ends its session, and one for all others."""
    return form_section(
        t("Devices"),
        rx.el.ul(rx.foreach(DevicesState.rows, lambda row: _row(row.to(dict))), class_name="account-rows"),
        rx.cond(DevicesState.rows.length() > 1, _end_others()),
        note=t("Browsers in which you are signed in. End what you do not know, and change your password then."),
    )


def _row(row: rx.vars.ObjectVar) -> rx.Component:
    return rx.el.li(
        rx.icon("monitor", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.span(
                row["device"].to(str),
                rx.cond(row["is_this"].to(bool), rx.badge(t("This device"), color_scheme="indigo"), rx.fragment()),
                class_name="account-row-name",
            ),
            rx.el.span(
                rx.el.span(row["address"].to(str)),
                rx.el.span(t("Signed in"), " ", exact_time(row["signed_in"].to(str))),
                rx.el.span(t("Last seen"), " ", exact_time(row["last_seen"].to(str))),
                class_name="account-row-facts",
            ),
            class_name="account-row-text",
        ),
        rx.cond(
            row["is_this"].to(bool),
            rx.fragment(),
            button(
                t("Sign out"),
                on_click=DevicesState.end(row["id"].to(str)),
                data_testid="session-end",
                custom_attrs={"aria-label": t("Sign out: {device}", device=row["device"].to(str))},
            ),
        ),
        class_name="account-row",
        data_testid="session-row",
        custom_attrs={"data-this": rx.cond(row["is_this"].to(bool), "true", "false")},
    )


def _end_others() -> rx.Component:
    return rx.el.div(
        confirm_dialog(
            t("Sign out everywhere else?"),
            t("All other browsers are signed out at once. What is not sent there may be lost."),
            confirm_label=t("Sign out everywhere else"),
            on_confirm=DevicesState.end_others,
            trigger=button(t("Sign out everywhere else"), icon="log-out", data_testid="sessions-end-all"),
            confirm_testid="sessions-end-all-confirm",
        )
    )

"""Which mails one wants."""

import reflex as rx

from convosphere.account.state.mails_state import MailsState
from convosphere.ui import t, t_message
from convosphere.ui.feedback import notice
from convosphere.ui.fields import form_section


def mails_section() -> rx.Component:
    """Every kind of mail with a switch; those about security cannot be switched off."""
    return form_section(
        t("E-mail"),
        rx.cond(
            MailsState.is_mail_possible,
            rx.fragment(),
            notice(
                t("This installation sends no mail. What you choose here holds once it does."),
                class_name="notice mail-kinds",
                data_testid="no-mail",
            ),
        ),
        rx.el.div(rx.foreach(MailsState.rows, lambda row: _row(row.to(dict))), class_name="mail-kinds"),
        note=t("Mails about the security of your account cannot be switched off."),
    )


def _row(row: rx.vars.ObjectVar) -> rx.Component:
    key = row["key"].to(str)
    return rx.el.label(
        rx.el.span(t_message(row["label"])),
        rx.cond(
            row["is_security"].to(bool),
            rx.el.span(t("Always"), class_name="quiet"),
            rx.switch(
                checked=row["is_wanted"].to(bool),
                on_change=lambda is_wanted: MailsState.want(key, is_wanted),
                data_testid="mail-kind",
                custom_attrs={"data-kind": key},
            ),
        ),
        class_name="mail-kind",
    )

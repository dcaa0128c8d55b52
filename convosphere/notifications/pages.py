"""The page that the last link of a mail with news leads to."""

import reflex as rx

from convosphere.identity.components.entry import entry_page
from convosphere.ui import t


def unsubscribe_page() -> rx.Component:
    """Ends mails with news; the address of the page carries the token of the mail."""
    return entry_page(
        t("No more mails"),
        rx.el.p(t("One click, and you get no more mails with news from ConvoSphere."), class_name="quiet"),
        action="/auth/unsubscribe",
        area="unsubscribe",
        submit=t("End these mails"),
    )
